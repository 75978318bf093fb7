// Tokens: a kind and a stretch of the text. No text is copied.

struct Token: Sendable {
  enum Kind: UInt8, Sendable {
    case name, integer, string, word
    case semicolon, comma, openBrace, closeBrace, openParen, closeParen
    case assign, plus, minus, star, slash, percent, tilde, exclamation, caret
    case ampersand, ampersands, bar, bars
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, shiftLeft, shiftRight
    /// A string that does not end on its line.
    case unterminatedString
    /// A byte that begins no token.
    case unknown
    case end
  }

  var kind: Kind
  var offset: UInt32
  var length: UInt32

  var endOffset: UInt32 { offset + length }
}
