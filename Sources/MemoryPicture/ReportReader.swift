// The report of an earlier link, from the HTML or JSON file that it left.

extension MemoryReport {
  /// The element of an HTML report that holds its JSON.
  static let dataElement = "<script type=\"application/json\" id=\"swold-memory-report\">"

  /// nil: the file is no report of this program.
  public init?(reading bytes: [UInt8]) {
    var data = bytes[...]
    let mark = Array(Self.dataElement.utf8)
    if let start = Self.offset(of: mark, in: bytes, from: 0) {
      let end = Self.offset(of: Array("</script>".utf8), in: bytes, from: start + mark.count)
      data = bytes[(start + mark.count)..<(end ?? bytes.count)]
    }
    guard let value = JSONValue(data), value["format"]?.text == "swold-memory-report",
      value["version"]?.unsigned == 1, let title = value["title"]?.text,
      let memories = value["memories"]?.items
    else { return nil }
    self.init(title: title, isLinked: value["linked"] == .bool(true))
    for item in memories {
      guard let memory = Memory(item) else { return nil }
      self.memories.append(memory)
    }
    notLoaded = (value["notLoaded"]?.items ?? []).compactMap { Share($0) }
  }

  private static func offset(of mark: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    guard let first = mark.first else { return nil }
    var at = start
    while at + mark.count <= bytes.count {
      guard let next = bytes[at...].firstIndex(of: first) else { return nil }
      if bytes[next...].starts(with: mark) { return next }
      at = next + 1
    }
    return nil
  }
}

extension Memory {
  fileprivate init?(_ value: JSONValue) {
    guard let name = value["name"]?.text, let start = value["start"]?.unsigned else { return nil }
    self.init(name: name, start: start, size: value["size"]?.unsigned)
    isSegment = value["kind"]?.text == "segment"
    used = value["used"]?.unsigned
    access = value["access"]?.text ?? ""
    remark = value["remark"]?.text ?? ""
    blocks = (value["blocks"]?.items ?? []).compactMap { MemoryBlock($0) }
    files = ShareList(value["files"])
    symbols = ShareList(value["symbols"])
  }
}

extension MemoryBlock {
  fileprivate init?(_ value: JSONValue) {
    guard let name = value["name"]?.text,
      let kind = value["kind"]?.text.flatMap({ Kind(rawValue: $0) })
    else { return nil }
    self.init(
      name: name, kind: kind, address: value["address"]?.unsigned, size: value["size"]?.unsigned)
    load = value["load"]?.unsigned
    remark = value["remark"]?.text ?? ""
    shares = ShareList(value["shares"])
  }
}

extension Share {
  fileprivate init?(_ value: JSONValue) {
    guard let name = value["name"]?.text, let size = value["size"]?.unsigned else { return nil }
    self.init(name, size, ShareList(value["parts"]))
  }
}

extension ShareList {
  fileprivate init(_ value: JSONValue?) {
    self.init((value?["largest"]?.items ?? []).compactMap { Share($0) })
    moreCount = value?["more"]?.unsigned.flatMap { Int(exactly: $0) } ?? 0
    moreSize = value?["moreSize"]?.unsigned ?? 0
  }
}
