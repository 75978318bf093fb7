// What an import has to say beyond the map.
//
// A *note* is a construct that the map does not repeat faithfully: it stands as a comment at its place in
// the map, in the report, and makes the exit code 3. A *remark* tells of a decision that changes nothing
// of what is placed where.

/// One line of the report of an import.
public struct ImportNote: Sendable {
  /// How much it matters.
  public enum Kind: Sendable {
    /// The map differs from the script here, or may.
    case note
    /// The map does the same in another way.
    case remark
  }
  /// Whether the map is faithful all the same.
  public var kind: Kind
  /// Where in the script.
  public var place: ScriptPlace
  /// One line, without the place.
  public var message: String

  /// `board.ld:12:5: note: …`
  public var text: String { "\(place.text): \(kind == .note ? "note" : "remark"): \(message)" }
}

/// A script as a map.
public struct ImportedMap: Sendable {
  /// The text of the map.
  public var text: String
  /// With `takesInputs`: the files of INPUT, GROUP and STARTUP, and `-lNAME`, in order.
  public var inputs: [String] = []
  /// With `takesInputs`: the folders of SEARCH_DIR.
  public var searchDirectories: [String] = []
  /// In the order of the script.
  public var notes: [ImportNote]

  /// Whether a link with the map is one with the script.
  public var isFaithful: Bool { !notes.contains { $0.kind == .note } }
}

/// Why an expression has no counterpart in a map.
struct Untranslatable: Error {
  var reason: String
}
