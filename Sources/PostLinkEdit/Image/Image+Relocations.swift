// Relocations: bytes that somebody else will still write. The dynamic loader patches what
// `.rela.dyn`, `.rela.plt` and `.relr.dyn` name, so an edit of these bytes would be lost at
// start-up (or, with REL, change the addend). Emitted static relocations (`--emit-relocs`) name
// bytes whose value depends on addresses.

internal import ELF

/// The addresses that relocations patch.
struct RelocatedBytes {
  /// Patched by the dynamic loader.
  var dynamic = RangeSet()
  /// Named by emitted static relocations.
  var emitted = RangeSet()
}

/// One record of a table that the dynamic loader reads.
struct DynamicRelocation {
  /// The address that is patched.
  var offset: UInt64
  /// `r_info` in its 64-bit form.
  var info: UInt64
  /// Where the record lies in the file.
  var place: Int

  /// The number of a dynamic symbol.
  var symbol: Int { Int(info >> 32) }
  var type: UInt64 { info & 0xffff_ffff }
}

extension Image {
  /// The tables of DT_RELA, DT_REL and DT_JMPREL, each record once.
  func dynamicRelocations() -> [(tag: Int64, records: [DynamicRelocation])] {
    var seen = Set<Int>()
    func read(_ tag: Int64, _ size: Int64, addend: Bool) -> (Int64, [DynamicRelocation]) {
      guard let address = dynamicValue(tag), let size = dynamicValue(size),
        let start = offset(ofVirtual: address, size), let view = bytes.slice(UInt64(start), size)
      else { return (tag, []) }
      let step = addend ? format.relaEntrySize : format.relEntrySize
      var records: [DynamicRelocation] = []
      for index in 0..<(view.count / step) where seen.insert(start + index * step).inserted {
        var reader = RecordReader(view, format, at: index * step)
        let place = RelocationPlace(from: &reader)
        records.append(
          DynamicRelocation(offset: place.offset, info: place.info, place: start + index * step))
      }
      return (tag, records)
    }
    // First, because DT_RELA may reach over it.
    let functions = read(
      DT.JMPREL, DT.PLTRELSZ, addend: dynamicValue(DT.PLTREL) == UInt64(DT.RELA))
    return [
      functions, read(DT.RELA, DT.RELASZ, addend: true), read(DT.REL, DT.RELSZ, addend: false),
    ]
  }

  /// The type of the relocation by which a loader copies a variable of a library into the program.
  var copyType: UInt64? {
    let types: [UInt16: UInt64] = [
      EM.X86_64: 5, EM.I386: 5, EM.AARCH64: 1024, EM.ARM: 20, EM.RISCV: 4, EM.PPC: 19,
      EM.PPC64: 19, EM.S390: 9, EM.MIPS: 126,
    ]
    return types[machine]
  }

  /// `st_size` of a dynamic symbol, as a loader finds it.
  private func dynamicSymbolSize(_ index: UInt64) -> UInt64? {
    let size = UInt64(format.symbolEntrySize)
    let (distance, overflow) = index.multipliedReportingOverflow(by: size)
    guard !overflow, let table = dynamicValue(DT.SYMTAB),
      let view = bytes(atVirtual: table &+ distance, size)
    else { return nil }
    var reader = RecordReader(view, format, at: 0)
    return Symbol(from: &reader).size
  }

  /// Collects what relocations patch. The size of a patched field is the machine's business: a copied
  /// variable has that of its symbol, else a word is assumed for dynamic relocations and four bytes for
  /// emitted ones, except where the type is known to be wider.
  /// - Parameter window: fields that are nowhere near these addresses are left out.
  func relocatedBytes(around window: Range<UInt64> = 0..<(.max)) -> RelocatedBytes {
    var result = RelocatedBytes()
    var offsets: [UInt64] = []
    // No field is longer than a word.
    let lowest = window.lowerBound - min(window.lowerBound, 8)
    func isNear(_ offset: UInt64) -> Bool { offset >= lowest && offset < window.upperBound }
    var copies: [Range<UInt64>] = []
    let copyType = copyType
    let tags = dynamicEntries
    func value(_ tag: Int64) -> UInt64? { tags.first { $0.tag == tag }?.value }
    func collect(_ table: Int64, _ size: Int64, addend: Bool) {
      guard let address = value(table), let size = value(size),
        let view = bytes(atVirtual: address, size)
      else { return }
      let entrySize = addend ? format.relaEntrySize : format.relEntrySize
      for index in 0..<(view.count / entrySize) {
        var reader = RecordReader(view, format, at: index * entrySize)
        let place = RelocationPlace(from: &reader)
        if place.info & 0xffff_ffff == copyType, let size = dynamicSymbolSize(place.info >> 32) {
          let (end, overflow) = place.offset.addingReportingOverflow(size)
          if !overflow { copies.append(place.offset..<end) }
        } else if isNear(place.offset) {
          offsets.append(place.offset)
        }
      }
    }
    collect(DT.RELA, DT.RELASZ, addend: true)
    collect(DT.REL, DT.RELSZ, addend: false)
    collect(DT.JMPREL, DT.PLTRELSZ, addend: value(DT.PLTREL) == UInt64(DT.RELA))
    if let address = value(DT.RELR), let size = value(DT.RELRSZ),
      let view = bytes(atVirtual: address, size)
    {
      collectPacked(view, into: &offsets)
      offsets.removeAll { !isNear($0) }
    }
    offsets.sort()
    result.dynamic = RangeSet(sorted: offsets, length: UInt64(format.wordSize))
    for copy in copies { result.dynamic.insert(copy) }
    offsets.removeAll()
    for section in sections where section.type == SHT.RELA || section.type == SHT.REL {
      guard !section.isLoaded, let view = contents(of: section), section.info != 0 else { continue }
      let entrySize = section.type == SHT.RELA ? format.relaEntrySize : format.relEntrySize
      for index in 0..<(view.count / entrySize) {
        var reader = RecordReader(view, format, at: index * entrySize)
        let place = RelocationPlace(from: &reader)
        let offset = place.offset
        let type = place.info & 0xffff_ffff
        guard isNear(offset) else { continue }
        let isWide = machine == EM.X86_64 && (type == 1 || type == 24)
        let size: UInt64 = isWide ? 8 : 4
        if !offset.addingReportingOverflow(size).overflow { offsets.append(offset) }
        if isWide, offset < .max - 8 { offsets.append(offset + 4) }
      }
    }
    offsets.sort()
    result.emitted = RangeSet(sorted: offsets, length: 4)
    return result
  }

  /// RELR: an even word is an address, an odd word a bitmap of the words behind it.
  private func collectPacked(_ view: ByteView, into offsets: inout [UInt64]) {
    let word = UInt64(format.wordSize)
    var base: UInt64 = 0
    for index in 0..<(view.count / format.wordSize) {
      var reader = RecordReader(view, format, at: index * format.wordSize)
      let entry = reader.word()
      if entry & 1 == 0 {
        offsets.append(entry)
        base = entry &+ word
      } else {
        for bit in 1..<(word * 8) where entry >> bit & 1 != 0 {
          offsets.append(base &+ (bit - 1) &* word)
        }
        base = base &+ (word * 8 - 1) &* word
      }
    }
  }
}
