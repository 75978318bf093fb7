// One memory as SVG: addresses, the strip, and beside each bar what it is.
//
// Letters are of one width (`monospace`), so that what a text takes is known without a browser and
// nothing is written over anything else. Colours are names of the style sheet (Style.swift).

internal import Text

struct Drawing {
  let memory: Memory
  private let rows: Rows
  /// Changes since an earlier report, by the name of the block.
  private let changes: [String: String]
  private var body = ""
  private(set) var width = 0.0
  private(set) var height = 0.0

  private static let letter = 7.25
  private static let smallLetter = 6.65
  private static let stripWidth = 84.0
  private static let nameLetters = 23

  init(_ memory: Memory, changes: [String: String] = [:]) {
    self.memory = memory
    self.changes = changes
    rows = Rows(memory)
    draw()
  }

  /// An element that scales to the width there is.
  func svg() -> String {
    let size = "\(Words.tenths(width)) \(Words.tenths(height))"
    return
      "<svg class=\"strip\" viewBox=\"0 0 \(size)\" style=\"max-width:\(Int(width))px\" role=\"img\""
      + " aria-label=\"\(Words.escaped("map of \(memory.name)"))\">\(body)</svg>\n"
  }

  /// The same, at a place of a larger picture.
  func svg(x: Double, y: Double) -> String {
    "<svg x=\"\(Words.tenths(x))\" y=\"\(Words.tenths(y))\" width=\"\(Words.tenths(width))\" "
      + "height=\"\(Words.tenths(height))\">\(body)</svg>\n"
  }

  // MARK: Parts

  private mutating func draw() {
    let top = 10.0
    let ticks = self.ticks()
    let addressWidth = Double(ticks.map { $0.text.count }.max() ?? 0) * Self.smallLetter + 6
    let (overviewWidth, overview) = self.overview(x: addressWidth + 4, top: top)
    let stripX = addressWidth + 4 + overviewWidth
    for tick in ticks {
      text(tick.text, x: addressWidth - 2, y: top + tick.y + 3.5, "address end")
      line(addressWidth, top + tick.y, stripX, top + tick.y, "tick")
    }
    body += overview
    for stretch in rows.stretches where stretch.isFree { free(stretch, x: stripX, top: top) }
    for row in rows.rows { bar(row, x: stripX, top: top) }
    let bottom = labels(x: stripX + Self.stripWidth, top: top)
    width = stripX + Self.stripWidth + 24 + Double(Self.nameLetters) * Self.letter + 146
    height = max(bottom, top + rows.height) + 10
  }

  private func ticks() -> [(y: Double, text: String)] {
    var wanted: [(y: Double, address: UInt64)] = []
    if rows.stretches.isEmpty {
      wanted.append((0, memory.start))
      for row in rows.rows { if let address = row.address { wanted.append((row.y, address)) } }
      if let size = memory.size { wanted.append((rows.height, memory.start &+ size)) }
    } else {
      for stretch in rows.stretches {
        wanted.append((stretch.y, stretch.start))
        wanted.append((stretch.y + stretch.height, stretch.end))
      }
      for row in rows.rows { if let address = row.address { wanted.append((row.y, address)) } }
    }
    // The ends first, then whatever has room.
    let last = wanted.map(\.y).max() ?? 0
    var chosen: [(y: Double, address: UInt64)] = []
    let ends = wanted.filter { $0.y == 0 || $0.y == last }
    for one in ends + wanted where !chosen.contains(where: { abs($0.y - one.y) < 12 }) {
      chosen.append(one)
    }
    return chosen.sorted { $0.y < $1.y }.map { ($0.y, hexadecimal($0.address)) }
  }

  /// The whole memory to scale, where the strip shows the free room smaller than it is.
  private func overview(x: Double, top: Double) -> (width: Double, svg: String) {
    guard let size = memory.size, size > 0, rows.stretches.contains(where: \.isBroken),
      rows.stretches.contains(where: { !$0.isFree })
    else { return (0, "") }
    var svg = "<g><title>\(Words.escaped("all of \(memory.name), to scale"))</title>"
    svg += rect(x, top, 12, rows.height, "frame")
    for stretch in rows.stretches where !stretch.isFree {
      let y = rows.height * Double(stretch.start - memory.start) / Double(size)
      let own = max(rows.height * Double(stretch.size) / Double(size), 1)
      svg += rect(x, top + min(y, rows.height - 1), 12, min(own, rows.height), "taken")
      let points = [
        (x + 12, top + y), (x + 30, top + stretch.y),
        (x + 30, top + stretch.y + stretch.height), (x + 12, top + min(y + own, rows.height)),
      ]
      let list = points.map { "\(Words.tenths($0.0)),\(Words.tenths($0.1))" }
      svg += "<polygon class=\"lens\" points=\"\(list.joined(separator: " "))\"/>"
    }
    return (30, svg + "</g>")
  }

