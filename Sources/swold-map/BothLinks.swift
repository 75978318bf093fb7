// --check of import and export: links objects with GNU ld and the script, and with swold and the map, and
// compares what comes out.

import Glibc
import ScriptImport

struct BothLinks {
  private let check: CheckArguments
  private let search: [String]

  init(_ check: CheckArguments, directories: [String]) {
    self.check = check
    search = directories.map { "-L\($0)" }
  }

  /// The differences between a script and the map that was made of it, a line each.
  func differences(script: String, importedAs imported: ImportedMap) throws -> [String] {
    try inFolder(of: "layout.smap", imported.text) { folder, map in
      let (gnu, own, padding) = try link(folder, script: script, ["--section-map", map])
      let lines = gnu.differences(from: own, padding: padding)
      // The built-in map provides what nobody asks for to nobody.
      return imported.text.contains("extends default;")
        ? lines.filter { !$0.hasSuffix("none with the map") } : lines
    }
  }

  /// The differences between a map and the script that was made of it, a line each.
  func differences(
    maps: [String], parameters: [String], exportedAs text: String
  ) throws -> [String] {
    try inFolder(of: "script.ld", text) { folder, script in
      let (gnu, own, padding) = try link(
        folder, script: script,
        maps.flatMap { ["--section-map", $0] } + parameters.map { "--map-set=\($0)" })
      let lines = gnu.differences(from: own, padding: padding)
      // Symbols that only the script needs are in its report.
      let helpers = ["__images_", "__rest_", "__group_"].map { "symbol \($0)" }
      let missing = own.symbols.keys.filter { gnu.symbols[$0] == nil }.sorted()
      return lines.filter { line in
        !(line.hasSuffix("none with the map") && helpers.contains { line.hasPrefix($0) })
          && !line.hasPrefix(".reserve_")
      } + missing.map { "symbol \($0): only with the map" }
    }
  }

  /// Calls `body` with a new folder, and the path of a file in it that holds `text`.
  private func inFolder(
    of name: String, _ text: String, _ body: (_ folder: String, _ file: String) throws -> [String]
  ) throws -> [String] {
    let parent =
      getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var template = Array("\(parent)/swold-map.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw FileFailure("cannot make a folder below \(parent): \(String(cString: strerror(errno)))")
    }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
      for name in ["gnu", "own", "gnu.map", name] { unlink("\(folder)/\(name)") }
      rmdir(folder)
    }
    let file = "\(folder)/\(name)"
    try Files.create(file, with: Array(text.utf8))
    return try body(folder, file)
  }

  /// Links the objects both ways. `padding`: what GNU ld filled.
  private func link(
    _ folder: String, script: String, _ map: [String]
  ) throws -> (gnu: LinkedImage, own: LinkedImage, padding: [Range<UInt64>]) {
    try Self.run(
      check.gnuLd,
      ["-T", script, "-Map", "\(folder)/gnu.map", "-o", "\(folder)/gnu"] + search + check.objects)
    try Self.run(
      check.swold ?? Files.neighbour("swold"),
      map + ["-o", "\(folder)/own"] + search + check.objects)
    guard let gnu = LinkedImage(try Files.read("\(folder)/gnu")),
      let own = LinkedImage(try Files.read("\(folder)/own"))
    else { throw FileFailure("a linker wrote something that is no ELF file") }
    return (gnu, own, Self.padding(try Files.read("\(folder)/gnu.map")))
  }

  /// The lines `*fill* ADDRESS SIZE` of a link map.
  private static func padding(_ map: [UInt8]) -> [Range<UInt64>] {
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
  private static func run(_ program: String, _ arguments: [String]) throws {
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
