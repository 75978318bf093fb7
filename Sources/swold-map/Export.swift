// swold-map export: a section map as a GNU ld script.

import ArgumentParser
import MapLang
import ScriptExport

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Translate a section map into a GNU ld script.",
    discussion: """
      For those who must keep both. What the script does not repeat faithfully stands as a comment at its \
      place in the script, and as a 'note:' in the report on standard error; a 'remark:' tells of something \
      that is only said in another way. --check links objects both ways and compares.

      Exit codes: 0 the script does what the map does, 3 there are notes, 4 --check found a difference, 1 \
      the map has errors, 2 usage.
      """)

  @Argument(
    help: "The map; several act as one, like several --section-map options.",
    completion: .file(extensions: ["smap"]))
  var files: [String]

  @Option(
    name: .customShort("o"),
    help: ArgumentHelp("Write the script here; standard output without it.", valueName: "script"))
  var output: String?

  @OptionGroup var map: MapArguments

  @Flag(help: "Report notes only, no remarks.")
  var quiet = false

  @OptionGroup var check: CheckArguments

  func run() throws {
    let map = try self.map.compile(files)
    let name = files[0] == "-" ? "<stdin>" : files[0]
    let exported = ScriptExporter.run(map, name: name)
    for note in exported.notes where !quiet || note.kind == .note {
      let word = note.kind == .note ? "note" : "remark"
      let place = note.position.map { position -> String in
        let place = map.sources.location(of: position)
        return "\(place.0):\(place.1):\(place.2)"
      }
      Files.complain("\(place ?? name): \(word): \(note.message)")
    }
    try Files.put(exported.text, output)
    try check.report(name) {
      let links = BothLinks(check, directories: self.map.directories)
      return try links.differences(
        maps: files, parameters: self.map.assignments, exportedAs: exported.text)
    }
    if !exported.isFaithful { throw ExitCode(3) }
  }
}
