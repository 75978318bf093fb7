// A report as one HTML file: no script, no font, no picture from elsewhere.
//
// On top how full each memory is. Then a card for each: the strip to scale, and beside it who takes the
// most, archives and objects first, which open to members, sections and symbols. The data stand at the
// end as JSON, which browsers do not show and a later report reads.

internal import Text

/// Pictures of a report.
public struct Picture {
  let report: MemoryReport
  let changes: Changes?

  /// `earlier`: what to compare with.
  public init(_ report: MemoryReport, earlier: MemoryReport? = nil) {
    self.report = report
    changes = earlier.map { Changes(from: $0, to: report) }
  }

  /// The whole file.
  public func html() -> String {
    var text = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
    text += "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
    text += "<title>\(Words.escaped(report.title)) – memory</title>\n<style>\n"
    text += Style.text(Style.colours) + Style.text(Style.drawing) + Style.text(Style.page)
    text += Style.backgrounds + "</style></head><body><main>\n"
    text += "<h1>\(Words.escaped(report.title))</h1>\n<p>\(subtitle)</p>\n"
    if report.isLinked { text += usage() }
    text += legend()
    if let changes { text += self.text(of: changes) }
    text += report.isLinked ? "" : "<div class=\"cards\">"
    for (index, memory) in report.memories.enumerated() { text += card(memory, index) }
    text += report.isLinked ? "" : "</div>"
    text += notLoaded()
    text += "</main>\n" + MemoryReport.dataElement + "\n" + report.json() + "</script>\n"
    return text + "</body></html>\n"
  }

  private var subtitle: String {
    let count = report.memories.count
    let areSegments = report.memories.allSatisfy(\.isSegment) && count > 0
    let things =
      count == 1
      ? (areSegments ? "1 segment" : "1 memory region")
      : "\(count) " + (areSegments ? "segments" : "memory regions")
    guard report.isLinked else { return things + " of the section map, before linking" }
    let total = report.memories.reduce(0 as UInt64) { $0 &+ ($1.used ?? 0) }
    return areSegments ? things + ", \(Words.amount(total)) in memory" : things
  }

  // MARK: How full

