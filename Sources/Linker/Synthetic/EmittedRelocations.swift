// --emit-relocs: the relocations of the inputs are in the output as well, for tools that move code
// afterwards. Each section that has some gets a `.rela.NAME`, or `.rel.NAME` where the machine has the
// addends in the words.
//
// Here is decided which tables there are and where; Passes/WriteOutput/WriteEmittedRelocations fills them.
// The tables stand behind all other sections but the symbol table, so nothing else is moved by them.

internal import ELF
internal import Parallel

struct EmittedRelocations: Sendable {
  /// The relocations of one output section.
  struct Table: Sendable {
    let output: OutputID
    let count: Int
    var offset: UInt64 = 0
    /// In `.shstrtab`.
    var nameOffset: UInt32 = 0
  }

  private(set) var tables: [Table] = []
  /// For each row its first record in the table of its output section.
  private(set) var starts = Column<SectionID, UInt32>(count: 0)
  /// The same for the records of each input's exception frames.
  private(set) var frameStarts: [UInt32] = []

  var isEmpty: Bool { tables.isEmpty }
  /// Section headers behind those of the outputs.
  var headerCount: Int { tables.count }

  mutating func plan(_ layout: Layout) {
    guard layout.options.emitRelocations else { return }
    let selection = layout.selection
    starts = Column(count: selection.sections.count)
    for id in layout.headerOrder {
      var count = 0
      for member in layout.outputs[id.index].members {
        starts[member] = UInt32(truncatingIfNeeded: count)
        if member == selection.syntheticRows[.exceptionFrames] {
          count += planFrames(layout, from: count)
        } else {
          count += Int(selection.sections[member].relocationCount)
        }
      }
      if count > 0 { tables.append(Table(output: id, count: count)) }
      if count > Int(UInt32.max) { layout.log.error(.tooMuch("relocations", Int(UInt32.max))) }
    }
  }

  /// The records of exception frames that are left; how many relocations they have.
  private mutating func planFrames(_ layout: Layout, from first: Int) -> Int {
    let frames = layout.selection.exceptionFrames
    var count = first
    for range in frames.ranges {
      frameStarts.append(UInt32(truncatingIfNeeded: count))
      frames.forEachRecord(of: range, layout.selection) { count += Int($0.relocationCount) }
    }
    return count - first
  }

  mutating func addNames(to names: inout StringTable, _ layout: Layout) {
    let prefix = layout.target.hasAddends ? ".rela" : ".rel"
    for index in tables.indices {
      tables[index].nameOffset = names.add(prefix + layout.outputs[tables[index].output.index].name)
    }
  }

  /// Takes room in the file from `offset`; returns what follows.
  mutating func place(at offset: UInt64, _ target: TargetFacts) -> UInt64 {
    var offset = offset
    for index in tables.indices {
      offset = offset.alignedUp(to: UInt64(target.format.wordSize))
      tables[index].offset = offset
      offset += UInt64(tables[index].count * target.relocationEntrySize)
    }
    return offset
  }

  /// `symbols`: the number of the symbol table's section.
  func headers(_ layout: Layout, symbols: Int) -> [SectionHeader] {
    tables.map { table in
      var header = SectionHeader()
      header.nameOffset = table.nameOffset
      header.type = layout.target.hasAddends ? SHT.RELA : SHT.REL
      header.flags = SHF.INFO_LINK
      header.offset = table.offset
      header.size = UInt64(table.count * layout.target.relocationEntrySize)
      header.link = UInt32(symbols)
      header.info = UInt32(layout.outputs[table.output.index].headerIndex)
      header.alignment = UInt64(layout.format.wordSize)
      header.entrySize = UInt64(layout.target.relocationEntrySize)
      return header
    }
  }
}

extension ExceptionFrames {
  /// The records of one input that are in the output, in its order.
  func forEachRecord(
    of range: FrameInput, _ selection: Selection, _ body: (FrameRecord) -> Void
  ) {
    for number in range.cies.start..<(range.cies.start + range.cies.count)
    where usedCIEs[number] && Int(cies[number].cie) == number {
      body(cies[number])
    }
    for number in range.fdes.start..<(range.fdes.start + range.fdes.count)
    where isLive(fdes[number], selection) {
      body(fdes[number])
    }
  }
}
