// The choice of a rule, written from docs/SectionMap/Reference.md (see "Which rule wins") in the
// plainest way: every rule is looked at for every section, patterns are compared by recursion over
// their texts. It is the oracle for the compiled matcher and shares no code with it.

import MapLang

struct ReferenceMatcher {
  let map: SectionMap

  struct File {
    var path: String?  // nil: the linker
    var member: String?
  }

  enum Outcome: Equatable {
    case none
    case rule(RuleID)
    case ambiguous
  }

  func rule(name: String, traits: SectionTraits, file: File) -> Outcome {
    var candidates: [(rule: RuleID, selector: Selector)] = []
    for (index, rule) in map.rules.enumerated() {
      let isExcepted = rule.except.contains {
        matchesFile($0.file, file) && matches($0.section, name, traits, rule.kind, isExcept: true)
      }
      if isExcepted { continue }
      for selector in rule.selectors
      where matchesFile(selector.file, file)
        && matches(selector.section, name, traits, rule.kind, isExcept: false)
      {
        candidates.append((RuleID(index), selector))
      }
    }
    if candidates.contains(where: { !map[$0.rule].isForOrphans }) {
      candidates.removeAll { map[$0.rule].isForOrphans }
    }
    let all = candidates
    candidates = all.filter { one in
      !all.contains {
        Order.isWithin($0.selector, one.selector) && !Order.isWithin(one.selector, $0.selector)
      }
    }
    if candidates.contains(where: { !map[$0.rule].isBuiltIn }) {
      candidates.removeAll { map[$0.rule].isBuiltIn }
    }
    let rules = Set(candidates.map(\.rule))
    guard let first = rules.min() else { return .none }
    if rules.count == 1 { return .rule(first) }
    let preferred = rules.filter { map[$0].prefer }
    if preferred.count == 1 { return .rule(preferred.first!) }
    if rules.allSatisfy({ map[$0].kind == .take && map[$0].section == map[first].section }) {
      return .rule(first)
    }
    if rules.allSatisfy({ map[$0].kind == .discard }) { return .rule(first) }
    return .ambiguous
  }

  // MARK: - Section patterns

  private func matches(
    _ pattern: SectionPattern, _ name: String, _ traits: SectionTraits, _ rule: RuleKind,
    isExcept: Bool
  ) -> Bool {
    let isAllocated = traits.contains(.alloc)
    let isMade = isAllocated && traits.contains(.linkerMade)
    let isSpecial = isAllocated && traits.contains(.specialType)
    let isOrdinary = isAllocated && !isMade && !isSpecial
    switch pattern {
    case .any: return isExcept || isOrdinary
    case .kind(let kind):
      guard isOrdinary, traits.contains(.common) || !isIdentifier(name) else { return false }
      return kind == .alloc || isOfKind(kind, traits)
    case .name(let text, let isLiteral):
      return matchesName(
        text, isGlob: !isLiteral && text.contains { "*?[".contains($0) }, name, isMade: isMade,
        isAllocated: isAllocated, rule, isExcept)
    case .family(let text):
      let isGlob = text.contains { "*?[".contains($0) }
      return matchesName(
        text, isGlob: isGlob, name, isMade: isMade, isAllocated: isAllocated, rule, isExcept)
        || matchesName(
          text + ".*", isGlob: true, name, isMade: isMade, isAllocated: isAllocated, rule, isExcept)
    }
  }

  private func matchesName(
    _ text: String, isGlob: Bool, _ name: String, isMade: Bool, isAllocated: Bool,
    _ rule: RuleKind, _ isExcept: Bool
  ) -> Bool {
    guard isGlob ? Text.matches(Text.tokens(text)[...], Array(name.utf8)[...]) : text == name else {
      return false
    }
    if isExcept { return true }
    if !isAllocated { return rule == .discard }
    return !isMade || !isGlob
  }