  private mutating func free(_ stretch: Stretch, x: Double, top: Double) {
    guard stretch.height >= 0.5 else { return }
    let title = "\(Words.grouped(stretch.size)) bytes free from \(hexadecimal(stretch.start))"
    body += "<g><title>\(title)</title>"
    body += rect(x, top + stretch.y, Self.stripWidth, stretch.height, "free")
    if stretch.isBroken {
      let middle = top + stretch.y + stretch.height / 2
      for offset in [-3.0, 3.0] {
        let points = (0...6).map { step in
          "\(Words.tenths(x + Double(step) * Self.stripWidth / 6)),"
            + Words.tenths(middle + offset + (step % 2 == 0 ? 3 : -3))
        }
        body += "<polyline class=\"break\" points=\"\(points.joined(separator: " "))\"/>"
      }
    }
    body += "</g>"
  }

  private mutating func bar(_ row: Row, x: Double, top: Double) {
    let own = Self.stripWidth / Double(row.lanes)
    let left = x + own * Double(row.lane)
    body += "<g><title>\(Words.escaped(row.title))</title>"
    let style = "bar \(row.kind.rawValue)" + (row.isOpen ? " open" : "")
    body += rect(left, top + row.y, own, row.height, style) + "</g>"
  }

  private struct Label {
    var middle: Double
    var height: Double
    var name: String
    var size: String
    var share: String
    var small: String
    var isFree = false
  }

  /// Returns where they end.
  private mutating func labels(x: Double, top: Double) -> Double {
    var labels: [Label] = rows.rows.map { row in
      let change = changes[row.name] ?? ""
      let small =
        row.remark.isEmpty || change.isEmpty ? row.remark + change : change + ", " + row.remark
      return Label(
        middle: row.y + row.height / 2, height: small.isEmpty ? 16 : 29, name: row.name,
        size: row.size.map { Words.amount($0) } ?? "",
        share: row.size.flatMap { size in memory.size.map { Words.percent(size, of: $0) } } ?? "",
        small: small)
    }
    for stretch in rows.stretches
    where stretch.isFree && (stretch.isBroken || stretch.height >= 8) {
      let isRest = memory.size != nil
      labels.append(
        Label(
          middle: stretch.y + stretch.height / 2, height: 16, name: isRest ? "free" : "gap",
          size: Words.amount(stretch.size),
          share: memory.size.map { Words.percent(stretch.size, of: $0) } ?? "", small: "",
          isFree: true))
    }
    labels.sort { $0.middle < $1.middle }
    let tops = LabelSpread.tops(wanted: labels.map(\.middle), heights: labels.map(\.height))
    let nameX = x + 24
    let sizeX = nameX + Double(Self.nameLetters) * Self.letter + 82
    for (label, at) in zip(labels, tops) {
      let line = top + at + 12
      let style = label.isFree ? "faint " : ""
      let points = [(x + 1, top + label.middle), (x + 14, top + at + 8), (x + 20, top + at + 8)]
      let list = points.map { "\(Words.tenths($0.0)),\(Words.tenths($0.1))" }
      body += "<polyline class=\"leader\" points=\"\(list.joined(separator: " "))\"/>"
      text(Words.shortened(label.name, to: Self.nameLetters), x: nameX, y: line, style + "name")
      text(label.size, x: sizeX, y: line, style + "size end")
      text(label.share, x: sizeX + 60, y: line, style + "size end")
      if !label.small.isEmpty {
        text(Words.shortened(label.small, to: 44), x: nameX, y: line + 12.5, "small")
      }
    }
    return zip(labels, tops).map { top + $1 + $0.height }.max() ?? top
  }

  // MARK: Elements

  private func rect(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String)
    -> String
  {
    "<rect class=\"\(style)\" x=\"\(Words.tenths(x))\" y=\"\(Words.tenths(y))\" "
      + "width=\"\(Words.tenths(width))\" height=\"\(Words.tenths(max(height, 0)))\"/>"
  }

  private mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String
  ) {
    body += "<line class=\"\(style)\" x1=\"\(Words.tenths(x1))\" y1=\"\(Words.tenths(y1))\" "
    body += "x2=\"\(Words.tenths(x2))\" y2=\"\(Words.tenths(y2))\"/>"
  }

  private mutating func text(_ words: String, x: Double, y: Double, _ style: String) {
    guard !words.isEmpty else { return }
    body += "<text class=\"\(style)\" x=\"\(Words.tenths(x))\" y=\"\(Words.tenths(y))\">"
    body += Words.escaped(words) + "</text>"
  }
}
