// All memories in one SVG file, one below the other, for documents and web pages.

extension Picture {
  /// The whole file.
  public func svg() -> String {
    var body = ""
    var y = 34.0
    var width = 320.0
    for memory in report.memories {
      let drawing = Drawing(memory, changes: labels(memory))
      body += "<text class=\"head\" x=\"14\" y=\"\(Words.tenths(y + 14))\">"
      body += Words.escaped(Words.shortened(memory.name, to: 48)) + "</text>"
      body += "<text class=\"sub\" x=\"14\" y=\"\(Words.tenths(y + 32))\">"
      body += Words.escaped(Words.shortened(Self.facts(memory), to: 88)) + "</text>\n"
      body += drawing.svg(x: 10, y: y + 38)
      y += 38 + drawing.height + 16
      width = max(width, drawing.width + 20, 540)
    }
    let size = "\(Words.tenths(width)) \(Words.tenths(y))"
    var text = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(size)\" "
    text += "width=\"\(Words.tenths(width))\" height=\"\(Words.tenths(y))\">\n"
    text += "<title>\(Words.escaped(report.title))</title>\n<style>\n"
    text += Style.text(Style.colours) + Style.text(Style.drawing)
    text += "</style>\n<rect width=\"100%\" height=\"100%\" fill=\"var(--card)\"/>\n"
    text += "<text class=\"head\" x=\"14\" y=\"24\">"
    text += Words.escaped(Words.shortened(report.title, to: 60)) + "</text>\n"
    return text + body + "</svg>\n"
  }
}
