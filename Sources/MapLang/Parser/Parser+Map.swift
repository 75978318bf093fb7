// Statements of the top level.

internal import Text

extension Parser {
  /// `map ::= 'smap' INTEGER ';' statement*`; an included file has only the statements.
  mutating func map(isIncluded: Bool) -> SyntaxTree {
    let versionPosition = here
    if !isIncluded && !version() {
      return SyntaxTree(statements: [], versionPosition: versionPosition)
    }
    var statements: [StatementSyntax] = []
    while token.kind != .end {
      let before = token.offset
      if let statement = statement() { statements.append(statement) }
      if token.offset == before && token.kind != .end { advance() }
    }
    return SyntaxTree(statements: statements, versionPosition: versionPosition)
  }

  /// Reads the version; false if what follows is no map at all.
  private mutating func version() -> Bool {
    guard keyword == .smap else {
      let help = "write 'smap \(mapLanguageVersion);' before everything but comments"
      let isForeign = foreignHelp != nil
      fail(
        "a section map begins with its version, found \(found)",
        help: isForeign ? help + "; maps and linker scripts are two languages" : help)
      // The rest is read as if the version stood there, if it reads like a map.
      isRecovering = false
      return keyword.map { Self.beginsStatement($0) } ?? false
    }
    advance()
    let number = token
    guard take(.integer) else {
      fail("expected the version number, found \(found)", help: "smap \(mapLanguageVersion);")
      skipStatement()
      return true
    }
    if integerValue(of: number) != UInt64(mapLanguageVersion) {
      report(
        MapDiagnostic(
          .unknownVersion,
          "unknown version \(text(of: number)) of the language; the newest known is "
            + "\(mapLanguageVersion)", at: position(of: number)))
      isRecovering = false
    }
    finishStatement()
    return true
  }

  /// `statement`
  mutating func statement() -> StatementSyntax? {
    switch keyword {
    case .include: return include()
    case .let, .param: return constant()
    case .when: return cond { $0.statement() }
    case .entry: return entry()
    case .root: return root()
    case .pages: return pages()
    case .extends: return extends()
    case .orphans: return orphans()
    case .spare: return spare()
    case .region: return region()
    case .place: return place()
    case .section, .extend: return section()
    case .discard: return discard()
    case .forbid: return forbid()
    case .symbol, .provide, .hidden: return symbol()
    case .assert: return assertion()
    case let other:
      return unexpectedStatement(
        other, "a statement",
        [
          .include, .let, .param, .when, .entry, .root, .pages, .extends, .orphans, .spare,
          .region, .place, .section, .extend, .discard, .forbid, .symbol, .assert,
        ])
    }
  }

  /// Reports a token that begins no statement of this block.
  mutating func unexpectedStatement(
    _ keyword: Keyword?, _ what: String, _ known: [Keyword]
  ) -> StatementSyntax? {
    let word = text(of: token)
    if token.kind == .name && word == "." {
      fail(
        "there is no location counter",
        help: "write 'place at ADDRESS { … }', 'reserve', 'align' or 'pad' instead of '. = …'")
    } else if let keyword, let home = Self.home(of: keyword) {
      let help = keyword == .slot ? "section .NAME after .rodata { slot NAME { size 32; } }" : nil
      fail("'\(word)' cannot stand here; it belongs \(home)", help: help)
      // The word itself shall not be taken for the beginning of the next statement.
      advance()
    } else if let help = foreignHelp, keyword == nil {
      fail("expected \(what), found \(found)", help: help)
    } else if token.kind == .name, keyword == nil,
      let near = nearestName(to: word, among: known.map { "\($0.text)" })
    {
      fail("expected \(what), found '\(word)'; did you mean '\(near)'?")
    } else if token.kind == .closeBrace {
      fail("'}' without '{'")
      advance()
      isRecovering = false
      return nil
    } else {
      fail("expected \(what), found \(found)")
    }
    skipStatement()
    return nil
  }

  /// Where a statement may stand.
  private static func home(of keyword: Keyword) -> String? {
    switch keyword {
    case .include, .let, .param, .entry, .root, .pages, .extends, .spare, .region, .place,
      .extend, .discard, .forbid, .symbol, .assert:
      "at the top level, outside of every block"
    case .take, .keep, .prefer, .optional: "in a 'section'"
    case .word: "in a 'slot'"
    case .section, .segment, .overlay, .image, .headers: "in a 'place'"
    case .orphans: "at the top level, or with patterns in a 'place'"
    case .group, .slot: "in a 'place' or a 'section'"
    case .reserve: "in a 'place' (with a name) or in a 'section' (with a size)"
    case .smap: "at the beginning of the first file"
    case _: nil
    }
  }

  /// `include ::= 'include' STRING ';'`
  private mutating func include() -> StatementSyntax? {
    let start = here
    advance()
    let path = string("the name of a file")
    let isBroken = isRecovering
    finishStatement()
    if isBroken { return nil }
    return .include(path, start)
  }

  /// `let`, `param`
  private mutating func constant() -> StatementSyntax {
    let isParameter = keyword == .param
    advance()
    let name = name("a name", allowString: false)
    expect(.assign, "'='")
    let value = expr()
    finishStatement()
    return .constant(ConstantSyntax(isParameter: isParameter, name: name, value: value))
  }

