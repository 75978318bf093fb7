// A set of names with a small value each, for look-ups by the million.
//
// Numbered by XXH3 hashes, which the linker has at hand for every symbol anyway; a `Dictionary` of
// strings would hash again, allocate per key and be several times slower. The names lie one behind the
// other in one array. Built by one thread, then read by any number.

internal import CXXHash
internal import ELF
internal import Glibc

struct ExactNameTable: Sendable {
  private struct Entry: Sendable {
    var start: Int
    var length: Int
    var value: Int32
  }

  private var names: [UInt8] = []
  private var entries: [Entry] = []
  private var numbers: HashNumbering

  /// An empty table with room for `capacity` names.
  init(capacity: Int = 0) { numbers = HashNumbering(capacity: capacity) }

  var count: Int { entries.count }
  var isEmpty: Bool { entries.isEmpty }

  /// The hash under which names are filed: XXH3, 64 bits.
  static func hash(_ name: ByteView) -> UInt64 {
    swold_xxh3_64(name.buffer.baseAddress, name.count)
  }

  /// The value of `name`, whose hash is `hash`; nil if it is not in the table.
  func value(of name: ByteView, hash: UInt64) -> Int32? {
    guard !isEmpty else { return nil }
    return numbers.find(hash) { holds($0, name) }.map { entries[$0].value }
  }

  /// Adds `name` with a value that is not negative. If it is there already nothing changes, and the
  /// answer is its value.
  mutating func insert(_ name: ByteView, value: Int32) -> Int32? {
    let hash = Self.hash(name)
    if let known = self.value(of: name, hash: hash) { return known }
    numbers.add(hash)
    entries.append(Entry(start: names.count, length: name.count, value: value))
    names += name.buffer
    return nil
  }

  mutating func insert(_ name: [UInt8], value: Int32) -> Int32? {
    name.withUnsafeBytes { insert(ByteView($0), value: value) }
  }

  mutating func insert(_ name: String, value: Int32) -> Int32? {
    Self.withBytes(of: name) { insert($0, value: value) }
  }

  /// The value of `name`; nil if it is not in the table.
  func value(of name: String) -> Int32? {
    Self.withBytes(of: name) { value(of: $0, hash: Self.hash($0)) }
  }

  private static func withBytes<Result>(of name: String, _ body: (ByteView) -> Result) -> Result {
    var name = name
    return name.withUTF8 { text in
      body(text.baseAddress.map { ByteView($0, count: text.count) } ?? ByteView())
    }
  }

  private func holds(_ number: Int, _ name: ByteView) -> Bool {
    let entry = entries[number]
    guard entry.length == name.count else { return false }
    guard name.count > 0 else { return true }
    return names.withUnsafeBytes { bytes in
      guard let own = bytes.baseAddress, let other = name.buffer.baseAddress else { return false }
      return memcmp(own + entry.start, other, name.count) == 0
    }
  }
}
