// Messages for programs: editors, dashboards.

import MapLang

enum JSON {
  /// One message as an object on one line. `line` and `column` count from 1, `column` and `length` in
  /// bytes; all three are 0 where a message is about no text.
  static func object(_ diagnostic: MapDiagnostic, _ sources: SourceSet) -> String {
    var fields = place(diagnostic.position, sources)
    fields += [
      ("severity", text(diagnostic.severity == .error ? "error" : "warning")),
      ("code", text(diagnostic.code.name)), ("message", text(diagnostic.message)),
    ]
    let notes = diagnostic.notes.map { note in
      object(
        (note.position == nil ? [] : place(note.position, sources)) + [("message", text(note.text))]
      )
    }
    if !notes.isEmpty { fields.append(("notes", "[" + notes.joined(separator: ", ") + "]")) }
    if let help = diagnostic.help { fields.append(("fix", text(help))) }
    return object(fields)
  }

  private static func place(
    _ position: SourcePosition?, _ sources: SourceSet
  ) -> [(String, String)] {
    let place = position.map { sources.location(of: $0) } ?? ("", 0, 0)
    return [
      ("file", text(place.0)), ("line", String(place.1)), ("column", String(place.2)),
      ("length", String(position?.length ?? 0)),
    ]
  }

  private static func object(_ fields: [(String, String)]) -> String {
    "{" + fields.map { text($0.0) + ": " + $0.1 }.joined(separator: ", ") + "}"
  }

  private static func text(_ value: String) -> String {
    var result = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
