// `swold-map fmt`: one spelling of white space.
//
// The formatter works on tokens, not on the tree, so comments stay where they are and every word
// stays as it was written. It keeps the line breaks of the author (a short block on one line is
// often the clearest form) and decides everything else: indentation by four blanks for each open
// brace, one blank between words, none before `;`, at most one empty line, comments at the ends of
// successive lines in one column. What it prints, it leaves alone the next time.

/// The one spelling of a map's white space. Words, their order and comments stay.
public enum MapFormatter {
  /// The formatted text, or the diagnostics if the text has syntax errors and is left alone.
  public static func format(_ source: SourceFile) -> Result<[UInt8], FormattingFailure> {
    let checked = MapCompiler.checkSyntax(source)
    if checked.hasErrors { return .failure(FormattingFailure(checked: checked)) }
    var formatter = Writer(bytes: source.bytes)
    return .success(formatter.run())
  }

  /// The text is no map, so it is left alone.
  public struct FormattingFailure: Error {
    /// The syntax errors, and the source for printing them.
    public var checked: CompiledMap
  }

  /// A token or a comment, with the line breaks before it.
  private struct Piece {
    var text: [UInt8]
    var kind: Token.Kind?  // nil: a comment
    var lineBreaks: Int
    /// Whether no blank stood before it; only of interest before `(`.
    var isGlued: Bool
    var isPattern: Bool
  }

  private struct Writer {
    let bytes: [UInt8]

    mutating func run() -> [UInt8] {
      var lines: [Line] = []
      var depth = 0
      var current = Line()
      var previous: Piece?
      for piece in pieces() {
        if piece.lineBreaks > 0 || previous == nil {
          if previous != nil { lines.append(current) }
          // An empty line stays, but not at the start of a block or before its end.
          let opensBlock = previous?.kind == .openBrace
          if piece.lineBreaks > 1 && !opensBlock && piece.kind != .closeBrace && previous != nil {
            lines.append(Line())
          }
          current = Line()
          let isContinuation =
            !(previous.map(Self.endsStatement) ?? true) && piece.kind != .closeBrace
          current.indentation =
            4 * (piece.kind == .closeBrace ? max(0, depth - 1) : depth) + (isContinuation ? 4 : 0)
        } else if piece.kind == nil {
          current.comment = piece.text
          previous = piece
          continue
        } else if let previous, Self.needsBlank(previous, piece) {
          current.text.append(0x20)
        }
        current.text += piece.text
        if piece.kind == .openBrace { depth += 1 }
        if piece.kind == .closeBrace { depth = max(0, depth - 1) }
        // A comment does not end the statement that it stands in.
        if piece.kind == nil, let before = previous, !Self.endsStatement(before) {
          previous = Piece(
            text: [], kind: before.kind, lineBreaks: 0, isGlued: false, isPattern: before.isPattern)
        } else {
          previous = piece
        }
      }
      if previous != nil { lines.append(current) }
      return Self.join(lines)
    }

    private struct Line {
      var indentation = 0
      var text: [UInt8] = []
      /// A comment behind the text.
      var comment: [UInt8] = []
    }

    private static func endsStatement(_ piece: Piece) -> Bool {
      switch piece.kind {
      case nil, .semicolon, .openBrace, .closeBrace: true
      case _: false
      }
    }

    /// Puts the comments of successive lines into one column.
    private static func join(_ lines: [Line]) -> [UInt8] {
      var result: [UInt8] = []
      var index = 0
      while index < lines.count {
        var end = index
        var column = 0
        while end < lines.count, !lines[end].comment.isEmpty {
          column = max(column, width(lines[end]) + 2)
          end += 1
        }
        for line in lines[index..<max(end, index + 1)] {
          if !line.text.isEmpty {
            result += [UInt8](repeating: 0x20, count: line.indentation) + line.text
          }
          if !line.comment.isEmpty {
            result += [UInt8](repeating: 0x20, count: column - width(line)) + line.comment
          }
          result.append(0x0a)
        }
        index = max(end, index + 1)
      }
      return result
    }

    /// Columns of a line: characters, not bytes.
    private static func width(_ line: Line) -> Int {
      line.indentation + String(decoding: line.text, as: UTF8.self).count
    }

    // MARK: - Blanks

