// swold-map check: everything that can be said of a map without an object file.

import ArgumentParser
import MapLang

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Report the errors and doubtful points of maps.",
    discussion: """
      Errors are what swold would refuse whatever it links. Warnings are what depends on the input: \
      two rules that some section could meet, neither more specific; patterns that never decide \
      anything; pinned sections that --gc-sections may empty. The exit code is 1 if there was an \
      error.
      """)

  @Argument(help: "The maps; each is checked by itself.", completion: .file(extensions: ["smap"]))
  var files: [String]

  @Flag(help: "Check the files as one map, like several --section-map options.")
  var together = false

  @OptionGroup var arguments: MapArguments

  @Option(
    name: .customLong("default"),
    help: ArgumentHelp(
      "The built-in map that 'extends default' refines, as swold --print-section-map prints it. "
        + "Without it, that of an executable.", valueName: "file"))
  var defaultMap: String?

  @Flag(help: "Check for a position-independent output: nothing can be pinned.")
  var pie = false

  @Flag(name: .customShort("r"), help: "Check for relocatable output: rules only, no places.")
  var relocatable = false

  @Flag(help: "Exit with 1 if there is a warning.")
  var fatalWarnings = false

  enum MessageFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Option(help: "How messages are written: text on standard error, or json on standard output.")
  var format = MessageFormat.text

  func run() throws {
    var settings = arguments.settings(isPositionIndependent: pie)
    settings.isRelocatable = relocatable
    let builtIn =
      try defaultMap.map { SourceFile(name: $0, bytes: try Files.read($0), isBuiltIn: true) }
      ?? DefaultMap.source()
    let sources = try MapArguments.sources(files)
    let maps = together ? [sources] : sources.map { [$0] }
    var hasErrors = false
    var objects: [String] = []
    for map in maps {
      let result = MapCompiler.compile(map, defaultMap: builtIn, settings: settings) {
        Files.load($0, includedFrom: $1, directories: arguments.directories)
      }
      let warnings = result.map.map { MapAnalysis.warnings($0) } ?? []
      for diagnostic in result.diagnostics + warnings {
        switch format {
        case .text: Files.complain(diagnostic.render(in: result.sources))
        case .json: objects.append(JSON.object(diagnostic, result.sources))
        }
      }
      if result.hasErrors || (fatalWarnings && !warnings.isEmpty) { hasErrors = true }
    }
    if format == .json {
      let list = objects.isEmpty ? "[]\n" : "[\n  " + objects.joined(separator: ",\n  ") + "\n]\n"
      try Files.print(Array(list.utf8))
    }
    if hasErrors { throw ExitCode.failure }
  }
}