  private func usage() -> String {
    let largest = report.memories.map { $0.size ?? $0.used ?? 0 }.max() ?? 0
    var text = "<section class=\"card usage\" aria-label=\"Usage\">\n"
    for (index, memory) in report.memories.enumerated() {
      let used = memory.used ?? 0
      let whole = memory.size ?? largest
      text += "<div class=\"use\"><a href=\"#m\(index)\">\(Words.escaped(memory.name))</a>"
      text += "<span class=\"meter\">" + meter(memory, whole) + "</span><span class=\"number\">"
      if let size = memory.size {
        let reserved = memory.blocks.reduce(0 as UInt64) {
          $1.kind == .reserve ? $0 &+ ($1.size ?? 0) : $0
        }
        // A heap that takes the rest is no sign of want.
        let isFull = Double(used) > 0.95 * Double(size) && Double(reserved) < 0.05 * Double(size)
        text += "<b\(isFull ? " class=\"full\"" : "")>\(Words.percent(used, of: size))</b> &nbsp;"
        text += "\(Words.amount(used)) of \(Words.amount(size)), "
        text +=
          reserved > 0
          ? "\(Words.amount(reserved)) reserved" : "\(Words.amount(memory.free ?? 0)) free"
      } else {
        text += "<b>\(Words.amount(used))</b>"
      }
      text += "</span></div>\n"
    }
    return text + "</section>\n"
  }

  /// The kinds one behind the other, whatever their places.
  private func meter(_ memory: Memory, _ whole: UInt64) -> String {
    MemoryBlock.Kind.allCases.map { kind in
      let size = memory.blocks.reduce(0 as UInt64) { $1.kind == kind ? $0 &+ ($1.size ?? 0) : $0 }
      guard size > 0, whole > 0 else { return "" }
      let share = Words.tenths(min(100, Double(size) * 100 / Double(whole)))
      return "<i class=\"b-\(kind.rawValue)\" style=\"width:\(share)%\" "
        + "title=\"\(kind.title): \(Words.grouped(size)) bytes\"></i>"
    }.joined()
  }

  private func legend() -> String {
    let kinds = Set(report.memories.flatMap { $0.blocks.map(\.kind) })
    var text = "<div class=\"legend\">"
    for kind in MemoryBlock.Kind.allCases where kinds.contains(kind) {
      text += "<span><i class=\"b-\(kind.rawValue)\"></i>\(kind.title)</span>"
    }
    return text + "</div>\n"
  }

  // MARK: One memory

  private func card(_ memory: Memory, _ index: Int) -> String {
    var text =
      "<section class=\"card\" id=\"m\(index)\">\n<header><h2>\(Words.escaped(memory.name))</h2>"
    text += "<p>\(Words.escaped(Self.facts(memory)))</p></header>\n"
    let lists = self.lists(memory)
    text += lists.isEmpty ? "<div>" : "<div class=\"split\">"
    text += "<div>" + Drawing(memory, changes: labels(memory)).svg() + "</div>"
    if !lists.isEmpty { text += "<div class=\"lists\">" + lists + "</div>" }
    text += "</div>\n"
    let sections = memory.blocks.filter { !$0.shares.shares.isEmpty }
    if sections.count > 1 {
      text +=
        "<details class=\"all\"><summary><p>Every section of \(Words.escaped(memory.name))</p></summary>"
      text += "<div class=\"list\">"
      let whole = memory.blocks.reduce(0 as UInt64) { $0 &+ ($1.size ?? 0) }
      let shares = memory.blocks.map { Share($0.name, $0.size ?? 0, $0.shares) }
        .sorted { ($0.size, $1.name) > ($1.size, $0.name) }
      text += rows(ShareList(shares), of: whole, counts: [40, 8, 4, 3, 2]) + "</div></details>"
    }
    return text + "</section>\n"
  }

  static func facts(_ memory: Memory) -> String {
    var facts = [hexadecimal(memory.start)]
    if let size = memory.size {
      let (end, overflow) = memory.start.addingReportingOverflow(size)
      facts[0] += "–" + hexadecimal(overflow ? .max : end)
      facts.append(Words.amount(size))
    }
    if !memory.access.isEmpty { facts.append(memory.access) }
    if let used = memory.used { facts.append("\(Words.amount(used)) used") }
    if let free = memory.free { facts.append("\(Words.amount(free)) free") }
    if !memory.remark.isEmpty { facts.append(memory.remark) }
    return facts.joined(separator: " · ")
  }

  private func lists(_ memory: Memory) -> String {
    let whole = memory.used ?? 0
    var text = ""
    if !memory.files.shares.isEmpty {
      text +=
        "<div><h3>What takes the room: archives and objects, of \(Words.amount(whole)) used</h3><div class=\"list\">"
      text += rows(memory.files, of: whole, counts: [12, 10, 6, 4]) + "</div></div>"
    }
    if !memory.symbols.shares.isEmpty {
      text += "<div><h3>The largest symbols</h3><div class=\"list\">"
      text += rows(memory.symbols, of: whole, counts: [12]) + "</div></div>"
    }
    return text
  }

  /// `counts`: how many to show on each level.
  private func rows(_ list: ShareList, of whole: UInt64, counts: ArraySlice<Int>) -> String {
    guard let count = counts.first else { return "" }
    let shown = list.first(count)
    let largest = shown.shares.first?.size ?? 0
    var text = ""
    for share in shown.shares {
      let width = largest > 0 ? Words.tenths(Double(share.size) * 100 / Double(largest)) : "0"
      var row = "<div class=\"row\" style=\"--w:\(width)%\">"
      let words = Words.shortened(label(share.name, in: shown), to: 90)
      row += words == share.name ? "<span>" : "<span title=\"\(Words.escaped(share.name))\">"
      row += Words.escaped(words) + "</span>"
      row += "<span class=\"number\" title=\"\(Words.grouped(share.size)) bytes\">"
      row += Words.amount(share.size) + "</span>"
      row += "<span class=\"number\">\(Words.percent(share.size, of: whole))</span></div>"
      let parts = rows(share.parts, of: whole, counts: counts.dropFirst())
      // What only repeats the line above says nothing.
      let isRepeated =
        share.parts.shares.count == 1 && share.parts.moreCount == 0
        && share.parts.shares[0].name == share.name
      text +=
        parts.isEmpty || isRepeated
        ? row
        : "<details><summary>\(row)</summary><div class=\"list\">\(parts)</div></details>"
    }
    if shown.moreCount > 0 {
      text += "<div class=\"more\">and \(Words.grouped(UInt64(shown.moreCount))) more, "
      text += "\(Words.amount(shown.moreSize))</div>"
    }
    return text
  }

  /// Of a path the last part, or so many that no other in the list ends so.
  private func label(_ name: String, in list: ShareList) -> String {
    guard name.contains("/"), !name.contains("(") else { return name }  // not `operator/(…)`
    for parts in 1...3 {
      let label = Words.tail(of: name, parts: parts)
      if !list.shares.contains(where: {
        $0.name != name && Words.tail(of: $0.name, parts: parts) == label
      }) {
        return label
      }
    }
    return name
  }

  private func rows(_ list: ShareList, of whole: UInt64, counts: [Int]) -> String {
    rows(list, of: whole, counts: counts[...])
  }

  private func notLoaded() -> String {
    guard !report.notLoaded.isEmpty else { return "" }
    let whole = report.notLoaded.reduce(0 as UInt64) { $0 &+ $1.size }
    var text = "<section class=\"card\"><header><h2>Not loaded</h2><p>in the file only · "
    text += "\(Words.amount(whole))</p></header><div class=\"list\">"
    return text + rows(ShareList(report.notLoaded), of: whole, counts: [12]) + "</div></section>\n"
  }
}
