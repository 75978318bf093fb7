// What is compared when sections are folded: for each foldable section a hash of what it is by itself, and a
// list of those that its relocations lead to.
//
// The hash is over words that say the same of two sections only if either may stand for the other. What
// a relocation means is a matter of its type, its addend, and what is known of its symbol: a place in a
// section, or who it is, where the dynamic linker or a PLT entry decides. Places in merged strings are
// told by where the string lies now. Whether a symbol is a section's or a name of its own, and how long
// it is, counts as well: some relocations ask for that, and compilers do the same in equal sections.

internal import CXXHash
internal import ELF
internal import MapLang
internal import Parallel

extension Selection {
  /// The graph of the foldable sections.
  func describe(_ foldable: FoldableSections) -> ColourRefinement {
    let ids = foldable.ids
    let frames = exceptionFrames
    let starts = Block<Int>(room: ids.count)
    var room = 0
    for number in 0..<ids.count {
      starts[number] = room
      room += targetCount(of: ids[number], frames)
    }
    let counts = Block<UInt32>(room: ids.count)
    let targets = Block<UInt32>(room: room)
    let colours = Block<Colour>(room: ids.count)
    pool.parallelFor(ids.count, grain: 64) { range, _ in
      var description = SectionDescription(self, frames, foldable.numbers, targets)
      for number in range {
        description.begin(starts[number])
        description.describe(ids[number])
        colours[number] = description.colour
        counts[number] = UInt32(description.next - starts[number])
      }
    }
    return ColourRefinement(
      colours: colours, starts: starts, counts: counts, targets: targets, pool)
  }

  /// How many targets a section can have at most.
  private func targetCount(of id: SectionID, _ frames: ExceptionFrames) -> Int {
    var count = Int(sections[id].relocationCount)
    for position in frames.positions(of: id) {
      count += Int(frames.record(at: position).relocationCount)
    }
    for dependent in linkOrderDependents[id] ?? [] {
      count += Int(sections[dependent].relocationCount)
    }
    return count
  }
}

/// The description of one section after another.
private struct SectionDescription {
  /// What the words that follow say.
  private enum Mark: UInt64 {
    case nothing, symbol, absolute, string, foldable, place, defect
  }

  private let selection: Selection
  private let frames: ExceptionFrames
  private let files: Block<InputFile>
  private let sections: Column<SectionID, InputSection>
  private let definition: Column<SymbolID, SymbolID>
  private let definingSection: Column<SymbolID, SectionID>
  private let flags: AtomicFlags<SymbolID, SymbolFlags>
  private let pieces: MergePieces
  private let dependents: [SectionID: [SectionID]]
  private let numbers: Column<SectionID, UInt32>
  /// The foldable sections that are referred to.
  private let targets: Block<UInt32>
  private(set) var next = 0
  private var words: [UInt64] = []

  init(
    _ selection: Selection, _ frames: ExceptionFrames, _ numbers: Column<SectionID, UInt32>,
    _ targets: Block<UInt32>
  ) {
    self.selection = selection
    self.frames = frames
    self.numbers = numbers
    self.targets = targets
    files = selection.files
    sections = selection.sections
    definition = selection.program.definition
    definingSection = selection.definingSection
    flags = selection.program.flags
    pieces = selection.pieces
    dependents = selection.linkOrderDependents
  }

  /// Begins a description whose targets are written from `start`.
  mutating func begin(_ start: Int) {
    words.removeAll(keepingCapacity: true)
    next = start
  }

  /// The hash of what was described.
  var colour: Colour { Colour(words) }

  mutating func describe(_ id: SectionID) {
    content(id)
    let positions = frames.positions(of: id)
    words.append(UInt64(positions.count))
    for position in positions { frame(frames.record(at: position)) }
    let dependents = dependents[id] ?? []
    words.append(UInt64(dependents.count))
    for dependent in dependents { content(dependent) }
  }

