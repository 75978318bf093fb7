// Where something stands in a linker script.
//
// Scripts are often what a preprocessor wrote, with line markers (`# 12 "board.ld"`), and they include
// each other; so a place names the file that the reader of a message will look into.

/// A place in the text of a script.
public struct ScriptPlace: Sendable, Hashable {
  /// As given, or as a line marker says.
  public var file: String
  /// Both count from 1; the column counts bytes.
  public var line: Int
  public var column: Int

  /// `board.ld:12:5`
  public var text: String { "\(file):\(line):\(column)" }
}

/// Why a text is no script that can be read.
public struct ScriptError: Error, Sendable {
  /// One line, without the place.
  public var message: String
  public var place: ScriptPlace

  init(_ message: String, at place: ScriptPlace) {
    self.message = message
    self.place = place
  }
}

/// A comment of a script.
struct ScriptComment: Sendable {
  /// The lines, without signs and blanks around them.
  var lines: [String]
  /// The line, in the text and not by line markers, in which it begins.
  var row: Int
}
