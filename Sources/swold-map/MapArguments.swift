// What the verbs that need a checked map say about it on their command lines.

import ArgumentParser
import MapLang

struct MapArguments: ParsableArguments {
  @Option(
    name: .customLong("map-set"), parsing: .singleValue,
    help: ArgumentHelp("Set a parameter of the map.", valueName: "name=expression"))
  var assignments: [String] = []

  @Option(
    name: .customShort("L", allowingJoined: true), parsing: .singleValue,
    help: ArgumentHelp("Search included files here, too.", valueName: "directory"))
  var directories: [String] = []

  @Flag(help: "The target has 32 bits.")
  var narrow = false

  /// What the compiler of maps is told.
  func settings(isPositionIndependent: Bool = false) -> MapSettings {
    var settings = MapSettings()
    settings.assignments = assignments
    settings.width = narrow ? .bits32 : .bits64
    settings.isPositionIndependent = isPositionIndependent
    settings.defaultParameters = DefaultMap.parameters(
      isPositionIndependent: isPositionIndependent)
    return settings
  }

  static func sources(_ files: [String]) throws -> [SourceFile] {
    try files.map {
      SourceFile(name: $0 == "-" ? "<stdin>" : $0, bytes: try Files.read($0))
    }
  }

  /// The map; messages about it are printed, and errors end the program.
  func compile(_ files: [String]) throws -> SectionMap {
    let result = MapCompiler.compile(
      try Self.sources(files), defaultMap: DefaultMap.source(), settings: settings()
    ) {
      Files.load($0, includedFrom: $1, directories: directories)
    }
    for diagnostic in result.diagnostics { Files.complain(diagnostic.render(in: result.sources)) }
    guard let map = result.map, !result.hasErrors else { throw ExitCode.failure }
    return map
  }
}
