// A report as JSON: for dashboards, and in each HTML report for the next one.
//
// Sizes are numbers; addresses are strings in hexadecimal, because readers in many languages keep
// numbers as floating point and would lose their last digits. `<` is escaped in strings, so that the text
// may stand in an HTML file.

internal import Text

extension MemoryReport {
  /// The whole report, one memory and one block a line.
  public func json() -> String {
    var text = "{\"format\": \"swold-memory-report\", \"version\": 1, \"title\": "
    text += JSONText.quoted(title) + ", \"linked\": \(isLinked),\n\"memories\": ["
    text += memories.map { "\n" + JSONText.object($0) }.joined(separator: ",")
    text += "],\n\"notLoaded\": [" + notLoaded.map { JSONText.object($0) }.joined(separator: ", ")
    return text + "]}\n"
  }
}

private enum JSONText {
  static func object(_ memory: Memory) -> String {
    var text = "{\"name\": \(quoted(memory.name)), "
    text += "\"kind\": \(memory.isSegment ? "\"segment\"" : "\"region\""), "
    text += "\"start\": \(address(memory.start)), \"size\": \(number(memory.size)), "
    text += "\"used\": \(number(memory.used)), \"free\": \(number(memory.free))"
    if !memory.access.isEmpty { text += ", \"access\": \(quoted(memory.access))" }
    if !memory.remark.isEmpty { text += ", \"remark\": \(quoted(memory.remark))" }
    text += ",\n \"blocks\": [" + memory.blocks.map { "\n  " + object($0) }.joined(separator: ",")
    text += "],\n \"files\": \(list(memory.files)),\n \"symbols\": \(list(memory.symbols))}"
    return text
  }

  static func object(_ block: MemoryBlock) -> String {
    var text = "{\"name\": \(quoted(block.name)), \"kind\": \"\(block.kind.rawValue)\", "
    text += "\"address\": \(block.address.map(address) ?? "null"), \"size\": \(number(block.size))"
    if let load = block.load { text += ", \"load\": \(address(load))" }
    if !block.remark.isEmpty { text += ", \"remark\": \(quoted(block.remark))" }
    if block.shares != ShareList() { text += ", \"shares\": \(list(block.shares))" }
    return text + "}"
  }

  static func object(_ share: Share) -> String {
    let parts = share.parts == ShareList() ? "" : ", \"parts\": " + list(share.parts)
    return "{\"name\": \(quoted(share.name)), \"size\": \(share.size)\(parts)}"
  }

  static func list(_ list: ShareList) -> String {
    "{\"largest\": [" + list.shares.map { object($0) }.joined(separator: ", ")
      + "], \"more\": \(list.moreCount), \"moreSize\": \(list.moreSize)}"
  }

  static func number(_ number: UInt64?) -> String { number.map { String($0) } ?? "null" }

  static func address(_ number: UInt64) -> String { "\"0x" + String(number, radix: 16) + "\"" }

  /// Reports stand in their pages as JSON.
  static func quoted(_ text: String) -> String { quotedJSON(text, inMarkup: true) }
}
