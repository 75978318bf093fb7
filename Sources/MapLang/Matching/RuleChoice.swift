// Which rule wins: section 5.3 of the design, for one combination of name items, traits and file.
//
// This is the slow half of the matcher: it runs once per combination, and the matcher remembers
// what came out. It also says why each candidate lost, for `--explain`.

/// Why a candidate was chosen or not.
public enum CandidateVerdict: Sendable, Hashable {
  case chosen
  /// An `except` of its rule matches.
  case excepted
  /// The other candidate is strictly more specific.
  case lessSpecific(than: RuleID)
  /// It is for what no other rule takes, and another does.
  case onlyForOrphans
  /// Built-in, and a rule of the user remains.
  case yieldsToUser
  /// Another rule says `prefer`.
  case notPreferred
  /// A rule of the same section (or another discard) stands before it.
  case laterInText
  /// Neither more nor less specific than another candidate: an error.
  case ambiguous
}

/// A rule that could have had a section, and what became of that.
public struct RuleCandidate: Sendable {
  /// The rule whose selector matched.
  public var rule: RuleID
  /// The selector that matched, an index into `rule.selectors`.
  public var selector: Int
  /// Why it was chosen, or not.
  public var verdict: CandidateVerdict
}

/// Two rules that claim one section.
public struct Ambiguity: Sendable, Hashable {
  /// The one that stands first in the text.
  public var firstRule: RuleID
  /// The selector of the first rule that matched, an index into `Rule.selectors`.
  public var firstSelector: Int
  /// A rule of another section that is neither more nor less specific.
  public var secondRule: RuleID
  /// The selector of the second rule that matched, an index into `Rule.selectors`.
  public var secondSelector: Int
}

enum Choice: Sendable {
  case none
  /// `byPreference`: only because it says `prefer`.
  case rule(RuleID, byPreference: Bool)
  case ambiguous(Ambiguity)
}

extension RuleIndex {
  /// Chooses among the selectors that match (`matches`, restricted to the file). `explain` hears the
  /// verdict on each.
  func choose(
    _ matching: [Int], rules: [Rule], explain: ((RuleCandidate) -> Void)? = nil
  ) -> Choice {
    func say(_ selector: Int, _ verdict: CandidateVerdict) {
      explain?(
        RuleCandidate(
          rule: selectors[selector].rule, selector: selectors[selector].number, verdict: verdict))
    }
    func rule(_ selector: Int) -> Rule { rules[selectors[selector].rule.index] }

    var candidates = matching.filter { !selectors[$0].isExcept }
    let exceptions = matching.filter { selectors[$0].isExcept }
    if !exceptions.isEmpty {
      candidates.removeAll { candidate in
        let isExcepted = exceptions.contains { selectors[$0].rule == selectors[candidate].rule }
        if isExcepted { say(candidate, .excepted) }
        return isExcepted
      }
    }
    if candidates.isEmpty { return .none }
    candidates.sort()
    if candidates.count > 1, candidates.contains(where: { !rule($0).isForOrphans }) {
      candidates.removeAll { candidate in
        if rule(candidate).isForOrphans { say(candidate, .onlyForOrphans) }
        return rule(candidate).isForOrphans
      }
    }
    // A candidate stays if no other is strictly more specific.
    if candidates.count > 1 {
      let all = candidates
      candidates.removeAll { candidate in
        let better = all.first { isStrictlyMoreSpecific($0, than: candidate) }
        if let better { say(candidate, .lessSpecific(than: selectors[better].rule)) }
        return better != nil
      }
    }
    if candidates.contains(where: { !rule($0).isBuiltIn }) {
      candidates.removeAll { candidate in
        if rule(candidate).isBuiltIn { say(candidate, .yieldsToUser) }
        return rule(candidate).isBuiltIn
      }
    }
    func finish(_ winner: Int, _ verdict: CandidateVerdict) -> Choice {
      for candidate in candidates {
        say(candidate, selectors[candidate].rule == selectors[winner].rule ? .chosen : verdict)
      }
      return .rule(selectors[winner].rule, byPreference: verdict == .notPreferred)
    }
    let first = candidates[0]
    guard let other = candidates.first(where: { selectors[$0].rule != selectors[first].rule })
    else { return finish(first, .chosen) }
    let preferred = candidates.filter { rule($0).prefer }
    if let winner = preferred.first,
      preferred.allSatisfy({ selectors[$0].rule == selectors[winner].rule })
    {
      return finish(winner, .notPreferred)
    }
    let firstRule = rule(first)
    let agree = candidates.allSatisfy {
      rule($0).kind == firstRule.kind && rule($0).section == firstRule.section
    }
    if agree && firstRule.kind != .forbid { return finish(first, .laterInText) }
    for candidate in candidates { say(candidate, .ambiguous) }
    return .ambiguous(
      Ambiguity(
        firstRule: selectors[first].rule, firstSelector: selectors[first].number,
        secondRule: selectors[other].rule, secondSelector: selectors[other].number))
  }

  private func isStrictlyMoreSpecific(_ first: Int, than second: Int) -> Bool {
    isAtLeastAsSpecific(first, as: second) && !isAtLeastAsSpecific(second, as: first)
  }

  /// first ⊑ second, on both parts of the selectors.
  private func isAtLeastAsSpecific(_ first: Int, as second: Int) -> Bool {
    let own = selectors[first]
    let other = selectors[second]
    return own.section.isAtLeastAsSpecific(as: other.section)
      && (own.file == other.file
        || filePatterns[own.file].isAtLeastAsSpecific(as: filePatterns[other.file]))
  }
}
