// Input sections, as rows: only those that may reach the output. Sections of lost COMDAT groups,
// symbol and string tables, relocation sections get none.

internal import ELF

/// Facts about an input section, translated from type and flags.
struct InputSectionKind: OptionSet, Sendable, BitwiseCopyable {
  let rawValue: UInt32
  init(rawValue: UInt32) { self.rawValue = rawValue }
  private init(bit: UInt32) { rawValue = 1 << bit }

  static var alloc: InputSectionKind { InputSectionKind(bit: 0) }
  static var write: InputSectionKind { InputSectionKind(bit: 1) }
  static var exec: InputSectionKind { InputSectionKind(bit: 2) }
  static var tls: InputSectionKind { InputSectionKind(bit: 3) }
  /// No bytes in the file.
  static var noBits: InputSectionKind { InputSectionKind(bit: 4) }
  /// SHF_MERGE, and its content takes part in merging: the row itself occupies no room.
  static var merged: InputSectionKind { InputSectionKind(bit: 5) }
  static var strings: InputSectionKind { InputSectionKind(bit: 6) }
  static var exceptionFrames: InputSectionKind { InputSectionKind(bit: 7) }
  /// Made by the linker: `index` is a `SyntheticKind`.
  static var synthetic: InputSectionKind { InputSectionKind(bit: 8) }
  /// SHF_COMPRESSED: `contents` is the compressed form, `size` the other.
  static var compressed: InputSectionKind { InputSectionKind(bit: 9) }
  /// A root of garbage collection, by its name, type, flags or rule.
  static var keep: InputSectionKind { InputSectionKind(bit: 10) }
  static var linkOrder: InputSectionKind { InputSectionKind(bit: 11) }
  /// Of the large code model: may lie far from the rest.
  static var large: InputSectionKind { InputSectionKind(bit: 12) }
  /// A `.ctors` or `.dtors` section that becomes part of an init array, words in reverse.
  static var reversed: InputSectionKind { InputSectionKind(bit: 13) }
  static var note: InputSectionKind { InputSectionKind(bit: 14) }
  /// A name that is a C identifier: `__start_NAME` may mean it.
  static var identifierName: InputSectionKind { InputSectionKind(bit: 15) }
  /// A member of a section group that is kept.
  static var grouped: InputSectionKind { InputSectionKind(bit: 16) }
  /// A common symbol's room.
  static var common: InputSectionKind { InputSectionKind(bit: 17) }
  /// `.debug_ranges` or `.debug_loc`, where a pair of zeros would end a list.
  static var debugRanges: InputSectionKind { InputSectionKind(bit: 18) }
  static var initArray: InputSectionKind { InputSectionKind(bit: 19) }
  static var finiArray: InputSectionKind { InputSectionKind(bit: 20) }
  static var preinitArray: InputSectionKind { InputSectionKind(bit: 21) }
  static var debug: InputSectionKind { InputSectionKind(bit: 22) }
  /// The row stands for a section. Rows that were counted and then not wanted are all zero.
  static var used: InputSectionKind { InputSectionKind(bit: 23) }
  /// Stands for a group of merged sections: `index` is its number in `Selection.mergedSections`.
  static var mergedGroup: InputSectionKind { InputSectionKind(bit: 24) }
  /// Parts of it may be left out (SectionPieces).
  static var shrunk: InputSectionKind { InputSectionKind(bit: 25) }
  /// SHT_PROGBITS or SHT_NOBITS, without entries, and of its flags only those that are bits here: all
  /// that the header says of the output section can be seen in the row.
  static var plain: InputSectionKind { InputSectionKind(bit: 26) }
}

struct InputSection: BitwiseCopyable, @unchecked Sendable {
  // Sendable: the pointers lead to mapped inputs, which nobody writes.