  /// `cond`, `cond-region`, `cond-place` and `cond-section` differ in what `item` parses.
  mutating func cond(_ item: (inout Parser) -> StatementSyntax?) -> StatementSyntax? {
    advance()
    let condition = expr()
    let body = block(item)
    var otherwise: [StatementSyntax] = []
    if keyword == .else {
      advance()
      if keyword == .when {
        // A chain of `else when` is as deep as it is long.
        let isNested = nested { parser in
          if let next = parser.cond(item) { otherwise = [next] }
        }
        if !isNested { skipStatement() }
      } else {
        otherwise = block(item)
      }
    }
    if isRecovering { skipStatement() }
    return .condition(ConditionSyntax(condition: condition, body: body, otherwise: otherwise))
  }

  /// `entry ::= 'entry' name ';'`
  private mutating func entry() -> StatementSyntax {
    advance()
    let name = name("the name of a symbol")
    finishStatement()
    return .entry(name)
  }

  /// `root ::= 'root' name ( ',' name )* ';'`
  private mutating func root() -> StatementSyntax {
    advance()
    let names = names("the name of a symbol")
    finishStatement()
    return .root(names)
  }

  /// `name ( ',' name )*`
  mutating func names(_ what: String) -> [SyntaxText] {
    var names = [name(what)]
    while take(.comma) { names.append(name(what)) }
    return names
  }

  /// `pages ::= 'pages' ( 'none' | expr ) ';'`
  private mutating func pages() -> StatementSyntax {
    let start = here
    advance()
    var size: ExpressionSyntax?
    if keyword == .nothing {
      advance()
    } else {
      size = expr()
    }
    finishStatement()
    return .pages(size, start)
  }

  /// `extends ::= 'extends' 'default' ';'`
  private mutating func extends() -> StatementSyntax {
    let start = here
    advance()
    if keyword == .default {
      advance()
    } else {
      fail("expected 'default', found \(found)", help: "extends default;")
    }
    finishStatement()
    return .extendsDefault(start)
  }

  /// `orphans`
  private mutating func orphans() -> StatementSyntax {
    let start = here
    advance()
    var policy = OrphanPolicy.error
    switch keyword {
    case .error: advance()
    case .warn:
      policy = .warn
      advance()
    case .place:
      policy = .place
      advance()
    case .discard:
      policy = .discard
      advance(.pattern)
      if token.kind != .semicolon {
        var rule = RuleSyntax(kind: .discard, position: start)
        rule.isForOrphans = true
        rule.selectors = selectors("discard")
        exceptions(&rule)
        finishStatement()
        return .rule(rule)
      }
    case _: fail("expected 'error', 'warn', 'place' or 'discard', found \(found)")
    }
    finishStatement()
    return .orphans(policy, start)
  }

  /// `spare ::= 'spare' spare-item ( ',' spare-item )* ';'`
  private mutating func spare() -> StatementSyntax {
    var items: [SpareSyntax] = []
    repeat {
      advance()
      let start = here
      let kind: SpareSyntax.Kind
      switch keyword {
      case .phdrs: kind = .programHeaders
      case .dyntags: kind = .dynamicTags
      case .dynstr: kind = .dynamicStringBytes
      case .interp: kind = .interpreterBytes
      case _:
        fail("expected 'phdrs', 'dyntags', 'dynstr' or 'interp', found \(found)")
        finishStatement()
        return .spare(items)
      }
      advance()
      items.append(SpareSyntax(kind: kind, count: expr(), position: start))
    } while token.kind == .comma
    finishStatement()
    return .spare(items)
  }

  /// `symbol ::= 'provide'? 'hidden'? 'symbol' name '=' expr ';'`
  private mutating func symbol() -> StatementSyntax? {
    let (provide, hidden) = visibility()
    guard keyword == .symbol else {
      fail("expected 'symbol', found \(found)", help: "a bound such as 'start' stands in a block")
      skipStatement()
      return nil
    }
    advance()
    let name = name("the name of a symbol")
    if token.kind != .assign {
      fail(
        "expected '=', found \(found)", help: "there are no assignments; a symbol is defined once")
    } else {
      advance()
    }
    let value = expr()
    finishStatement()
    return .symbol(SymbolSyntax(name: name, value: value, provide: provide, hidden: hidden))
  }

  /// `'provide'? 'hidden'?`
  mutating func visibility() -> (provide: Bool, hidden: Bool) {
    let provide = keyword == .provide
    if provide { advance() }
    let hidden = keyword == .hidden
    if hidden { advance() }
    return (provide, hidden)
  }

  /// `assert ::= 'assert' expr ( ',' STRING )? ';'`
  private mutating func assertion() -> StatementSyntax {
    let start = here
    advance()
    let condition = expr()
    let message = take(.comma) ? string("a message") : nil
    if token.kind == .string {
      fail("expected ';', found \(found)", help: "a comma stands between condition and message")
    }
    finishStatement()
    return .assertion(condition, message: message, Self.join(start, condition.position))
  }
}
