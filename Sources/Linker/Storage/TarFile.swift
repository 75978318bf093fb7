// Writes archives for tar (POSIX.1-2017, XCU "pax", the ustar and pax formats).

internal import ELF
internal import Glibc

struct TarFile: ~Copyable {
  struct Failure: Error {
    let reason: String
  }

  private let descriptor: Int32

  init(path: String) throws(Failure) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Failure(reason: String(cString: strerror(errno))) }
  }

  deinit { _ = Glibc.close(descriptor) }

  private static var blockSize: Int { 512 }

  /// Adds a file. Times and owners are 0, so equal contents make equal archives.
  func add(_ name: String, _ contents: ByteView) throws(Failure) {
    try begin(name, contents.count)
    try write(contents.buffer)
    try write(TarFile.padding(contents.count))
  }

  func add(_ name: String, _ text: String) throws(Failure) {
    let bytes = Array(text.utf8)
    try begin(name, bytes.count)
    try write(bytes + TarFile.padding(bytes.count))
  }

  private func begin(_ name: String, _ size: Int) throws(Failure) {
    let path = Array(name.utf8)
    // What a header has no room for stands in a record of its own in front of it.
    if path.count > 100 || size >= 1 << 33 {
      let records = TarFile.record("path", path) + TarFile.record("size", Array("\(size)".utf8))
      try write(TarFile.header(Array("PaxHeader".utf8), records.count, type: UInt8(ascii: "x")))
      try write(records + TarFile.padding(records.count))
    }
    let shown = Array(path.suffix(100))
    try write(TarFile.header(shown, min(size, 1 << 33 - 1), type: UInt8(ascii: "0")))
  }

  /// What fills the last block of so many bytes.
  private static func padding(_ count: Int) -> [UInt8] {
    [UInt8](repeating: 0, count: -count & (blockSize - 1))
  }

  /// Adds a folder, which those of its files would make as well.
  func add(folder name: String) throws(Failure) {
    let path = Array(name.utf8) + [UInt8(ascii: "/")]
    if path.count <= 100 { try write(TarFile.header(path, 0, type: UInt8(ascii: "5"))) }
  }

  /// Ends the archive.
  func finish() throws(Failure) {
    try write([UInt8](repeating: 0, count: 2 * TarFile.blockSize))
  }

  /// `LENGTH key=value\n`, where the length counts itself.
  private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
    let rest = Array(" \(key)=".utf8) + value + [0x0a]
    var length = rest.count + 1
    while length != rest.count + "\(length)".utf8.count { length += 1 }
    return Array("\(length)".utf8) + rest
  }

  private static func header(_ name: [UInt8], _ size: Int, type: UInt8) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: blockSize)
    func put(_ bytes: [UInt8], _ offset: Int) {
      for (index, byte) in bytes.enumerated() { block[offset + index] = byte }
    }
    func put(octal value: Int, _ offset: Int, digits: Int) {
      let text = String(value, radix: 8)
      put(Array((String(repeating: "0", count: digits - text.utf8.count) + text).utf8), offset)
    }
    put(name, 0)
    put(octal: type == UInt8(ascii: "5") ? 0o755 : 0o644, 100, digits: 7)
    put(octal: 0, 108, digits: 7)
    put(octal: 0, 116, digits: 7)
    put(octal: size, 124, digits: 11)
    put(octal: 0, 136, digits: 11)
    block[156] = type
    put(Array("ustar\0".utf8) + Array("00".utf8), 257)
    // The sum counts its own field as blanks.
    put([UInt8](repeating: 0x20, count: 8), 148)
    put(octal: block.reduce(0) { $0 + Int($1) }, 148, digits: 6)
    block[154] = 0
    return block
  }

  private func write(_ bytes: [UInt8]) throws(Failure) {
    let code = bytes.withUnsafeBytes { store($0) }
    if code != 0 { throw Failure(reason: String(cString: strerror(code))) }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    let code = store(bytes)
    if code != 0 { throw Failure(reason: String(cString: strerror(code))) }
  }

  /// 0, or why not.
  private func store(_ bytes: UnsafeRawBufferPointer) -> Int32 {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return errno }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    return 0
  }
}
