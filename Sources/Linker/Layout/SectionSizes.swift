// The sizes of output sections, and the expressions of the map that ask for them.
//
// Before: every output section has its members. After: members have offsets, sections have sizes and
// alignments. A size may depend on the sizes of other sections, never in a circle (the map was
// checked), so what a map says more of is measured when somebody asks for it. A floating size (see
// SectionContents) is a guess until the section has its address: the latest round of placement knows
// it better than the first.

internal import ELF
internal import MapLang

extension Layout {
  /// Whether the map says more of a section than what it takes.
  static func hasContents(_ section: MapSection) -> Bool {
    if section.subalign != nil || section.fill != nil || section.size != nil || section.pad != nil {
      return true
    }
    if case .powerOfTwo = section.align { return true }
    return section.items.contains { if case .take = $0 { false } else { true } }
  }

  /// Measures all sections. Those without contents of their own first: sizes of the others may
  /// depend on them.
  func layOutSections() {
    contents = [:]
    sizeProblems = []
    outputOfSection = [Int](repeating: -1, count: selection.map.sections.count)
    for index in outputs.indices.reversed() {
      if let mapped = outputs[index].mapSection { outputOfSection[mapped.index] = index }
    }
    for index in outputs.indices where !hasContents(index) { layOutMembers(OutputID(index)) }
    // In this order no size asks for one that asks for one, and so on.
    for section in selection.map.sizeOrder {
      if let id = output(of: section), hasContents(id.index) { layOutContents(id) }
    }
    for index in outputs.indices where hasContents(index) { layOutContents(OutputID(index)) }
  }

  private func hasContents(_ index: Int) -> Bool {
    guard let mapped = outputs[index].mapSection else { return false }
    return Layout.hasContents(selection.map[mapped])
  }

  /// The same for one section whose members changed.
  func layOutAgain(_ id: OutputID) {
    // Sizes of others may depend on it.
    if contents.isEmpty { layOutMembers(id) } else { layOutSections() }
  }

  // MARK: Plain sections

  /// Offsets of the members, size and alignment of the section.
  private func layOutMembers(_ id: OutputID) {
    if let slot = outputs[id.index].slot { return layOut(slot, id) }
    var offset: UInt64 = 0
    var alignment: UInt64 = 1
    let sections = selection.sections
    let align = outputs[id.index].mapSection.flatMap { selection.map[$0].align?.value(0) }
    for member in outputs[id.index].members {
      let section = sections[member]
      let own = section.alignment
      if own > alignment { alignment = own }
      offset = (offset &+ own &- 1) & ~(own &- 1)
      sections[member].offset = offset
      sections[member].output = id
      // Each is smaller than the limit, which `checkSizes` reports.
      offset = min(offset &+ section.size, Layout.largestSize)
    }
    outputs[id.index].size = offset
    outputs[id.index].alignment = max(alignment, align ?? 1, requestedAlignment(of: id))
    placeExceptionFrames(id)
  }

  /// --section-align.
  private func requestedAlignment(of id: OutputID) -> UInt64 {
    options.sectionAlignments.isEmpty ? 1 : options.sectionAlignments[outputs[id.index].name] ?? 1
  }

  /// The parts of `.eh_frame` are relative to the linker-made row that they are in.
  private func placeExceptionFrames(_ id: OutputID) {
    guard let row = selection.syntheticRows[.exceptionFrames],
      selection.sections[row].output == id, outputs[id.index].members.contains(row)
    else { return }
    for input in selection.exceptionFrames.inputs { selection.sections[input].output = id }
  }

  // MARK: Sections with contents of their own

  /// Lays out one such section, and those that its size depends on.
  private func layOutContents(_ id: OutputID) {
    guard contents[id] == nil, let mapped = outputs[id.index].mapSection else { return }
    adopt(ContentsBuilder.measure(self, id, selection.map[mapped], at: 0), id)
    placeExceptionFrames(id)
  }

  /// Where the contents of a section lie if it begins at `address`; nil: everywhere the same.
  func floatingContents(_ id: OutputID, at address: UInt64) -> SectionContents? {
    guard contents[id]?.isFloating == true, let mapped = outputs[id.index].mapSection else {
      return nil
    }
    return ContentsBuilder.measure(self, id, selection.map[mapped], at: address)
  }

  func adopt(_ measured: SectionContents, _ id: OutputID) {
    for (member, offset) in zip(measured.members, measured.offsets) {
      selection.sections[member].offset = offset
      selection.sections[member].output = id
    }
    outputs[id.index].members = measured.members
    outputs[id.index].size = measured.size
    outputs[id.index].alignment = max(measured.alignment, requestedAlignment(of: id))
    contents[id] = measured
  }

  // MARK: Expressions

