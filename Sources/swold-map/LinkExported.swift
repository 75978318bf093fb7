// Links objects with swold and a map, and with GNU ld and the script that was made of it, for
// `export --check`.

import Glibc

struct LinkExported {
  var script: String
  var maps: [String]
  var parameters: [String]
  var directories: [String]
  var check: CheckArguments

  /// The differences, a line each.
  func differences() throws -> [String] {
    var template = Array("/tmp/swold-map.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw FileFailure("cannot make a folder below /tmp: \(String(cString: strerror(errno)))")
    }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
      for name in ["gnu", "own", "gnu.map", "script.ld"] { unlink("\(folder)/\(name)") }
      rmdir(folder)
    }
    try Files.create("\(folder)/script.ld", with: Array(script.utf8))
    let search = directories.map { "-L\($0)" }
    try LinkBoth.run(
      check.gnuLd,
      ["-T", "\(folder)/script.ld", "-Map", "\(folder)/gnu.map", "-o", "\(folder)/gnu"] + search
        + check.objects)
    try LinkBoth.run(
      check.swold ?? Files.neighbour("swold"),
      maps.flatMap { ["--section-map", $0] } + parameters.map { "--map-set=\($0)" }
        + ["-o", "\(folder)/own"] + search + check.objects)
    guard let gnu = LinkedImage(try Files.read("\(folder)/gnu")),
      let own = LinkedImage(try Files.read("\(folder)/own"))
    else { throw FileFailure("a linker wrote something that is no ELF file") }
    let lines = gnu.differences(
      from: own, padding: LinkBoth.padding(try Files.read("\(folder)/gnu.map")))
    // Symbols that only the script needs are in its report.
    let helpers = ["__images_", "__rest_", "__group_"].map { "symbol \($0)" }
    let missing = own.symbols.keys.filter { gnu.symbols[$0] == nil }.sorted()
    return lines.filter { line in
      !(line.hasSuffix("none with the map") && helpers.contains { line.hasPrefix($0) })
        && !line.hasPrefix(".reserve_")
    } + missing.map { "symbol \($0): only with the map" }
  }
}
