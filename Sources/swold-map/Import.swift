// swold-map import: a GNU ld script as a section map.

import ArgumentParser
import Glibc
import MapLang
import ScriptImport

struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Translate a GNU ld script into a section map.",
    discussion: """
      What the map does not repeat faithfully stands as a comment at its place in the map, and as a \
      'note:' in the report on standard error; a 'remark:' tells of something that is only said in \
      another way. A script with #if or #include goes through the preprocessor first: cc -E -P -x c.

      Exit codes: 0 the map does what the script does, 3 there are notes, 4 --check found a difference, \
      1 the script cannot be read, 2 usage.
      """)

  @Argument(
    help: "The script; '-' is standard input.", completion: .file(extensions: ["ld", "lds", "x"]))
  var script: String

  @Option(
    name: .customShort("o"),
    help: ArgumentHelp("Write the map here; standard output without it.", valueName: "map"))
  var output: String?

  @Option(
    name: .customShort("L", allowingJoined: true), parsing: .singleValue,
    help: ArgumentHelp("Search files of INCLUDE here, too.", valueName: "directory"))
  var directories: [String] = []

  @Flag(help: "Report notes only, no remarks.")
  var quiet = false

  @Option(
    name: .customLong("check"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "Link these with GNU ld and the script, and with swold and the map, and compare addresses, load "
        + "addresses, symbols and bytes.", valueName: "object"))
  var objects: [String] = []

  @Option(help: ArgumentHelp("The GNU ld of --check.", valueName: "program"))
  var gnuLd = "ld.bfd"

  @Option(
    help: ArgumentHelp(
      "The swold of --check; without it the one beside this program.", valueName: "program"))
  var swold: String?

  func run() throws {
    let name = script == "-" ? "<stdin>" : script
    let bytes = try Files.read(script)
    let imported: ImportedMap
    do {
      imported = try ScriptImporter.run(name: name, bytes: bytes) { wanted, from in
        Files.find(wanted, includedFrom: from, directories: directories)
      }
    } catch {
      throw FileFailure("\(error.place.text): error: \(error.message)", isComplete: true)
    }
    for note in imported.notes where !quiet || note.kind == .note { Files.complain(note.text) }
    try write(imported)
    if !objects.isEmpty {
      let link = LinkBoth(
        gnuLinker: gnuLd, swold: swold ?? Files.neighbour("swold"), script: script,
        directories: directories, objects: objects)
      let differences = try link.differences(imported)
      for line in differences { Files.complain("\(name): difference: \(line)") }
      if !differences.isEmpty { throw ExitCode(4) }
      Files.complain("\(name): both links are the same")
    }
    if !imported.isFaithful { throw ExitCode(3) }
  }

  private func write(_ imported: ImportedMap) throws {
    if let output {
      try Files.create(output, with: Array(imported.text.utf8))
    } else {
      try Files.print(Array(imported.text.utf8))
    }
  }
}
