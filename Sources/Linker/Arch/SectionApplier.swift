// The state of applying the relocations of one section to its copy in the output.
//
// The letters are those of the psABI: S is the symbol's address, A the addend, P the place, G the
// symbol's GOT entry as an offset from the GOT, GOT its address, L the PLT entry. What a type of
// relocation computes says the target; files beside this one have the words that the dynamic linker
// may fill (ApplyWords) and the stores with their limits (RelocationStores).

internal import ELF
internal import Parallel

struct SectionApplier<T: Target> {
  let context: ApplyContext
  let id: SectionID
  let section: InputSection
  let out: OutputBytes
  let file: InputFile
  /// Address of the section's first byte.
  let start: UInt64
  /// The section's next entries for dynamic relocations.
  var nextRelative: Int
  var nextSymbolic: Int

  /// `start`: the address of `out`; nil: that of the section.
  init(
    context: ApplyContext, id: SectionID, section: InputSection, out: OutputBytes,
    start: UInt64? = nil
  ) {
    self.context = context
    self.id = id
    self.section = section
    self.out = out
    file = context.files[section.file.index]
    self.start = start ?? context.address(of: section)
    nextRelative = Int(context.relativeStarts[id])
    nextSymbolic = Int(context.symbolicStarts[id])
  }

  /// Applies the records of `range` to `out`, for targets whose relocations have no kind that
  /// dominates. `shift` is added to their offsets, for records that were moved inside their section.
  mutating func applyEach(_ records: RecordView<Rela>, in range: Range<Int>, shift: Int64) {
    let (addresses, base, symbolCount) = (context.addresses, file.symbolBase, file.symbolCount)
    let isReversed = section.kind.contains(.reversed)
    let wordSize = UInt64(context.format.wordSize)
    var index = range.lowerBound
    while index < range.upperBound {
      let record = records[index]
      var offset = record.offset &+ UInt64(bitPattern: shift)
      if isReversed { offset = UInt64(out.count) &- wordSize &- offset }
      // Both are reported by the scan.
      guard Int(record.symbol) < symbolCount, let type = T.Relocation(rawValue: record.type) else {
        index += 1
        continue
      }
      guard out.holds(offset, type.width) else {
        reportOutside(record)
        index += 1
        continue
      }
      let row = SymbolID(rawValue: base &+ record.symbol)
      var S = addresses[row]
      var A = UInt64(bitPattern: record.addend)
      if Layout.isSpecial(S) { (S, A) = special(record, row) }
      index += T.apply(type, record, row, Int(offset), S, A, start &+ offset, records, index, &self)
    }
  }

  /// S and A for symbols that have no one address. What refers to a section that is not in the
  /// output gets 0; in tables of exception handling that is customary, elsewhere an error.
  /// (Mutating, for else a copy of this value would be made for each call.)
  mutating func special(_ record: Rela, _ row: SymbolID) -> (UInt64, UInt64) {
    if context.addresses[row] == Layout.weakCallMark, T.isCall(record, section),
      let entry = context.layout.pltEntryAddress(context.definition[row])
    {
      return (entry, UInt64(bitPattern: record.addend))
    }
    if let (S, A, isInside) = context.specialAddress(row, UInt64(bitPattern: record.addend)) {
      if !isInside {
        context.selection.log.fault(
          .outsideMergedSection(
            context.selection.symbolDescription(row), record.addend,
            context.selection.displayName(id), record.offset), at: place(record))
      }
      return (S, A)
    }
    let name = context.selection.sectionName(id)
    if !name.hasPrefix(".gcc_except_table") && !name.hasPrefix(".eh_frame") {
      if context.selection.reportDropped(row, from: id) { return (0, 0) }
      context.selection.log.fault(
        .discardedReference(
          context.selection.symbolDescription(row), context.selection.displayName(id),
          record.offset), at: place(record))
    }
    return (0, 0)
  }

  // MARK: Thread-local storage

  /// What local-dynamic offsets are relative to: the TLS block; in a program, whose LD sequences are
  /// replaced, the thread pointer. A sequence that stayed gets that as well, from the GOT.
  var dtpBase: UInt64 {
    context.relaxesThreadLocal ? context.threadPointer : context.threadBlock
  }

  /// The offset of a thread-local variable from `base`. One that is not there is at 0, whatever it
  /// is relative to. (lld)
  func threadOffset(_ S: UInt64, _ row: SymbolID, from base: UInt64) -> UInt64 {
    S == 0 && context.flags[context.definition[row]].contains(.undefined) ? 0 : S &- base
  }

  // MARK: Entries of the GOT

  func entry(_ row: SymbolID, _ entry: KeyPath<SymbolEntries, Int32>) -> UInt64 {
    let record = context.selection.entries.record(context.definition[row])
    return context.gotEntry(record?[keyPath: entry] ?? 0)
  }

  @inline(__always) func gotEntry(_ row: SymbolID) -> UInt64 {
    context.gotEntry(context.selection.entries.record(context.definition[row])?.got ?? 0)
  }
}
