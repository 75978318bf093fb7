// The door of the module: the text of a script in, a map and a report out.
//
// What comes out is compiled before it is handed on: a map that would be refused is never passed off as
// an import. The module opens no file; the caller brings the text of an INCLUDE.

internal import MapLang

/// Translates GNU ld scripts into section maps.
public enum ScriptImporter {
  /// The map that does what the script does.
  ///
  /// - Parameters:
  ///   - name: the script as messages name it.
  ///   - isRelocatable: the map is for a link with -r.
  ///   - takesInputs: the caller links the files that the script names; else each is a note.
  ///   - loader: finds the text of INCLUDE.
  /// - Throws: if the text is no script that can be read.
  public static func run(
    name: String, bytes: [UInt8], isRelocatable: Bool = false, takesInputs: Bool = false,
    loader: @escaping ScriptLoader = { _, _ in nil }
  ) throws(ScriptError) -> ImportedMap {
    let script = try LinkerScriptParser.parse(file: name, bytes: bytes, loader: loader)
    var translator = Translator()
    translator.isRelocatable = isRelocatable
    translator.takesInputs = takesInputs
    translator.translate(script)
    let base = name.split(separator: "/").last.map(String.init) ?? name
    let text = translator.text(header: "Imported from \(base) by swold-map import.")
    var result = ImportedMap(text: text, notes: translator.notes)
    result.inputs = translator.inputs
    result.searchDirectories = translator.searchDirectories
    let end = ScriptPlace(file: name, line: 1, column: 1)
    var problems = Self.problems(of: text, isRelocatable)
    if isRelocatable {
      problems += translator.addresses.map {
        "with -r nothing has an address, and the script says \($0)"
      }
    }
    for message in problems {
      result.notes.append(ImportNote(kind: .note, place: end, message: message))
    }
    return result
  }

  /// What the map language says of the result.
  private static func problems(of text: String, _ isRelocatable: Bool) -> [String] {
    let source = SourceFile(name: "<imported>", bytes: Array(text.utf8))
    var settings = MapSettings()
    settings.isRelocatable = isRelocatable
    let compiled = MapCompiler.compile(
      [source], defaultMap: DefaultMap.source(), settings: settings)
    let errors = compiled.diagnostics.filter { $0.severity == .error }
    let warnings = compiled.map.map { MapAnalysis.warnings($0) } ?? []
    let ambiguous = warnings.filter { $0.code == .ambiguousRules }
    return (errors + ambiguous).map {
      "the map has a problem: \($0.headline(in: compiled.sources))"
    }
  }
}
