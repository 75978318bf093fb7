// Where something stands in a text file, and what is wrong with it.
//
// The small text inputs (linker scripts, version scripts, dynamic lists) are parsed by pure
// functions that know neither the file's name nor the diagnostics. They throw this value; the
// caller, who opened the file, prefixes its name: `libc.so:3:7: …`.

/// A place in a text file, as editors count.
struct TextPosition: Sendable, Equatable, BitwiseCopyable {
  /// From 1.
  var line: Int32
  /// From 1, in bytes.
  var column: Int32

  init(line: Int, column: Int) {
    self.line = Int32(clamping: line)
    self.column = Int32(clamping: column)
  }
}

extension TextPosition: CustomStringConvertible {
  /// `12:3`, the form that follows a file name in a message.
  var description: String { "\(line):\(column)" }
}

/// A mistake in a text file.
struct TextError: Error, Equatable {
  let position: TextPosition
  /// One line without position and full stop; says what to do where that is known.
  let text: String
}

extension TextError: CustomStringConvertible {
  /// `12:3: what is wrong`.
  var description: String { "\(position): \(text)" }
}
