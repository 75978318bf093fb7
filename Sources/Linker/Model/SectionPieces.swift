// Sections that get shorter: input offset → output offset.
//
// Compilers for some machines write code for the worst case, and relocations say which bytes may be
// left out once addresses are known. What is left of such a section are the pieces between its cuts.
// Everything that counts in input offsets goes through here: values and sizes of symbols, places of
// relocations, what DT_RELR packs, and the addends of section symbols.
//
// Only rows with `SectionKind.shrunk` have cuts. How much each cut takes is chosen while addresses
// settle (ShrinkSections), and where cuts may be says the target; or entries of a table are left out
// before (UnwindIndex+Merging).

internal import ELF

/// A place at which bytes may be left out.
struct SectionCut: BitwiseCopyable {
  /// The relocation that says so.
  var record: UInt32
  /// The first byte that is left out.
  var offset: UInt32
  /// Bytes that are left out; 0: none, for now.
  var count: UInt32 = 0
  /// Bytes that earlier cuts of the section leave out.
  var before: UInt32 = 0
  /// What stands there instead; the numbers are the target's.
  var form: UInt8 = 0
  /// The choice was taken back once, so it may only be taken back further: two choices that depend on
  /// each other must not alternate without end.
  var isFinal = false

  init(record: Int, offset: UInt64) {
    self.record = UInt32(record)
    self.offset = UInt32(offset)
  }
}

/// The cuts of one section, in the order of their offsets.
struct SectionCuts: @unchecked Sendable {
  // Sendable: written by one worker at a time.
  let base: UnsafeMutablePointer<SectionCut>?
  let count: Int

  /// None.
  init() {
    base = nil
    count = 0
  }

  init(_ base: UnsafeMutablePointer<SectionCut>, _ count: Int) {
    self.base = base
    self.count = count
  }

  @inline(__always) subscript(index: Int) -> SectionCut {
    get {
      precondition(index >= 0 && index < count)
      return base.unsafelyUnwrapped[index]
    }
    nonmutating set {
      precondition(index >= 0 && index < count)
      base.unsafelyUnwrapped[index] = newValue
    }
  }

  /// All bytes that are left out.
  var total: UInt64 {
    count == 0 ? 0 : UInt64(self[count - 1].before) + UInt64(self[count - 1].count)
  }

  /// Where byte `offset` of the input is; a byte that is left out, where the cut is.
  func output(_ offset: UInt64) -> UInt64 {
    guard let index = last(where: { UInt64($0.offset) < offset }) else { return offset }
    let cut = self[index]
    return offset &- UInt64(cut.before) &- min(UInt64(cut.count), offset &- UInt64(cut.offset))
  }

  /// The cut of a relocation.
  func cut(of record: Int) -> SectionCut? {
    guard let index = last(where: { $0.record <= record }), self[index].record == record else {
      return nil
    }
    return self[index]
  }

  /// The last cut for which the condition holds; it holds up to some cut.
  private func last(where holds: (SectionCut) -> Bool) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : low - 1
  }

  /// The relocations of what is left, with what they are moved by. They are in the order of offsets.
  func relocations(_ records: RecordView<Rela>) -> [RelocationPiece] {
    var pieces: [RelocationPiece] = []
    var (next, before): (Int, UInt32) = (0, 0)
    for index in 0..<count where self[index].count > 0 {
      let cut = self[index]
      let start = min(max(Int(cut.record), next), records.count)
      pieces.append(RelocationPiece(records: next..<start, shift: -Int64(before)))
      next = start
      let end = UInt64(cut.offset) + UInt64(cut.count)
      while next < records.count, records[next].offset < end { next += 1 }
      before = cut.before + cut.count
    }
    pieces.append(RelocationPiece(records: next..<records.count, shift: -Int64(before)))
    return pieces
  }

  /// Copies what is left of `bytes`.
  func copy(_ bytes: ByteView, to out: OutputBytes) {
    var start = 0
    var position = 0
    func copy(to end: Int) {
      guard end > start, let piece = bytes.slice(start, end - start) else { return }
      out.copy(piece, at: position)
      position += end - start
    }
    for index in 0..<count where self[index].count > 0 {
      copy(to: Int(self[index].offset))
      start = Int(self[index].offset + self[index].count)
    }
    copy(to: bytes.count)
  }
}

/// The cuts of all sections that have some.
struct SectionPieces: @unchecked Sendable {
  // Sendable: each section's cuts are written by one worker at a time.

  /// Sections with cuts, in order.
  private(set) var ids: [SectionID] = []
  private var lists: [SectionCuts] = []
  /// For each section its position in the lists.
  private var positions = Column<SectionID, UInt32>(count: 0)
  /// The local symbols by whose addresses cuts are chosen, in order. Objects keep a label for every place
  /// that something counts to; nobody asks for the others before code has got its length.
  private(set) var targets: [(file: FileID, index: UInt32)] = []

  /// What they take is known before there are addresses.
  private(set) var areFinal = true

  init() {}

  init(
    _ found: [(id: SectionID, cuts: [SectionCut])], targets: [(file: FileID, index: UInt32)],
    sectionCount: Int, areFinal: Bool = false
  ) {
    self.targets = targets
    self.areFinal = areFinal
    positions = Column(count: sectionCount)
    for (position, entry) in found.enumerated() {
      let block = Block<SectionCut>(count: entry.cuts.count)
      for (index, cut) in entry.cuts.enumerated() { block[index] = cut }
      positions[entry.id] = UInt32(position)
      ids.append(entry.id)
      lists.append(SectionCuts(block.base, entry.cuts.count))
    }
  }

  var isEmpty: Bool { ids.isEmpty }

  /// The cuts of a section; none if it does not shrink.
  func cuts(of id: SectionID, _ section: InputSection) -> SectionCuts {
    section.kind.contains(.shrunk) ? lists[Int(positions[id])] : SectionCuts()
  }

  /// Where byte `offset` of an input section is in what it became.
  func output(_ id: SectionID, _ section: InputSection, _ offset: UInt64) -> UInt64 {
    guard section.kind.contains(.shrunk) else { return offset }
    return lists[Int(positions[id])].output(offset)
  }
}