    private static func needsBlank(_ left: Piece, _ right: Piece) -> Bool {
      switch (left.kind, right.kind) {
      case (_, .semicolon), (_, .comma), (_, .closeParen), (.openParen, _): return false
      // A function or a file pattern and its parenthesis; but an operator and its operand are apart.
      case (.name, .openParen), (.word, .openParen), (.string, .openParen):
        return !right.isGlued && !right.isPattern
      case (.tilde, _), (.exclamation, _): return false
      // A sign stays with its number if it stood there: the lexer cannot tell it from subtraction.
      case (.minus, _): return !right.isGlued
      case (_, _): return true
      }
    }

    // MARK: - Tokens

    /// All tokens and comments. The mode of each token is found as the grammar says (rule L6).
    private func pieces() -> [Piece] {
      var result: [Piece] = []
      var lexer = Lexer(bytes)
      var end = 0
      var mode = Lexer.Mode.expression
      while true {
        let token = lexer.next(mode)
        comments(from: end, to: Int(token.offset), into: &result)
        if token.kind == .end { return result }
        let range = Int(token.offset)..<Int(token.endOffset)
        let (breaks, isGlued) = gap(before: range.lowerBound)
        result.append(
          Piece(
            text: Array(bytes[range]), kind: token.kind, lineBreaks: breaks, isGlued: isGlued,
            isPattern: mode == .pattern))
        end = range.upperBound
        mode = nextMode(mode, token, result)
      }
    }

    private func nextMode(_ mode: Lexer.Mode, _ token: Token, _ pieces: [Piece]) -> Lexer.Mode {
      let keyword =
        token.kind == .name || token.kind == .word
        ? Keyword.of(bytes[Int(token.offset)..<Int(token.endOffset)]) : nil
      if mode == .pattern {
        switch token.kind {
        case .semicolon, .comma: return .expression
        case _: return keyword == .sort || keyword == .order ? .expression : .pattern
        }
      }
      // These words begin a pattern only where a statement or a clause begins; elsewhere they may be
      // names (`start take;`).
      switch keyword {
      case .orphans where isInPlace(pieces): return .pattern
      case .take, .discard, .forbid:
        var index = pieces.count - 2
        while index >= 0 {
          let piece = pieces[index]
          index -= 1
          guard piece.kind != nil else { continue }
          if piece.kind == .name, let word = Keyword.of(piece.text[...]),
            word == .keep || word == .prefer || word == .optional
              || word == .orphans && keyword == .discard
          {
            continue
          }
          return Self.endsStatement(piece) ? .pattern : .expression
        }
        return .expression
      case .except: return isInRule(pieces) ? .pattern : .expression
      case _: return .expression
      }
    }

    /// Whether the last token begins a statement inside a block.
    private func isInPlace(_ pieces: [Piece]) -> Bool {
      var depth = 0
      for piece in pieces {
        if piece.kind == .openBrace { depth += 1 }
        if piece.kind == .closeBrace { depth -= 1 }
      }
      let before = pieces.dropLast().last { $0.kind != nil }
      return depth > 0 && before.map { Self.endsStatement($0) } == true
    }

    /// Whether the statement that the last token stands in is a `take`, `discard` or `forbid`.
    private func isInRule(_ pieces: [Piece]) -> Bool {
      for piece in pieces.reversed() {
        if piece.kind != nil && Self.endsStatement(piece) { return false }
        if piece.isPattern { return true }
      }
      return false
    }

    /// Comments of a stretch between two tokens.
    private func comments(from start: Int, to end: Int, into result: inout [Piece]) {
      var index = start
      while index < end {
        guard bytes[index] == UInt8(ascii: "#") else {
          index += 1
          continue
        }
        let (breaks, isGlued) = gap(before: index)
        let first = index
        while index < end, bytes[index] != 0x0a { index += 1 }
        var last = index
        while last > first, [0x20, 0x09, 0x0d].contains(bytes[last - 1]) { last -= 1 }
        result.append(
          Piece(
            text: Array(bytes[first..<last]), kind: nil, lineBreaks: breaks, isGlued: isGlued,
            isPattern: false))
      }
    }

    /// The line breaks directly before an offset, and whether nothing at all stands there.
    private func gap(before offset: Int) -> (breaks: Int, isGlued: Bool) {
      var breaks = 0
      var index = offset
      while index > 0 {
        switch bytes[index - 1] {
        case 0x0a: breaks += 1
        case 0x20, 0x09, 0x0d: break
        case _: return (breaks, index == offset)
        }
        index -= 1
      }
      return (breaks, false)
    }
  }
}
