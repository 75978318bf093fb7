// Messages for programs: editors, dashboards.

import MapLang
import Text

enum JSON {
  /// One message as an object on one line. `line` and `column` count from 1, `column` and `length` in
  /// bytes; all three are 0 where a message is about no text.
  static func object(_ diagnostic: MapDiagnostic, _ sources: SourceSet) -> String {
    var fields = place(diagnostic.position, sources)
    fields += [
      ("severity", quotedJSON(diagnostic.severity == .error ? "error" : "warning")),
      ("code", quotedJSON(diagnostic.code.name)), ("message", quotedJSON(diagnostic.message)),
    ]
    let notes = diagnostic.notes.map { note in
      object(
        (note.position == nil ? [] : place(note.position, sources)) + [
          ("message", quotedJSON(note.text))
        ]
      )
    }
    if !notes.isEmpty { fields.append(("notes", "[" + notes.joined(separator: ", ") + "]")) }
    if let help = diagnostic.help { fields.append(("fix", quotedJSON(help))) }
    return object(fields)
  }

  private static func place(
    _ position: SourcePosition?, _ sources: SourceSet
  ) -> [(String, String)] {
    let place = position.map { sources.location(of: $0) } ?? ("", 0, 0)
    return [
      ("file", quotedJSON(place.0)), ("line", String(place.1)), ("column", String(place.2)),
      ("length", String(position?.length ?? 0)),
    ]
  }

  private static func object(_ fields: [(String, String)]) -> String {
    "{" + fields.map { quotedJSON($0.0) + ": " + $0.1 }.joined(separator: ", ") + "}"
  }
}