  /// The bytes, in the mapped input or in memory of our own; nil for NOBITS.
  var contents: UnsafeRawPointer?
  /// Bytes in the output: of a compressed section those of the content, of a merged section 0.
  var size: UInt64 = 0
  /// Where it lies in its output section.
  var offset: UInt64 = 0
  var relocations: UnsafeRawPointer?
  var relocationCount: UInt32 = 0
  var file: FileID = FileID(rawValue: 0)
  /// Section index in the file, or the raw value of a `SyntheticKind`.
  var index: UInt32 = 0
  var output: OutputID = .none
  var kind: InputSectionKind = []
  /// The rule of the section map that took it; `noRule` for orphans and what is not allocated.
  var rule: UInt32 = 0
  /// log2 of the alignment.
  var alignmentShift: UInt8 = 0
  /// Bytes in the file, for compressed and merged sections; else equal to `size`.
  var fileSize: UInt64 = 0

  static var noRule: UInt32 { UInt32.max }

  var alignment: UInt64 { 1 << UInt64(alignmentShift) }

  /// The relocations as a view.
  var relocationRecords: RecordView<Rela> {
    guard let relocations else { return RecordView() }
    return RecordView(ByteView(relocations, count: Int(relocationCount) * Rela.size))
  }

  /// The bytes in the file, if instructions may be replaced there: relocations of sections that are
  /// moved in parts or turned round lie elsewhere in the output, with other bytes before them.
  var instructions: ByteView {
    kind.isDisjoint(with: [.reversed, .exceptionFrames, .compressed]) ? bytes : ByteView()
  }
  /// What debug information has in place of an address that is not in the output. DWARF does not define
  /// one; 0 is customary, and 1 where a pair of zeros would end a list.
  var tombstone: UInt64 { kind.contains(.debugRanges) ? 1 : 0 }
  /// The bytes in the file as a view.
  var bytes: ByteView {
    guard let contents else { return ByteView() }
    return ByteView(contents, count: Int(fileSize))
  }
}

extension InputSection {
  /// The row of a section as its header has it: not decompressed, without relocations.
  init(
    _ header: SectionHeader, _ bytes: ByteView, _ kind: InputSectionKind, file: FileID, index: Int
  ) {
    self.init()
    self.file = file
    self.index = UInt32(index)
    self.kind = kind
    size = header.size
    fileSize = header.type == SHT.NOBITS ? 0 : header.size
    contents = header.type == SHT.NOBITS ? nil : bytes.buffer.baseAddress
    alignmentShift = UInt8(header.alignment <= 1 ? 0 : header.alignment.trailingZeroBitCount)
  }
}

extension Column where ID == SectionID, Value == InputSection {
  /// The relocations of a section in the order of their offsets; if the file has them in another,
  /// the row refers to a sorted copy from now on.
  func sortRelocations(of id: SectionID) -> RecordView<Rela> {
    let records = self[id].relocationRecords
    var isSorted = true
    for index in 1..<Swift.max(records.count, 1)
    where records[index - 1].offset > records[index].offset {
      isSorted = false
    }
    if isSorted { return records }
    let copy = Block<Rela>(room: records.count)
    let sorted = (0..<records.count).map { ($0, records[$0]) }
      .sorted { ($0.1.offset, $0.0) < ($1.1.offset, $1.0) }
    for (index, record) in sorted.enumerated() { copy[index] = record.1 }
    self[id].relocations = UnsafeRawPointer(copy.base)
    return self[id].relocationRecords
  }
}

/// What the traversal of live sections records.
struct SectionState: OptionSet, Sendable {
  let rawValue: UInt32
  static var live: SectionState { SectionState(rawValue: 1) }
  /// A relative relocation applies at an odd offset, which DT_RELR cannot say.
  static var unpackable: SectionState { SectionState(rawValue: 2) }
  /// A relocation says that bytes may be left out.
  static var shrinkable: SectionState { SectionState(rawValue: 4) }
  /// With --icf: somebody may compare its address.
  static var significant: SectionState { SectionState(rawValue: 8) }
  /// --keep-unique: it is not folded.
  static var unique: SectionState { SectionState(rawValue: 16) }
}
