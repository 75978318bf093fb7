// Bytes to tokens, one at a time, as the parser asks for them.
//
// The lexer has two modes (rule L6 of the grammar). In pattern mode, behind `take`, `discard`,
// `forbid` and `except`, everything up to a blank or a bracket is one WORD, because file names and
// globs may contain any operator sign. In expression mode the text reads like C. The parser knows
// which mode the next token needs; the lexer keeps no state but its place.

struct Lexer {
  enum Mode { case expression, pattern }

  let bytes: [UInt8]
  private(set) var offset = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The next token. At the end of the text, `end` for ever.
  mutating func next(_ mode: Mode) -> Token {
    skipBlanks()
    let start = offset
    guard start < bytes.count else { return Token(kind: .end, offset: UInt32(start), length: 0) }
    let kind: Token.Kind
    let byte = bytes[start]
    switch byte {
    case UInt8(ascii: ";"): kind = single(.semicolon)
    case UInt8(ascii: ","): kind = single(.comma)
    case UInt8(ascii: "{"): kind = single(.openBrace)
    case UInt8(ascii: "}"): kind = single(.closeBrace)
    case UInt8(ascii: "("): kind = single(.openParen)
    case UInt8(ascii: ")"): kind = single(.closeParen)
    case UInt8(ascii: "\""): kind = string()
    case _ where mode == .pattern:
      while offset < bytes.count, ByteClass.of(bytes[offset]) & ByteClass.endsWord == 0 {
        offset += 1
      }
      kind = .word
    case _ where ByteClass.of(byte) & ByteClass.beginsName != 0:
      skipName()
      kind = .name
    case _ where ByteClass.of(byte) & ByteClass.digit != 0:
      integer()
      kind = .integer
    case _: kind = operatorSign(byte)
    }
    return Token(kind: kind, offset: UInt32(start), length: UInt32(offset - start))
  }

  /// Whether the next token is `(`.
  func isFollowedByParenthesis() -> Bool {
    var probe = self
    probe.skipBlanks()
    return probe.offset < bytes.count && bytes[probe.offset] == UInt8(ascii: "(")
  }

  private mutating func skipBlanks() {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x09, 0x0a, 0x0d: offset += 1
      case UInt8(ascii: "#"):
        while offset < bytes.count, bytes[offset] != 0x0a { offset += 1 }
      case _: return
      }
    }
  }

  private mutating func single(_ kind: Token.Kind) -> Token.Kind {
    offset += 1
    return kind
  }

  /// STRING. A backslash takes the next byte as it is; a string ends on its line.
  private mutating func string() -> Token.Kind {
    offset += 1
    while offset < bytes.count {
      switch bytes[offset] {
      case UInt8(ascii: "\""):
        offset += 1
        return .string
      case 0x0a: return .unterminatedString
      case UInt8(ascii: "\\"):
        guard offset + 1 < bytes.count, bytes[offset + 1] != 0x0a else {
          offset += 1
          return .unterminatedString
        }
        offset += 2
      case _: offset += 1
      }
    }
    return .unterminatedString
  }

  private mutating func skipName() {
    while offset < bytes.count, ByteClass.of(bytes[offset]) & ByteClass.continuesName != 0 {
      offset += 1
    }
  }

  /// INTEGER: `0x`, `0b` or decimal; at least one digit, then digits and `_`.
  private mutating func integer() {
    let base = offset + 1 < bytes.count ? bytes[offset + 1] | 0x20 : 0
    if bytes[offset] == UInt8(ascii: "0"), base == UInt8(ascii: "x") || base == UInt8(ascii: "b") {
      let digit = base == UInt8(ascii: "x") ? ByteClass.hexDigit : ByteClass.binaryDigit
      var probe = offset + 2
      var hasDigit = false
      while probe < bytes.count {
        if ByteClass.of(bytes[probe]) & digit != 0 {
          hasDigit = true
        } else if bytes[probe] != UInt8(ascii: "_") {
          break
        }
        probe += 1
      }
      if hasDigit {
        offset = probe
        return
      }
    }
    while offset < bytes.count,
      ByteClass.of(bytes[offset]) & ByteClass.digit != 0 || bytes[offset] == UInt8(ascii: "_")
    {
      offset += 1
    }
  }

  private mutating func operatorSign(_ byte: UInt8) -> Token.Kind {
    offset += 1
    func follows(_ sign: UInt8) -> Bool { offset < bytes.count && bytes[offset] == sign }
    func double(_ kind: Token.Kind) -> Token.Kind {
      offset += 1
      return kind
    }
    switch byte {
    case UInt8(ascii: "+"): return .plus
    case UInt8(ascii: "-"): return .minus
    case UInt8(ascii: "*"): return .star
    case UInt8(ascii: "/"): return .slash
    case UInt8(ascii: "%"): return .percent
    case UInt8(ascii: "~"): return .tilde
    case UInt8(ascii: "^"): return .caret
    case UInt8(ascii: "="): return follows(byte) ? double(.equal) : .assign
    case UInt8(ascii: "!"): return follows(UInt8(ascii: "=")) ? double(.notEqual) : .exclamation
    case UInt8(ascii: "&"): return follows(byte) ? double(.ampersands) : .ampersand
    case UInt8(ascii: "|"): return follows(byte) ? double(.bars) : .bar
    case UInt8(ascii: "<"):
      if follows(byte) { return double(.shiftLeft) }
      return follows(UInt8(ascii: "=")) ? double(.lessOrEqual) : .less
    case UInt8(ascii: ">"):
      if follows(byte) { return double(.shiftRight) }
      return follows(UInt8(ascii: "=")) ? double(.greaterOrEqual) : .greater
    case _:
      // The rest of a character of several bytes belongs to it.
      while offset < bytes.count, bytes[offset] & 0xc0 == 0x80 { offset += 1 }
      return .unknown
    }
  }
}

/// What a byte may be part of.
enum ByteClass {
  static let beginsName: UInt8 = 1
  static let continuesName: UInt8 = 2
  static let digit: UInt8 = 4
  static let hexDigit: UInt8 = 8
  static let binaryDigit: UInt8 = 16
  /// Ends a WORD.
  static let endsWord: UInt8 = 32

  @inline(__always)  // One range check per byte; a call would cost more than the switch.
  static func of(_ byte: UInt8) -> UInt8 {
    switch byte {
    case 0x30, 0x31: continuesName | digit | hexDigit | binaryDigit
    case 0x32...0x39: continuesName | digit | hexDigit
    case 0x41...0x46, 0x61...0x66: beginsName | continuesName | hexDigit
    case 0x47...0x5a, 0x67...0x7a, UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "$"):
      beginsName | continuesName
    case 0x20, 0x09, 0x0a, 0x0d, UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "{"),
      UInt8(ascii: "}"), UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "\""),
      UInt8(ascii: "#"):
      endsWord
    case _: 0
    }
  }
}
