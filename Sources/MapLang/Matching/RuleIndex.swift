// The rules of a map, arranged by what they match.
//
// Every distinct name pattern is an *item* of the automaton; every selector hangs on the items (or
// the kind, or the bare `*`) that can make it match. Given the items that a name matched, the
// candidates are found without looking at any other rule.

/// What the rules ask of an input section besides its name: few classes, so choices can be tabled.
struct TraitClass: Sendable {
  /// 0 … 6: ordinary, the raw value of its kind.
  static let common: UInt8 = 7
  static let special: UInt8 = 8
  static let linkerMade: UInt8 = 9
  static let notAllocated: UInt8 = 10
  /// Ordinary, and the name is a C identifier: no kind means it, so the kind does not matter.
  static let identifier: UInt8 = 11
  /// Common symbols of thread-local storage.
  static let commonTLS: UInt8 = 12
  /// Classes per row of a table.
  static let stride = 16

  static func of(_ traits: SectionTraits) -> UInt8 {
    guard let kind = traits.kind else { return notAllocated }
    if traits.contains(.linkerMade) { return linkerMade }
    if traits.contains(.specialType) { return special }
    if traits.contains(.common) { return kind == .tbss ? commonTLS : common }
    return kind.rawValue
  }

  /// The class of every value of `SectionTraits`.
  static func table() -> [UInt8] {
    (0..<1 << SectionTraits.bitCount).map { of(SectionTraits(rawValue: UInt16($0))) }
  }
}

/// One selector of one rule, ready to compare.
struct IndexedSelector: Sendable {
  let rule: RuleID
  /// Position in `rule.selectors` or `rule.except`.
  let number: Int
  let isExcept: Bool
  let section: CompiledSectionPattern
  /// Index into `RuleIndex.filePatterns`; 0 is `*`.
  let file: Int
}

/// A candidate for a section: it matched, and its rule has no `except` that did.
struct RuleIndex: Sendable {
  private(set) var selectors: [IndexedSelector] = []
  private(set) var filePatterns: [CompiledFilePattern] = [CompiledFilePattern(.any)]
  /// Whether a rule names a kind, so that it matters which names are C identifiers.
  var usesKinds: Bool { !kindSelectors.isEmpty }

  // Linked lists of selectors: the first of each item, and the next of each link.
  private var firstOfItem: [Int32] = []
  private var links: [(selector: Int32, next: Int32)] = []
  private var kindSelectors: [Int] = []
  private var anySelectors: [Int] = []
  private(set) var isFullName: [Bool] = []

  init(_ map: SectionMap, _ builder: inout NameAutomatonBuilder) {
    var indexOfFilePattern: [FilePattern: Int] = [:]
    var itemsOfSelector: [(item: UInt32, selector: Int32)] = []
    selectors.reserveCapacity(map.rules.count * 2)
    for (ruleIndex, rule) in map.rules.enumerated() {
      for isExcept in [false, true] {
        for (number, selector) in (isExcept ? rule.except : rule.selectors).enumerated() {
          var file = 0
          if selector.file != .any {
            if let known = indexOfFilePattern[selector.file] {
              file = known
            } else {
              file = filePatterns.count
              filePatterns.append(CompiledFilePattern(selector.file))
              indexOfFilePattern[selector.file] = file
            }
          }
          let section = CompiledSectionPattern(selector.section)
          switch section.form {
          case .any: anySelectors.append(selectors.count)
          case .kind: kindSelectors.append(selectors.count)
          case .name:
            for glob in section.globs {
              itemsOfSelector.append((builder.insert(glob), Int32(selectors.count)))
            }
          }
          selectors.append(
            IndexedSelector(
              rule: RuleID(ruleIndex), number: number, isExcept: isExcept, section: section,
              file: file))
        }
      }
    }
    isFullName = builder.items.map(\.isFullName)
    firstOfItem = [Int32](repeating: -1, count: builder.items.count)
    links.reserveCapacity(itemsOfSelector.count)
    for (item, selector) in itemsOfSelector.reversed() {
      links.append((selector, firstOfItem[Int(item)]))
      firstOfItem[Int(item)] = Int32(links.count - 1)
    }
  }

  /// The selectors that match a name with these items in a section of this class, whatever its file,
  /// ascending: the table of section 5.1 of the design. Inside `except` names and a bare `*` mean what
  /// they say, whatever the section; kinds mean the same as elsewhere. Of the selectors in `except`
  /// only those whose rule is a candidate are there: no other rule cares.
  func matches(_ items: [UInt32], traitClass: UInt8, ruleKind: (RuleID) -> RuleKind) -> [Int] {
    var candidates: [Int] = []
    var exceptions: [Int] = []
    for item in items {
      var link = firstOfItem[Int(item)]
      while link >= 0 {
        let selector = Int(links[Int(link)].selector)
        link = links[Int(link)].next
        let entry = selectors[selector]
        if entry.isExcept {
          exceptions.append(selector)
        } else if traitClass == TraitClass.linkerMade {
          if isFullName[Int(item)] { candidates.append(selector) }
        } else if traitClass == TraitClass.notAllocated {
          if ruleKind(entry.rule) == .discard { candidates.append(selector) }
        } else {
          candidates.append(selector)
        }
      }
    }
    let isOrdinary = traitClass <= TraitClass.common || traitClass >= TraitClass.identifier
    for selector in anySelectors {
      if selectors[selector].isExcept {
        exceptions.append(selector)
      } else if isOrdinary {
        candidates.append(selector)
      }
    }
    if let kind = Self.kind(traitClass) {
      for selector in kindSelectors {
        guard case .kind(let wanted) = selectors[selector].section.form,
          wanted == kind || wanted == .alloc
        else { continue }
        if selectors[selector].isExcept {
          exceptions.append(selector)
        } else {
          candidates.append(selector)
        }
      }
    }
    candidates.sort()
    if !exceptions.isEmpty {
      let candidateRules = Set(candidates.lazy.map { selectors[$0].rule })
      candidates += exceptions.filter { candidateRules.contains(selectors[$0].rule) }
      candidates.sort()
    }
    // A selector of two globs (a family) hangs on two items.
    var result: [Int] = []
    for selector in candidates where result.last != selector { result.append(selector) }
    return result
  }

  /// The kind of the sections of a class; nil: no kind means them.
  private static func kind(_ traitClass: UInt8) -> SectionKind? {
    switch traitClass {
    case TraitClass.common: .bss
    case TraitClass.commonTLS: .tbss
    case ..<TraitClass.common: SectionKind(rawValue: traitClass)
    case _: nil
    }
  }
}
