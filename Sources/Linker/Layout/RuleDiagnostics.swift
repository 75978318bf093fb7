// The messages about sections that rules of a map claim or forbid, of every kind of link.

internal import MapLang

extension MapDiagnostic {
  /// SM201: two rules claim a section.
  static func ambiguous(_ pair: Ambiguity, _ example: String, _ map: SectionMap) -> MapDiagnostic {
    func selector(_ rule: RuleID, _ number: Int) -> Selector {
      map[rule].selectors[min(number, map[rule].selectors.count - 1)]
    }
    let first = selector(pair.firstRule, pair.firstSelector)
    let second = selector(pair.secondRule, pair.secondSelector)
    let section = example.split(separator: "(").last.map { $0.dropLast() } ?? ""
    return MapDiagnostic(
      .ambiguousRules, "two rules claim \(example), neither is more specific",
      at: first.position, label: meaning(first),
      notes: [MapDiagnostic.Note(meaning(second), at: second.position)],
      help: "name \(section) more exactly in the rule that should win, or write 'prefer take' in "
        + "one of them")
  }

  /// `only app.o, .text and .text.*`.
  private static func meaning(_ selector: Selector) -> String {
    let file =
      switch selector.file {
      case .any: "any file"
      case .linker: "what the linker makes"
      case .object(let name, _): "only \(name)"
      case .archive(let archive, let member, _):
        archive.isEmpty
          ? "only \(member) outside archives"
          : "only \(archive)\(member.isEmpty ? "" : ":" + member)"
      }
    let section =
      switch selector.section {
      case .any: "every section"
      case .kind(let kind): "@\(kind.name)"
      case .name(let name, _): name
      case .family(let name): "\(name) and \(name).*"
      }
    return "\(file), \(section)"
  }

  /// The words of `forbid`, with the first of `count` sections that are there.
  static func forbidden(
    _ rule: Rule, _ example: String, _ count: Int, _ size: UInt64
  ) -> MapDiagnostic {
    let others = count > 1 ? " and \(count - 1) more" : ""
    return MapDiagnostic(
      .forbiddenSection,
      (rule.message ?? "a forbidden section is present")
        + ": \(example) has \(byteCount(size))\(others)",
      at: rule.selectors.first?.position ?? rule.position)
  }
}
