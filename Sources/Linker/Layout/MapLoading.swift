// Makes the map in force: the files of --section-map, or the built-in text.

internal import ELF
internal import MapLang

extension Inputs {
  func loadMap() {
    var settings = MapSettings()
    settings.isRelocatable = options.outputKind == .relocatable
    settings.isPositionIndependent = options.outputKind.isPositionIndependent
    settings.assignments = options.mapParameters.map { "\($0.name)=\($0.expression)" }
    settings.defaultParameters = DefaultMap.parameters(options)
    var sources: [SourceFile] = []
    for path in options.sectionMapPaths {
      guard let source = read(path) else {
        log.error(.fileNotFound(path))
        continue
      }
      sources.append(source)
    }
    guard sources.count == options.sectionMapPaths.count else { return }
    let search = LibrarySearch(options)
    let result = MapCompiler.compile(
      sources, defaultMap: DefaultMap.source, settings: settings
    ) { name, includedFrom in
      let folder = includedFrom.lastIndex(of: "/").map { String(includedFrom[...$0]) } ?? ""
      if let beside = read(name.hasPrefix("/") ? name : folder + name) { return beside }
      return search.find(fileNamed: name).flatMap { read($0) }
    }
    for diagnostic in result.diagnostics { report(diagnostic, result.sources) }
    map = result.map
  }

  private func read(_ path: String) -> SourceFile? {
    guard let file = try? MappedFile.open(path) else { return nil }
    noteRead(path, .text)
    return SourceFile(name: path, bytes: [UInt8](file.bytes.buffer))
  }

  /// Prints a message about a map as the language words it.
  func report(_ diagnostic: MapDiagnostic, _ sources: SourceSet) {
    let message = Message("map", diagnostic.render(in: sources))
    if diagnostic.severity == .error {
      log.error(message)
    } else {
      log.warning(message)
    }
  }
}