  private func isIdentifier(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return name.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
        || $0 == 0x5f
    }
  }

  /// The table of kinds; each is a condition of its own.
  private func isOfKind(_ kind: SectionKind, _ traits: SectionTraits) -> Bool {
    let isTLS = traits.contains(.tls)
    let isNote = traits.contains(.note) && !isTLS
    let isExecutable = traits.contains(.exec) && !isTLS && !isNote
    let isWritable = traits.contains(.write)
    let isEmpty = traits.contains(.noBits) || traits.contains(.common)
    let isPlain = !isTLS && !isNote && !isExecutable
    switch kind {
    case .alloc: return true
    case .tdata: return isTLS && !isEmpty
    case .tbss: return isTLS && isEmpty
    case .note: return isNote
    case .code: return isExecutable
    case .data: return isPlain && isWritable && !isEmpty && !traits.contains(.common)
    case .bss: return isPlain && (traits.contains(.common) || (isWritable && isEmpty))
    case .rodata: return isPlain && !isWritable && !traits.contains(.common)
    }
  }

  // MARK: - Files

  private func matchesFile(_ pattern: FilePattern, _ file: File) -> Bool {
    switch pattern {
    case .any: return true
    case .linker: return file.path == nil
    case .object(let name, let isLiteral):
      guard let path = file.path else { return false }
      return matchesPath(name, isLiteral, file.member ?? path)
    case .archive(let archive, let member, let isLiteral):
      guard let path = file.path else { return false }
      if archive.isEmpty {
        return file.member == nil && (member.isEmpty || matchesPath(member, isLiteral, path))
      }
      guard let name = file.member, matchesPath(archive, isLiteral, path) else { return false }
      return member.isEmpty || matchesPath(member, isLiteral, name)
    }
  }

  private func matchesPath(_ pattern: String, _ isLiteral: Bool, _ path: String) -> Bool {
    let wanted = pattern.split(separator: "/")
    let parts = path.split(separator: "/").suffix(wanted.count)
    guard parts.count == wanted.count else { return false }
    return zip(wanted, parts).allSatisfy { pattern, part in
      isLiteral
        ? pattern == part : Text.matches(Text.tokens(String(pattern))[...], Array(part.utf8)[...])
    }
  }
}

/// Globs as texts.
enum Text {
  /// `a`, `?`, `*`, `[a-z]`: each a string.
  static func tokens(_ text: String) -> [String] {
    var rest = Substring(text)
    var tokens: [String] = []
    while let first = rest.first {
      if first == "[" {
        var inner = rest.dropFirst()
        if inner.first == "!" { inner = inner.dropFirst() }
        if let close = inner.dropFirst().firstIndex(of: "]") {
          tokens.append(String(rest[...close]))
          rest = rest[rest.index(after: close)...]
          continue
        }
        tokens.append("[[]")
      } else {
        tokens.append(String(first))
      }
      rest = rest.dropFirst()
    }
    return tokens
  }

  static func members(_ token: String) -> Set<UInt8> {
    if token == "?" { return Set(UInt8.min...UInt8.max) }
    guard token.hasPrefix("[") && token.count > 1 else { return Set(token.utf8) }
    var inner = Array(token.utf8.dropFirst().dropLast())
    let isInverted = inner.first == UInt8(ascii: "!")
    if isInverted { inner.removeFirst() }
    var set: Set<UInt8> = []
    var index = 0
    while index < inner.count {
      if index + 2 < inner.count, inner[index + 1] == UInt8(ascii: "-") {
        if inner[index] <= inner[index + 2] { set.formUnion(inner[index]...inner[index + 2]) }
        index += 3
      } else {
        set.insert(inner[index])
        index += 1
      }
    }
    return isInverted ? Set(UInt8.min...UInt8.max).subtracting(set) : set
  }

  static func matches(_ tokens: ArraySlice<String>, _ name: ArraySlice<UInt8>) -> Bool {
    guard let first = tokens.first else { return name.isEmpty }
    if first == "*" {
      return matches(tokens.dropFirst(), name)
        || (!name.isEmpty && matches(tokens, name.dropFirst()))
    }
    guard let byte = name.first, members(first).contains(byte) else { return false }
    return matches(tokens.dropFirst(), name.dropFirst())
  }

