// How two selectors relate: may one section match both, and is one at least as specific?
//
// The matcher compares selectors only when a section meets both. Here the question is asked of the
// texts alone: for the static warning of `swold-map check`, and for printing a merged map.

internal import Text

package struct SelectorRelation {
  /// first ⊑ second
  package let firstIsWithinSecond: Bool
  /// second ⊑ first
  package let secondIsWithinFirst: Bool
  /// Whether some section of some file could match both. False is certain; true may be too
  /// cautious for two kinds of traits that never occur together.
  package let mayMeet: Bool

  package init(_ first: CompiledSelector, _ second: CompiledSelector) {
    let (a, b) = (first.section, second.section)
    let (c, d) = (first.file, second.file)
    firstIsWithinSecond = a.isAtLeastAsSpecific(as: b) && c.isAtLeastAsSpecific(as: d)
    secondIsWithinFirst = b.isAtLeastAsSpecific(as: a) && d.isAtLeastAsSpecific(as: c)
    mayMeet = a.mayMeet(b) && c.mayMeet(d)
  }

  init(_ first: Selector, _ second: Selector) {
    self.init(CompiledSelector(first), CompiledSelector(second))
  }
}

/// A selector, ready to be compared with many.
package struct CompiledSelector: Sendable {
  let section: CompiledSectionPattern
  let file: CompiledFilePattern

  init(_ selector: Selector) {
    section = CompiledSectionPattern(selector.section)
    file = CompiledFilePattern(selector.file)
  }

  package init(_ file: FilePattern, _ section: SectionPattern) {
    self.section = CompiledSectionPattern(section)
    self.file = CompiledFilePattern(file)
  }

  /// With what every name begins that the section pattern matches.
  package var prefix: [UInt8] {
    // Of `X` and `X.*` the first is the shorter.
    var prefix: [UInt8] = []
    for token in section.globs.first?.tokens ?? [] {
      guard case .byte(let byte) = token else { break }
      prefix.append(byte)
    }
    return prefix
  }
}

extension CompiledSectionPattern {
  /// Whether some section name and traits match both.
  func mayMeet(_ other: CompiledSectionPattern) -> Bool {
    switch (form, other.form) {
    case (.any, _), (_, .any): true
    case (.kind(let a), .kind(let b)): a == b || a == .alloc || b == .alloc
    // A name can belong to a section of any kind, unless it is a C identifier.
    case (.kind, .name), (.name, .kind): true
    case (.name, .name): globs.contains { own in other.globs.contains { own.meets($0) } }
    }
  }
}

extension CompiledFilePattern {
  /// Whether some file matches both.
  func mayMeet(_ other: CompiledFilePattern) -> Bool {
    switch (form, other.form) {
    case (.any, _), (_, .any), (.linker, .linker): return true
    case (.linker, .file), (.file, .linker): return false
    case (.file, .file): break
    }
    switch (archive, other.archive) {
    case (.named(let a), .named(let b)): if !Self.meet(a, b) { return false }
    case (.named, .outside), (.outside, .named): return false
    case (.unspecified, _), (_, .unspecified), (.outside, .outside): break
    }
    guard let member, let otherMember = other.member else { return true }
    return Self.meet(member, otherMember)
  }

  /// Components are compared from the right; the longer pattern decides the rest alone.
  private static func meet(_ a: [Glob], _ b: [Glob]) -> Bool {
    zip(a.reversed(), b.reversed()).allSatisfy { $0.meets($1) }
  }
}

extension Glob {
  /// Whether some name matches both: the product of the two automata, state by state.
  func meets(_ other: Glob) -> Bool {
    // Nearly all pairs differ before the first wildcard.
    for (own, second) in zip(tokens, other.tokens) {
      guard case .byte(let a) = own, case .byte(let b) = second else { break }
      if a != b { return false }
    }
    return witness(with: other) != nil
  }

  /// A shortest name that matches both, for messages.
  func witness(with other: Glob) -> [UInt8]? {
    // Breadth first over pairs of positions. `*` may be left without reading a byte.
    struct Step {
      var own: Int
      var other: Int
      var previous: Int
      var byte: UInt8?
    }
    let width = other.tokens.count + 1
    var isSeen = [Bool](repeating: false, count: (tokens.count + 1) * width)
    var steps: [Step] = []
    func visit(_ own: Int, _ second: Int, _ previous: Int, _ byte: UInt8?) {
      guard !isSeen[own * width + second] else { return }
      isSeen[own * width + second] = true
      steps.append(Step(own: own, other: second, previous: previous, byte: byte))
    }
    visit(0, 0, -1, nil)
    var index = 0
    while index < steps.count {
      let step = steps[index]
      if step.own == tokens.count && step.other == other.tokens.count {
        var name: [UInt8] = []
        var back = index
        while back >= 0 {
          if let byte = steps[back].byte { name.append(byte) }
          back = steps[back].previous
        }
        return name.reversed()
      }
      let first = step.own < tokens.count ? tokens[step.own] : nil
      let second = step.other < other.tokens.count ? other.tokens[step.other] : nil
      if first == .star { visit(step.own + 1, step.other, index, nil) }
      if second == .star { visit(step.own, step.other + 1, index, nil) }
      if let first, let second, let byte = Self.commonByte(first, second) {
        visit(
          step.own + (first == .star ? 0 : 1), step.other + (second == .star ? 0 : 1), index, byte)
      }
      index += 1
    }
    return nil
  }

  /// A byte that both tokens accept, a letter if possible.
  private static func commonByte(_ a: GlobToken, _ b: GlobToken) -> UInt8? {
    if case .byte(let byte) = a { return b.accepts(byte) ? byte : nil }
    if case .byte(let byte) = b { return a.accepts(byte) ? byte : nil }
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    return letters.first { a.accepts($0) && b.accepts($0) }
      ?? (UInt8.min...UInt8.max).first { a.accepts($0) && b.accepts($0) }
  }
}
