// Links objects with GNU ld and the script, and with swold and the map, for `import --check`.

import Glibc
import ScriptImport

struct LinkBoth {
  /// A program, or its path.
  var gnuLinker: String
  var swold: String
  var script: String
  var directories: [String]
  var objects: [String]

  /// The differences, a line each.
  func differences(_ imported: ImportedMap) throws -> [String] {
    let parent =
      getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var template = Array("\(parent)/swold-map.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw FileFailure("cannot make a folder below \(parent): \(String(cString: strerror(errno)))")
    }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let names = ["gnu", "own", "gnu.map", "layout.smap"]
    defer {
      for name in names { unlink("\(folder)/\(name)") }
      rmdir(folder)
    }
    try Files.create("\(folder)/layout.smap", with: Array(imported.text.utf8))
    let own = ["--section-map", "\(folder)/layout.smap", "-o", "\(folder)/own"]
    let search = directories.map { "-L\($0)" }
    let gnu = ["-T", script, "-Map", "\(folder)/gnu.map", "-o", "\(folder)/gnu"]
    try Self.run(gnuLinker, gnu + search + objects)
    try Self.run(swold, own + search + objects)
    guard let first = LinkedImage(try Files.read("\(folder)/gnu")),
      let second = LinkedImage(try Files.read("\(folder)/own"))
    else { throw FileFailure("a linker wrote something that is no ELF file") }
    let lines = first.differences(
      from: second, padding: Self.padding(try Files.read("\(folder)/gnu.map")))
    // The built-in map provides what nobody asks for to nobody.
    return imported.text.contains("extends default;")
      ? lines.filter { !$0.hasSuffix("none with the map") } : lines
  }

  /// The lines `*fill* ADDRESS SIZE` of a link map.
  static func padding(_ map: [UInt8]) -> [Range<UInt64>] {
    var ranges: [Range<UInt64>] = []
    for line in map.split(separator: 0x0a) {
      let words = line.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
      guard words.count >= 3, words[0] == "*fill*",
        let start = UInt64(words[1].dropFirst(2), radix: 16),
        let size = UInt64(words[2].dropFirst(2), radix: 16), size <= .max - start
      else { continue }
      ranges.append(start..<(start + size))
    }
    return ranges
  }

  /// Runs a program with our standard error, and without standard output.
  static func run(_ program: String, _ arguments: [String]) throws {
    var vector: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
    vector.append(nil)
    defer { for word in vector { free(word) } }
    var child: pid_t = 0
    let result = posix_spawnp(&child, program, nil, nil, vector, environ)
    guard result == 0 else {
      throw FileFailure("cannot run '\(program)': \(String(cString: strerror(result)))")
    }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    guard status == 0 else {
      throw FileFailure("'\(program)' did not link the objects, so nothing was compared")
    }
  }
}