  /// Place, flags, bytes and relocations.
  private mutating func content(_ id: SectionID) {
    let section = sections[id]
    let file = files[section.file.index]
    let header = file.sectionHeaders[Int(section.index)]
    // These say how the section came here, not what it is.
    let ignored = SHF.GROUP | SHF.INFO_LINK | SHF.LINK_ORDER | SHF.MERGE | SHF.STRINGS
    words.append(header.flags & ~ignored)
    words.append(UInt64(header.type) << 32 | UInt64(section.rule))
    words.append(section.size)
    // Of what no rule places by itself the name tells where it goes.
    if section.rule == InputSection.noRule
      || selection.ruleFacts[Int(section.rule)].kind == .gather
    {
      bytes(file.sectionName(header))
    }
    bytes(section.bytes)
    let records = section.relocationRecords
    words.append(UInt64(records.count))
    for index in 0..<records.count { relocation(records[index], at: records[index].offset, file) }
  }

  /// How a function is unwound. That its FDE is about it goes without saying.
  private mutating func frame(_ record: FrameRecord) {
    let section = sections[record.section]
    let file = files[section.file.index]
    words.append(UInt64(frames.cies[Int(record.cie)].cie))
    words.append(UInt64(record.relocationCount))
    // What is 0 at the end does nothing; the last FDE of a file has more of it, for alignment.
    let start = Int(record.offset) + 8
    var end = Int(record.offset) + Int(record.size)
    while end > start, section.bytes[end - 1] == 0 { end -= 1 }
    if let bytes = section.bytes.slice(start, end - start) { self.bytes(bytes) }
    let records = section.relocationRecords
    let first = Int(record.relocationStart)
    for index in first..<(first + Int(record.relocationCount)) {
      let relocation = records[index]
      let offset = relocation.offset &- UInt64(record.offset)
      guard index == first, Int(relocation.symbol) < file.symbolCount else {
        self.relocation(relocation, at: offset, file)
        continue
      }
      let value = file.symbols[Int(relocation.symbol)].value
      words.append(value &+ UInt64(bitPattern: relocation.addend))
      words.append(UInt64(relocation.type))
    }
  }

  private mutating func bytes(_ bytes: ByteView) {
    let hash = swold_xxh3_128(bytes.buffer.baseAddress, bytes.count)
    words.append(hash.low)
    words.append(hash.high)
  }

  // MARK: Relocations

  private mutating func relocation(_ record: Rela, at offset: UInt64, _ file: InputFile) {
    words.append(offset)
    words.append(UInt64(record.type))
    let addend = UInt64(bitPattern: record.addend)
    guard record.symbol != 0 else { return say(.nothing, 0, addend) }
    guard Int(record.symbol) < file.symbolCount else {
      return say(.defect, UInt64(file.symbolBase), addend)
    }
    let row = definition[file.symbolID(Int(record.symbol))]
    let facts = flags[row]
    let section = definingSection[row]
    let own = file.symbols[Int(record.symbol)]
    guard section != .none else {
      let isNumber = row == file.symbolID(Int(record.symbol)) && own.sectionIndex == SHN.ABS
      return isNumber
        ? say(.absolute, own.value, addend) : say(.symbol, UInt64(row.rawValue), addend)
    }
    // What it means is decided elsewhere, or its definition is not an entry of the section's file.
    let owner = files[sections[section].file.index]
    let index = Int(row.rawValue) - Int(owner.symbolBase)
    guard facts.isDisjoint(with: [.imported, .ifunc, .undefined]), index >= 0,
      index < owner.symbolCount
    else { return say(.symbol, UInt64(row.rawValue), addend) }
    place(owner.symbols[index], in: section, addend)
  }

  private mutating func place(_ symbol: Symbol, in section: SectionID, _ addend: UInt64) {
    if pieces.isMerged(section) {
      // As references are resolved: a section's symbol means the string that the addend leads to.
      let isSection = symbol.type == STT.SECTION
      let (group, place) = pieces.place(section, isSection ? addend : symbol.value)
      say(.string, UInt64(group), isSection ? 0 : addend)
      words.append(place)
      return
    }
    let number = numbers[section]
    if number != 0 {
      targets[next] = number - 1
      next += 1
      say(.foldable, symbol.value, addend)
    } else {
      say(.place, UInt64(section.rawValue), addend)
      words.append(symbol.value)
    }
    words.append(symbol.size << 8 | UInt64(symbol.type))
  }

  private mutating func say(_ mark: Mark, _ value: UInt64, _ addend: UInt64) {
    words.append(mark.rawValue)
    words.append(value)
    words.append(addend)
  }
}