  /// `**` is `*`, `*?` is `?*`.
  static func normalised(_ tokens: [String]) -> [String] {
    var tokens = tokens
    var index = 0
    while index + 1 < tokens.count {
      if tokens[index] == "*" && tokens[index + 1] == "*" {
        tokens.remove(at: index)
        index = max(0, index - 1)
      } else if tokens[index] == "*" && tokens[index + 1] == "?" {
        tokens.swapAt(index, index + 1)
        index = max(0, index - 1)
      } else {
        index += 1
      }
    }
    return tokens
  }

  /// `covers(q, p)`, clause by clause.
  static func covers(_ q: ArraySlice<String>, _ p: ArraySlice<String>) -> Bool {
    guard let head = q.first else { return p.isEmpty }
    if head == "*" {
      return covers(q.dropFirst(), p) || (!p.isEmpty && covers(q, p.dropFirst()))
    }
    guard let other = p.first, other != "*" else { return false }
    return members(other).isSubset(of: members(head)) && covers(q.dropFirst(), p.dropFirst())
  }

  static func covers(_ q: String, _ p: String, literalQ: Bool, literalP: Bool) -> Bool {
    func form(_ text: String, _ isLiteral: Bool) -> [String] {
      isLiteral ? text.map { "[\($0)]" } : normalised(tokens(text))
    }
    return covers(form(q, literalQ)[...], form(p, literalP)[...])
  }
}

/// ⊑, from the texts.
enum Order {
  static func isWithin(_ p: Selector, _ q: Selector) -> Bool {
    isWithin(p.section, q.section) && isWithin(p.file, q.file)
  }

  static func isWithin(_ p: SectionPattern, _ q: SectionPattern) -> Bool {
    func globs(_ pattern: SectionPattern) -> [(String, Bool)]? {
      switch pattern {
      case .any, .kind: nil
      case .name(let text, let isLiteral): [(text, isLiteral)]
      case .family(let text): [(text, false), (text + ".*", false)]
      }
    }
    switch (p, q) {
    case (_, .any): return true
    case (.any, _): return false
    case (.kind(let a), .kind(let b)): return a == b || b == .alloc
    case (.kind, _): return false
    case (_, .kind): return true
    case (_, _):
      let (own, wider) = (globs(p) ?? [], globs(q) ?? [])
      return own.allSatisfy { a in
        wider.contains { b in Text.covers(b.0, a.0, literalQ: b.1, literalP: a.1) }
      }
    }
  }

  static func isWithin(_ p: FilePattern, _ q: FilePattern) -> Bool {
    func covers(_ q: String, _ p: String, _ literalQ: Bool, _ literalP: Bool) -> Bool {
      let (wider, own) = (q.split(separator: "/"), p.split(separator: "/"))
      return wider.count <= own.count
        && zip(wider.reversed(), own.reversed()).allSatisfy {
          Text.covers(String($0), String($1), literalQ: literalQ, literalP: literalP)
        }
    }
    switch (p, q) {
    case (_, .any), (.linker, .linker): return true
    case (.any, _), (.linker, _), (_, .linker): return false
    case (.object(let a, let la), .object(let b, let lb)): return covers(b, a, lb, la)
    case (.object, .archive): return false
    case (.archive(_, let member, let la), .object(let b, let lb)):
      return covers(b, member.isEmpty ? "*" : member, lb, member.isEmpty ? false : la)
    case (.archive(let a, let m, let la), .archive(let b, let n, let lb)):
      if a.isEmpty != b.isEmpty || (!b.isEmpty && !covers(b, a, lb, la)) { return false }
      return n.isEmpty || covers(n, m.isEmpty ? "*" : m, lb, m.isEmpty ? false : la)
    }
  }
}
