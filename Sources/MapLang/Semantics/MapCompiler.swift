// From texts to a checked map: the door of the module.
//
// The caller reads files (MapLang knows no file system) and says what the command line decided. What
// comes back is a map, if there was no error, and the messages, sorted by place.

/// What the command line says about a map.
public struct MapSettings: Sendable {
  /// Numbers of the target.
  public var width: NumberWidth = .bits64
  /// `-r`: only rules, no places.
  public var isRelocatable = false
  /// The output may be loaded anywhere, so nothing can be pinned.
  public var isPositionIndependent = false
  /// `--map-set N=e`, each as the user wrote it, without the option.
  public var assignments: [String] = []
  /// Values for `param`s of the built-in map.
  public var defaultParameters: [(name: String, value: UInt64)] = []

  public init() {}
}

/// What came of a compilation.
public struct CompiledMap: Sendable {
  /// nil if there was an error.
  public var map: SectionMap?
  /// Sorted by file and place; warnings included.
  public var diagnostics: [MapDiagnostic]
  /// For printing the diagnostics.
  public var sources: SourceSet

  /// Whether one of the diagnostics is an error, so that there is no map.
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

/// What became of the search for an included file.
public enum LoadedFile: Sendable {
  /// Its name is the path that was found.
  case found(SourceFile)
  case notFound
  /// It is there, but is a directory, or may not be read.
  case unreadable(path: String, reason: String)
}

/// Texts in, a checked map and messages out. Knows no file system and keeps no state.
public enum MapCompiler {
  /// Compiles the files of `--section-map`, which act as one; without any, the built-in map.
  ///
  /// - Parameters:
  ///   - inputs: the files, in the order of the options.
  ///   - defaultMap: the built-in map: what `extends default` refines. If nil, maps that extend it
  ///     are checked as far as they go, and sections they refine are taken to exist.
  ///   - loader: finds an included file: its name, and the name of the file that includes it.
  public static func compile(
    _ inputs: [SourceFile], defaultMap: SourceFile?, settings: MapSettings = MapSettings(),
    loader: (_ name: String, _ includedFrom: String) -> LoadedFile = { _, _ in .notFound }
  ) -> CompiledMap {
    var builder = MapBuilder(settings: settings)
    builder.readMaps(inputs, defaultMap: defaultMap, loader: loader)
    // A text with broken statements is not interpreted: what is missing would look like more errors.
    if !builder.hasErrors { builder.build() }
    return builder.finish()
  }

  /// The syntax errors of one text, without looking at its meaning.
  public static func checkSyntax(_ source: SourceFile) -> CompiledMap {
    var builder = MapBuilder(settings: MapSettings())
    builder.parseOnly(source)
    return builder.finish(withoutMap: true)
  }
}