  /// The value of a placement expression: constants, sizes and alignments. Reports what has none.
  func placementValue(_ expression: Expression, _ problems: inout [MapDiagnostic]) -> UInt64? {
    do throws(EvaluationError) {
      let value = try evaluate(expression, width: selection.map.width) { self.placementAnswer($0) }
      if let number = value.unsigned { return number }
      problems.append(
        MapDiagnostic(
          .badNumber, "\(value.number) is neither an address nor a size",
          at: expression.position))
    } catch {
      problems.append(MapDiagnostic(error))
    }
    return nil
  }

  /// `pad` with its number. Reports one that comes to 0.
  func settled(_ padding: Padding?, _ problems: inout [MapDiagnostic]) -> SettledPadding? {
    switch padding {
    case nil: return nil
    case .powerOfTwo: return .powerOfTwo
    case .multiple(let expression):
      guard let multiple = placementValue(expression, &problems) else { return nil }
      if multiple > 0 { return .multiple(multiple) }
      problems.append(
        MapDiagnostic(.badNumber, "'pad' comes to 0 here", at: expression.position))
      return nil
    }
  }

  private func placementAnswer(_ query: Query) -> Value? {
    let map = selection.map
    switch query {
    case .section(.size, let section): return Value(contentSize(section))
    case .section(.alignment, let section):
      guard let id = output(of: section) else { return Value(1 as UInt64) }
      if Layout.hasContents(map[section]) { layOutContents(id) }
      return Value(outputs[id.index].alignment)
    case .region(.start, let region): return Value(map[region].at, isAddress: true)
    case .region(.size, let region): return map[region].size.map { Value($0) }
    case .region(.end, let region):
      return map[region].size.map { Value(Int128(map[region].at) + Int128($0), isAddress: true) }
    case .section, .region, .symbol: return nil
    }
  }

  private func contentSize(_ section: MapSectionID) -> UInt64 {
    guard let id = output(of: section) else { return 0 }
    if Layout.hasContents(selection.map[section]) { layOutContents(id) }
    if contents[id]?.isFloating == true, let settled = floatingSizes[id] { return settled }
    return outputs[id.index].size
  }

  /// The output section that a section of the map became; nil: it is left out.
  func output(of section: MapSectionID) -> OutputID? {
    let index = outputOfSection[section.index]
    return index >= 0 && outputs[index].mapSection == section ? OutputID(index) : nil
  }

  // MARK: Bounds

  /// `min`, `max`, and what else is asked of sizes, once they are final. SM306.
  func checkMapSizes() -> [MapDiagnostic] {
    let map = selection.map
    var problems: [MapDiagnostic] = []
    for index in map.sections.indices {
      let row = map.sections[index]
      guard row.min != nil || row.max != nil else { continue }
      let size = output(of: MapSectionID(index)).map { outputs[$0.index].size } ?? 0
      checkSize("section '\(row.name)'", size, row.min, row.max, &problems)
    }
    for id in contents.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
      for limit in contents[id]?.limits ?? [] {
        checkSize(limit.what, limit.size, limit.min, limit.max, &problems)
      }
    }
    for reserve in reserves {
      guard let id = reserve.reserve else { continue }
      checkSize(
        "reserve '\(map[id].name)'", reserve.size, map[id].min, map[id].max, &problems)
    }
    return problems
  }

  func checkSize(
    _ what: String, _ size: UInt64, _ min: Expression?, _ max: Expression?,
    _ problems: inout [MapDiagnostic]
  ) {
    if let min, let limit = placementValue(min, &problems), size < limit {
      problems.append(
        MapDiagnostic(
          .sizeViolated, "\(what) has \(bytes(size)), fewer than its 'min' of \(limit)",
          at: min.position))
    }
    if let max, let limit = placementValue(max, &problems), size > limit {
      problems.append(
        MapDiagnostic(
          .sizeViolated, "\(what) has \(bytes(size)), more than its 'max' of \(limit)",
          at: max.position))
    }
  }
}

/// A `Padding` of which the number is known.
enum SettledPadding {
  /// Up to an address that is a multiple; not 0.
  case multiple(UInt64)
  /// Up to a size that is a power of two.
  case powerOfTwo
}

extension MapDiagnostic {
  /// Why an expression of the map has no value.
  init(_ error: EvaluationError) {
    let words: String
    var code = MapCode.badNumber
    switch error.reason {
    case .outOfRange: words = "the result does not fit the numbers of the target"
    case .divisionByZero: words = "division by zero"
    case .shiftCount: words = "a shift by less than 0 or more than 127 bits"
    case .notPowerOfTwo: words = "the alignment is not a power of two"
    case .unknown(.symbol(let name)):
      code = .noSuchSymbol
      words = "no symbol '\(name)' is defined"
    case .unknown(.region(let property, _)):
      words = "'\(property.functionName)' of a region without a size"
    case .unknown(.section(let property, _)):
      words = "the section is left out, so it has no '\(property.functionName)'"
    }
    self.init(code, words, at: error.position)
  }
}
