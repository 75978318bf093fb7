// The rule of the section map that takes an input section.

internal import ELF
internal import MapLang
internal import Parallel

extension Selection {
  /// Asks the map for the section's rule; false: it is not in the output.
  func chooseRule(
    _ section: inout InputSection, _ name: ByteView, _ patterns: FilePatternSet, _ found: Found,
    _ worker: Worker
  ) -> Bool {
    switch matcher.rule(name: name.buffer, traits: traits(section), file: patterns) {
    case .none:
      section.rule = InputSection.noRule
      if map.orphans == .discard && section.size > 0 && !isCompanion(section) {
        if !section.kind.contains(.common) {
          found.discardedOrphans.append((section.file, Int(section.index)), worker)
        }
        return false
      }
    case .ambiguous(let number):
      section.rule = InputSection.noRule
      found.ambiguities.append((number, section.file, Int(section.index)), worker)
    case .rule(let id):
      let rule = ruleFacts[id.index]
      switch rule.kind {
      case .discard: return false
      case .forbid, .take, .gather:
        section.rule = id.rawValue
        if rule.keep { section.kind.insert(.keep) }
      }
      if rule.reversesConstructors && (name.hasPrefix(".ctors") || name.hasPrefix(".dtors")) {
        section.kind.insert(.reversed)
      }
    }
    return true
  }

  /// Whether the map drops a section that only `discard` can mean.
  func isDiscarded(
    _ name: ByteView, _ section: InputSection, _ patterns: FilePatternSet
  ) -> Bool {
    guard
      case .rule(let id) = matcher.rule(
        name: name.buffer, traits: traits(section), file: patterns)
    else { return false }
    return ruleFacts[id.index].kind == .discard
  }

  /// Sections that go where their kind goes under every policy for orphans.
  func isCompanion(_ section: InputSection) -> Bool {
    !section.kind.isDisjoint(with: [
      .synthetic, .initArray, .finiArray, .preinitArray, .exceptionFrames,
    ])
  }

  func traits(_ section: InputSection) -> SectionTraits {
    var traits: SectionTraits = []
    if section.kind.contains(.alloc) { traits.insert(.alloc) }
    if section.kind.contains(.write) { traits.insert(.write) }
    if section.kind.contains(.exec) { traits.insert(.exec) }
    if section.kind.contains(.tls) { traits.insert(.tls) }
    if section.kind.contains(.noBits) { traits.insert(.noBits) }
    if section.kind.contains(.note) { traits.insert(.note) }
    if section.kind.contains(.synthetic) { traits.insert(.linkerMade) }
    if section.kind.contains(.common) { traits.insert(.common) }
    if !section.kind.isDisjoint(with: [.initArray, .finiArray, .preinitArray, .exceptionFrames]) {
      traits.insert(.specialType)
    }
    return traits
  }
}
