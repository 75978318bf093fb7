// `.relr.dyn`: relative relocations as addresses and bitmaps (gABI proposal, SHT_RELR).
//
// An even word is the address of a word to relocate; an odd one is a bitmap of the 63 (in 32-bit
// files 31) words that follow. Each output section starts with an address of its own, so the size of the table depends on
// offsets inside sections only and is known before addresses are.

internal import ELF
internal import Parallel

struct RelativePacking: Sendable {
  /// For each output section with such relocations, their offsets in it, sorted.
  private var groups: [(output: OutputID, offsets: [UInt64])] = []
  private(set) var size: UInt64 = 0

  init() {}

  mutating func collect(_ layout: Layout) {
    groups = []
    for index in layout.outputs.indices where layout.outputs[index].isAllocated {
      let offsets = RelativePacking.offsets(of: OutputID(index), layout)
      if !offsets.isEmpty { groups.append((OutputID(index), offsets)) }
    }
    let word = layout.format.wordSize
    let words = groups.reduce(0) { $0 + RelativePacking.encode($1.offsets, at: 0, word).count }
    size = UInt64(words * word)
  }

  /// The addresses of the words.
  func places(_ layout: Layout) -> [UInt64] {
    groups.flatMap { group in
      group.offsets.map { layout.outputs[group.output.index].address &+ $0 }
    }
  }

  private static func offsets(of id: OutputID, _ layout: Layout) -> [UInt64] {
    let selection = layout.selection
    let members = layout.outputs[id.index].members
    let lists = Gathered<(Int, [UInt64])>(layout.pool)
    layout.pool.parallelFor(members.count, grain: 64) { range, worker in
      for index in range {
        let member = members[index]
        let section = selection.sections[member]
        if section.kind.contains(.synthetic) {
          if section.index == SyntheticKind.got.rawValue {
            lists.append((index, gotOffsets(layout).map { $0 + section.offset }), worker)
          }
          continue
        }
        guard selection.relativeCounts[member] > 0, layout.isPackable(section, member) else {
          continue
        }
        lists.append((index, offsets(in: section, member, selection)), worker)
      }
    }
    return lists.take().sorted { $0.0 < $1.0 }.flatMap(\.1)
  }

  private static func gotOffsets(_ layout: Layout) -> [UInt64] {
    var offsets: [UInt64] = []
    layout.forEachGOTEntry { entry in
      if case .relative = entry.content {
        offsets.append(UInt64(Int(entry.index) * layout.format.wordSize))
      }
    }
    return offsets.sorted()
  }

  /// The words of one section that the apply pass will take for relative, in rising order.
  private static func offsets(
    in section: InputSection, _ id: SectionID, _ selection: Selection
  ) -> [UInt64] {
    let file = selection.files[section.file.index]
    let records = section.relocationRecords
    let kind = selection.options.outputKind
    let (isShared, isPIC) = (kind == .sharedObject, kind.isPositionIndependent)
    let wordSize = UInt64(selection.inputs.target.format.wordSize)
    let (wordType, otherType) = selection.inputs.target.machine.code.addressWords(selection.options)
    let cuts = selection.sectionPieces.cuts(of: id, section)
    var offsets: [UInt64] = []
    for index in 0..<records.count {
      let record = records[index]
      guard record.type == wordType || record.type == otherType,
        Int(record.symbol) < file.symbolCount
      else { continue }
      let facts = selection.program.flags[
        selection.program.definition[file.symbolID(Int(record.symbol))]]
      let source = WordSource(
        facts, isWritable: true, isShared: isShared, isPositionIndependent: isPIC,
        copiesData: true)
      guard source == .load || source == .resolver && facts.contains(.needsCanonicalPLT) else {
        continue
      }
      var offset = cuts.output(record.offset)
      if section.kind.contains(.reversed) { offset = section.size &- wordSize &- offset }
      // What lies outside is an error when it is applied.
      guard offset & 1 == 0, offset < section.size else { continue }
      offsets.append(section.offset &+ offset)
    }
    return offsets.sorted()
  }

  func write(to out: OutputBytes, _ layout: Layout) {
    let format = layout.format
    var position = 0
    for group in groups {
      let address = layout.outputs[group.output.index].address
      for word in RelativePacking.encode(group.offsets, at: address, format.wordSize) {
        out.storeWord(word, at: position, format)
        position += format.wordSize
      }
    }
  }

  /// The words for the given sorted offsets from `address`, for words of `wordSize` bytes.
  static func encode(
    _ offsets: [UInt64], at address: UInt64, _ wordSize: Int = 8
  ) -> [UInt64] {
    let word = UInt64(wordSize)
    let bits = word * 8 - 1
    var words: [UInt64] = []
    var index = 0
    while index < offsets.count {
      let start = offsets[index]
      words.append(address &+ start)
      var base = start + word
      index += 1
      while true {
        var bitmap: UInt64 = 0
        while index < offsets.count, offsets[index] >= base, offsets[index] - base < bits * word,
          (offsets[index] - base) % word == 0
        {
          bitmap |= 1 << ((offsets[index] - base) / word)
          index += 1
        }
        if bitmap == 0 { break }
        words.append(bitmap << 1 | 1)
        base += bits * word
      }
    }
    return words
  }
}
