// `take`, `discard`, `forbid`, and their selectors: the part of the language in pattern mode.

extension Parser {
  /// `take ::= ( 'keep' | 'prefer' | 'optional' )* 'take' selector+ tail* ';'`
  mutating func take() -> StatementSyntax? {
    var rule = RuleSyntax(kind: .take, position: here)
    while true {
      if keyword == .keep {
        rule.keep = true
      } else if keyword == .prefer {
        rule.preferPosition = here
      } else if keyword == .optional {
        rule.isOptional = true
      } else {
        break
      }
      advance()
    }
    guard keyword == .take else {
      fail("expected 'take', found \(found)", help: selectorHelp)
      skipStatement()
      return nil
    }
    rule.position = here
    advance(.pattern)
    rule.selectors = selectors("take")
    // `tail*`
    while true {
      switch keyword {
      case .except:
        advance(.pattern)
        rule.except += selectors("except")
      case .sort:
        repeat {
          advance()
          if let key = sortKey() { rule.sort.append(key) }
        } while token.kind == .comma
      case .order:
        let first = rule.order == nil
        advance()
        let file = string("the name of a file")
        if first {
          rule.order = file
        } else {
          report(
            MapDiagnostic(.attributeOutOfPlace, "a second 'order' in one rule", at: file.position))
          isRecovering = false
        }
      case _:
        if token.kind == .comma {
          fail(
            "expected ';', found ','", help: "patterns stand side by side, with blanks between them"
          )
        }
        finishStatement()
        return .rule(rule)
      }
    }
  }

  /// `sort-key`
  private mutating func sortKey() -> SortKey? {
    let key: SortKey
    switch keyword {
    case .name: key = .name
    case .alignment: key = .alignment
    case .initPriority: key = .initPriority
    case .file: key = .file
    case .nothing: key = SortKey.none
    case _:
      fail("expected 'name', 'alignment', 'init_priority', 'file' or 'none', found \(found)")
      return nil
    }
    advance()
    return key
  }

  /// `discard ::= 'discard' selector+ ( 'except' selector+ )? ';'`
  mutating func discard() -> StatementSyntax {
    var rule = RuleSyntax(kind: .discard, position: here)
    advance(.pattern)
    rule.selectors = selectors("discard")
    exceptions(&rule)
    finishStatement()
    return .rule(rule)
  }

  /// `forbid ::= 'forbid' selector+ ( 'except' selector+ )? ( ',' STRING )? ';'`
  mutating func forbid() -> StatementSyntax {
    var rule = RuleSyntax(kind: .forbid, position: here)
    advance(.pattern)
    rule.selectors = selectors("forbid")
    exceptions(&rule)
    if take(.comma) { rule.message = string("a reason") }
    finishStatement()
    return .rule(rule)
  }

  /// `gather ::= 'orphans' selector+ ( 'except' selector+ )? ';'`
  mutating func gather() -> StatementSyntax {
    var rule = RuleSyntax(kind: .gather, position: here)
    rule.isForOrphans = true
    advance(.pattern)
    rule.selectors = selectors("orphans")
    exceptions(&rule)
    finishStatement()
    return .rule(rule)
  }

  mutating func exceptions(_ rule: inout RuleSyntax) {
    guard keyword == .except else { return }
    advance(.pattern)
    rule.except = selectors("except")
  }

  /// `selector+`; the token behind them is a keyword, or was read in pattern mode and is the same in
  /// both.
  mutating func selectors(_ after: String) -> [SelectorSyntax] {
    var selectors: [SelectorSyntax] = []
    while let selector = selector() { selectors.append(selector) }
    if selectors.isEmpty {
      let isReserved = keyword == .sort || keyword == .order || keyword == .except
      fail(
        "expected a pattern behind '\(after)', found \(found)",
        help: isReserved
          ? "a section of that name is written in quotes: \"\(text(of: token))\"" : nil)
    }
    return selectors
  }

  /// `selector ::= pattern | pattern '(' pattern+ ')'`
  private mutating func selector() -> SelectorSyntax? {
    guard let first = pattern() else { return nil }
    guard token.kind == .openParen else { return SelectorSyntax(file: nil, sections: [first]) }
    advance(.pattern)
    var sections: [SyntaxText] = []
    while let section = pattern() { sections.append(section) }
    if sections.isEmpty {
      fail("expected a section pattern, found \(found)")
    } else if token.kind != .closeParen {
      fail("expected ')' or a section pattern, found \(found)")
    } else {
      advance(.pattern)
    }
    return SelectorSyntax(file: first, sections: sections)
  }

  /// `pattern ::= WORD | STRING`
  private mutating func pattern() -> SyntaxText? {
    guard token.kind == .string || token.kind == .word else { return nil }
    if token.kind == .word, keyword == .sort || keyword == .order || keyword == .except {
      return nil
    }
    let text = SyntaxText(position: here, isQuoted: token.kind == .string)
    advance(.pattern)
    return text
  }
}
