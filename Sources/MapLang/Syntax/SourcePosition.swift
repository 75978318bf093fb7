// Where something stands in the text of a map.
//
// A position is eight bytes: a file, an offset and a length. Line and column are needed only when a
// message is printed, so they are computed then, from the text that `SourceSet` keeps. A link that
// goes well never counts a line.

/// A stretch of the text of one map file.
public struct SourcePosition: Sendable, Hashable {
  /// Index into `SourceSet.files`.
  public var file: UInt16
  /// How many bytes the stretch covers, at most 65535.
  public var length: UInt16
  /// Offset of the first byte from the start of the file.
  public var offset: UInt32

  public init(file: UInt16, offset: UInt32, length: UInt16) {
    self.file = file
    self.length = length
    self.offset = offset
  }
}

/// One text that took part in a map: a file, an included file, or the built-in map.
public struct SourceFile: Sendable {
  /// The name that messages show; a path as the user wrote it, or `<built-in>`.
  public var name: String
  /// The text, UTF-8; offsets of positions count in it.
  public var bytes: [UInt8]
  /// Whether this is the text that the linker brings along.
  public var isBuiltIn: Bool

  public init(name: String, bytes: [UInt8], isBuiltIn: Bool = false) {
    self.name = name
    self.bytes = bytes
    self.isBuiltIn = isBuiltIn
  }
}

/// Every text of a map, in the order in which they were read.
public struct SourceSet: Sendable {
  /// Indexed by `SourcePosition.file`.
  public internal(set) var files: [SourceFile] = []

  public init() {}

  /// File name, line and column (both from 1; the column counts bytes) of a position.
  public func location(of position: SourcePosition) -> (file: String, line: Int, column: Int) {
    guard Int(position.file) < files.count else { return ("<unknown>", 0, 0) }
    let file = files[Int(position.file)]
    var line = 1
    var lineStart = 0
    for index in 0..<min(Int(position.offset), file.bytes.count) where file.bytes[index] == 0x0a {
      line += 1
      lineStart = index + 1
    }
    return (file.name, line, Int(position.offset) - lineStart + 1)
  }

  /// `layout.smap:14:25`, as it stands at the head of messages.
  public func describe(_ position: SourcePosition) -> String {
    let place = location(of: position)
    return "\(place.file):\(place.line):\(place.column)"
  }

  /// The words of the map at a position, as the user wrote them.
  public func text(at position: SourcePosition) -> String {
    guard Int(position.file) < files.count else { return "" }
    let bytes = files[Int(position.file)].bytes
    let start = min(Int(position.offset), bytes.count)
    return String(
      decoding: bytes[start..<min(start + Int(position.length), bytes.count)], as: UTF8.self)
  }

  /// The line that holds the first byte of a position, without its line feed.
  public func line(of position: SourcePosition) -> String {
    guard Int(position.file) < files.count else { return "" }
    let bytes = files[Int(position.file)].bytes
    var start = min(Int(position.offset), bytes.count)
    var end = start
    while start > 0 && bytes[start - 1] != 0x0a { start -= 1 }
    while end < bytes.count && bytes[end] != 0x0a { end += 1 }
    if end > start && bytes[end - 1] == 0x0d { end -= 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
}
