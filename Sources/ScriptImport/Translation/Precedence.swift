// The first rule wins in a script, the most specific one in a map.
//
// Most scripts mean the same in both languages, because people write what is special first. Where they
// do not, the later rule gets an `except` for what the earlier one takes, or disappears if nothing is
// left for it; then the two languages choose alike, whatever the input.

internal import MapLang

/// The first bytes of the names that a selector matches: most pairs differ in them.
private struct PrefixKey {
  private var bytes: (UInt64, UInt64) = (0, 0)
  private var mask: (UInt64, UInt64) = (0, 0)

  init(_ prefix: [UInt8]) {
    for (index, byte) in prefix.prefix(16).enumerated() {
      let shift = UInt64(index % 8 * 8)
      if index < 8 {
        bytes.0 |= UInt64(byte) << shift
        mask.0 |= 0xff << shift
      } else {
        bytes.1 |= UInt64(byte) << shift
        mask.1 |= 0xff << shift
      }
    }
  }

  /// False: no name can match both.
  func mayMeet(_ other: PrefixKey) -> Bool {
    (bytes.0 ^ other.bytes.0) & mask.0 & other.mask.0 == 0
      && (bytes.1 ^ other.bytes.1) & mask.1 & other.mask.1 == 0
  }
}

extension Translator {
  /// Works the order of the script into the rules.
  mutating func settlePrecedence() {
    let compiled = rules.map { rule in
      (
        selectors: rule.selectors.map { CompiledSelector($0.file, $0.section) },
        exceptions: rule.exceptions.map { CompiledSelector($0.file, $0.section) }
      )
    }
    let keys = compiled.map { $0.selectors.map { PrefixKey($0.prefix) } }
    // Selectors for which an earlier rule leaves nothing.
    var dead = [Set<Int>](repeating: [], count: rules.count)
    for later in rules.indices {
      for earlier in 0..<later {
        for (index, own) in compiled[later].selectors.enumerated() {
          for (first, other) in compiled[earlier].selectors.enumerated()
          where keys[later][index].mayMeet(keys[earlier][first])
            && !dead[later].contains(index) && !dead[earlier].contains(first)
          {
            settle(
              later, index, own, earlier, first, other, compiled[earlier].exceptions, &dead[later])
          }
        }
      }
    }
    for rule in rules.indices where !dead[rule].isEmpty {
      let lost = dead[rule].sorted().map { text(of: rules[rule].selectors[$0]) }
        .joined(separator: " ")
      remark("\(lost): an earlier rule takes all of it, here and in GNU ld", rules[rule].place)
      rules[rule].selectors = rules[rule].selectors.enumerated().filter {
        !dead[rule].contains($0.offset)
      }.map(\.element)
      if rules[rule].selectors.isEmpty {
        rules[rule].deadReason = "\(lost): an earlier rule takes all of it"
      }
    }
  }

  private mutating func settle(
    _ later: Int, _ index: Int, _ own: CompiledSelector, _ earlier: Int, _ first: Int,
    _ other: CompiledSelector, _ exceptions: [CompiledSelector], _ dead: inout Set<Int>
  ) {
    let relation = SelectorRelation(other, own)
    guard relation.mayMeet else { return }
    let isStronger = relation.firstIsWithinSecond && !relation.secondIsWithinFirst
    if isStronger { return }
    let isWeaker = relation.secondIsWithinFirst && !relation.firstIsWithinSecond
    let isOneSection = rules[later].section == rules[earlier].section
    let isEqual = relation.firstIsWithinSecond && relation.secondIsWithinFirst
    // What EXCLUDE_FILE leaves to others is not claimed.
    if exceptions.contains(where: { SelectorRelation(own, $0).firstIsWithinSecond }) { return }
    if exceptions.contains(where: { SelectorRelation(own, $0).mayMeet }) {
      if isWeaker {
        note(
          "\(text(of: rules[later].selectors[index])) is more specific than an earlier rule with EXCLUDE_FILE, which comes first in GNU ld",
          rules[later].place)
      } else if !isOneSection {
        rules[earlier].isPreferred = true
      }
      return
    }
    if relation.secondIsWithinFirst {
      dead.insert(index)
      return
    }
    // In one section the first of equals wins.
    if isOneSection && !isWeaker && !isEqual && rules[later].section != nil { return }
    if isOneSection && rules[later].section == nil { return }
    let claim = rules[earlier].selectors[first]
    let text = text(of: claim)
    if !rules[later].claimed.contains(where: { self.text(of: $0) == text }) {
      rules[later].claimed.append(claim)
    }
  }

  func text(of selector: SelectorDraft) -> String {
    selector.fileText == "*"
      ? selector.sectionText : "\(selector.fileText)(\(selector.sectionText))"
  }

  /// Selectors as a map writes them, those of one file together.
  func text(of selectors: [SelectorDraft]) -> String {
    var words: [String] = []
    var index = 0
    while index < selectors.count {
      let file = selectors[index].fileText
      if file == "*" {
        words.append(selectors[index].sectionText)
        index += 1
        continue
      }
      var sections: [String] = []
      while index < selectors.count, selectors[index].fileText == file {
        sections.append(selectors[index].sectionText)
        index += 1
      }
      words.append("\(file)(\(sections.joined(separator: " ")))")
    }
    return words.joined(separator: " ")
  }

  /// The statement of a rule.
  func nodes(ofRule number: Int) -> [MapNode] {
    let rule = rules[number]
    var nodes = rule.before.map { MapNode.comment($0) }
    if let reason = rule.deadReason { return nodes + [.comment(reason)] }
    guard !rule.selectors.isEmpty else { return nodes }
    var line = rule.section == nil ? "discard" : "take"
    if rule.isPreferred { line = "prefer " + line }
    if rule.isKept { line = "keep " + line }
    line += " " + text(of: rule.selectors)
    let exceptions = rule.exceptions + rule.claimed
    if !exceptions.isEmpty { line += " except " + text(of: exceptions) }
    if !rule.sort.isEmpty { line += " sort " + rule.sort.joined(separator: ", ") }
    nodes.append(.line(line + ";", behind: rule.behind))
    return nodes
  }
}
