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

  @Flag(
    name: [.customShort("r"), .long],
    help: "The map is for a link with -r, where nothing has an address.")
  var relocatable = false

  @Flag(help: "Report notes only, no remarks.")
  var quiet = false

  @OptionGroup var check: CheckArguments

  func run() throws {
    let name = script == "-" ? "<stdin>" : script
    let bytes = try Files.read(script)
    let imported: ImportedMap
    do {
      imported = try ScriptImporter.run(
        name: name, bytes: bytes, isRelocatable: relocatable
      ) { wanted, from in
        Files.find(wanted, includedFrom: from, directories: directories)
      }
    } catch {
      throw FileFailure("\(error.place.text): error: \(error.message)", isComplete: true)
    }
    for note in imported.notes where !quiet || note.kind == .note { Files.complain(note.text) }
    try Files.put(imported.text, output)
    try check.report(name) {
      let links = BothLinks(check, directories: directories)
      return try links.differences(script: script, importedAs: imported)
    }
    if !imported.isFaithful { throw ExitCode(3) }
  }
}
