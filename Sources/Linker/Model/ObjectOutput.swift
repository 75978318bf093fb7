// The output of -r: an object for a further link.
//
// Nothing has an address here, so there is no layout: input sections of equal name and nature are
// put one behind the other, their relocations are carried over with new offsets, symbols and
// addends, and section groups stay groups. That is why -r has tables and passes of its own
// (Passes/WriteRelocatable) behind name resolution; rows of input sections are the same as elsewhere.

internal import ELF
internal import MapLang
internal import Parallel

/// A section of the object that -r makes.
struct ObjectSection: BitwiseCopyable, @unchecked Sendable {
  // Sendable: the name lies in a mapped input, which nobody writes.

  var name = ByteView()
  /// Equal for equal names: index into the names of `.shstrtab`.
  var nameNumber: UInt32 = 0
  /// `sh_type`, `sh_flags` and `sh_entsize`.
  var type: UInt32 = 0
  var flags: UInt64 = 0
  var entrySize: UInt64 = 0
  var alignmentShift: UInt8 = 0
  /// One more than the number of the section group that it belongs to; 0: none.
  var group: UInt32 = 0
  /// SHF_LINK_ORDER: the section that `sh_link` names.
  var linkTarget = OutputID.none
  /// Its rows: a range of `ObjectOutput.members`.
  var firstMember = 0
  var memberCount = 0
  var size: UInt64 = 0
  var relocationCount: UInt64 = 0

  /// Index in the section header table, and that of its relocations; 0: it has none.
  var headerIndex: UInt32 = 0
  var relocationHeaderIndex: UInt32 = 0
  /// Index of its section symbol.
  var symbolIndex: UInt32 = 0
  var fileOffset: UInt64 = 0
  var relocationOffset: UInt64 = 0

  var hasBytes: Bool { type != SHT.NOBITS }
  var members: Range<Int> { firstMember..<(firstMember + memberCount) }
}

/// A section group of an input that is kept.
struct ObjectGroup: Sendable {
  let file: FileID
  /// Index of the SHT_GROUP section in the file.
  let index: UInt32
  /// `GRP_COMDAT` and other flags.
  let flags: UInt32
  /// Section indices in the file.
  let members: RecordView<UInt32>
  /// The symbol whose name is the group's, by its entry in this very file.
  let signature: UInt32
  var headerIndex: UInt32 = 0
  var fileOffset: UInt64 = 0
  /// Sections of the output, those of relocations included.
  var memberCount = 0
}

final class ObjectOutput: @unchecked Sendable {
  // Sendable: each pass writes rows of its own, or atomic columns.

  let program: Program
  let inputs: Inputs
  let options: Options
  let log: DiagnosticEngine
  let pool: WorkerPool
  let files: Block<InputFile>
  let target: TargetFacts
  /// Of the output and its tables.
  let format: Format
  /// A user's section map, of which only the rules count; nil: there is none.
  let rules: (map: SectionMap, matcher: Matcher)?

  // MARK: Rows of input sections

  /// Surviving input sections in input order, then common symbols, then what the linker makes.
  /// Row 0 is nobody's.
  private(set) var sections = Column<SectionID, InputSection>(count: 0)
  private(set) var sectionCount = 1
  /// The rows that reach the output have `.live`.
  private(set) var states = AtomicFlags<SectionID, SectionState>(count: 0)
  private(set) var names = Column<SectionID, ByteView>(count: 0)
  /// XXH3 of the name.
  private(set) var nameHashes = Column<SectionID, UInt64>(count: 0)
  /// One more than the number of the row's group; 0: it is in none.
  private(set) var groupOf = Column<SectionID, UInt32>(count: 0)
  /// Relocations that reach the output, and the first one's place among those of the output section.
  private(set) var relocationCounts = Column<SectionID, UInt32>(count: 0)
  private(set) var relocationStarts = Column<SectionID, UInt64>(count: 0)
  /// One more than the index in `frameEdits`; 0: all records are kept as they are.
  private(set) var frameEditOf = Column<SectionID, UInt32>(count: 0)

  var groups: [ObjectGroup] = []
  /// Rows of `.eh_frame` sections, in order.
  var frameSections: [SectionID] = []
  var frameEdits: [FrameEdit] = []
  /// `.note.gnu.property` of the inputs, merged.
  var properties = GNUProperties()

  // MARK: The output

  var outputs = Block<ObjectSection>(count: 0)
  /// The names of the outputs, each once, by `nameNumber`.
  var outputNames: [ByteView] = []
  /// The rows of each output, one output behind the other.
  var members = Block<SectionID>(count: 0)
  /// The values of assignments so far, by number.
  var statementValues: [SymbolValue?] = []
  /// The symbols of assignments, by their rows.
  var definitions: [SymbolID: ObjectDefinition] = [:]
  /// --compress-debug-sections: what these outputs hold instead of their members.
  var compressedOutputs: [OutputID: CompressedOutput] = [:]
  var symbolTable = ObjectSymbolTable()
  var nameTable = ObjectNameTable()
  var sectionHeaderCount = 0
  var sectionHeaderOffset: UInt64 = 0
  var fileSize: UInt64 = 0

  init(_ program: Program) {
    self.program = program
    inputs = program.inputs
    options = program.options
    log = program.log
    pool = program.pool
    files = program.files
    target = inputs.target
    format = target.format
    rules = inputs.hasUserMap ? inputs.map.map { ($0, Matcher($0)) } : nil
  }

  /// Makes the columns for `count` rows of input sections and for `others` more.
  func makeTables(_ count: Int, others: Int) {
    let capacity = count + others
    sections = Column(count: capacity)
    states = AtomicFlags(count: capacity)
    names = Column(count: capacity)
    nameHashes = Column(count: capacity)
    groupOf = Column(count: capacity)
    relocationCounts = Column(count: capacity)
    relocationStarts = Column(count: capacity)
    frameEditOf = Column(count: capacity)
    sectionCount = count
  }

  /// Adds a row that no input section stands behind.
  func addSection(_ section: InputSection, named name: StaticString) -> SectionID {
    precondition(sectionCount < sections.count)
    let id = SectionID(sectionCount)
    sections[id] = section
    sections[id].rule = InputSection.noRule
    rename(id, name)
    states.insert(.live, at: id)
    sectionCount += 1
    return id
  }

  func rename(_ id: SectionID, _ name: StaticString) {
    rename(id, ByteView(UnsafeRawPointer(name.utf8Start), count: name.utf8CodeUnitCount))
  }

  func rename(_ id: SectionID, _ name: ByteView) {
    names[id] = name
    nameHashes[id] = ExactNameTable.hash(name)
  }

  func isLive(_ section: SectionID) -> Bool { states[section].contains(.live) }

  /// The live row of a section of a file; none if it has none.
  @inline(__always) func section(_ file: InputFile, _ index: UInt32) -> SectionID {
    guard index < UInt32(truncatingIfNeeded: file.sectionCount), let map = file.sectionMap else {
      return .none
    }
    let raw = map[Int(index)]
    guard raw != InputFile.discardedMark, raw != 0 else { return .none }
    let id = SectionID(rawValue: raw)
    return isLive(id) ? id : .none
  }

  /// The live row that a symbol of a file is defined in.
  @inline(__always) func definingSection(
    _ symbol: Symbol, _ index: Int, _ file: InputFile
  ) -> SectionID {
    file.isInSection(symbol) ? section(file, file.sectionIndex(symbol, index)) : .none
  }

  /// Offset in its output section of a place in a row.
  @inline(__always) func outputOffset(_ id: SectionID, _ offset: UInt64) -> UInt64 {
    let edit = frameEditOf[id]
    if edit != 0 {
      return sections[id].offset &+ frameEdits[Int(edit) - 1].outputOffset(of: offset)
    }
    return sections[id].offset &+ offset
  }

  /// `main.o:(.text.foo)`, as messages name a section.
  func displayName(_ id: SectionID) -> String {
    "\(inputs.displayName(sections[id].file)):(\(names[id].string))"
  }

  func place(_ id: SectionID, _ offset: UInt64) -> Place {
    inputs.place(sections[id].file, section: Int(sections[id].index), offset: offset)
  }
}

/// The records that remain of a section.
struct FrameEdit: Sendable {
  /// In their order.
  let pieces: [FramePiece]
  let size: UInt64

  /// Where the byte at `offset` ended up, relative to what remains of the section; for bytes that
  /// are gone, where the next record is.
  func outputOffset(of offset: UInt64) -> UInt64 {
    // The first record that ends behind the byte holds it, or is the next one.
    var low = 0
    var high = pieces.count
    while low < high {
      let middle = (low + high) / 2
      if UInt64(pieces[middle].end) <= offset { low = middle + 1 } else { high = middle }
    }
    guard low < pieces.count, let new = pieces[low].newOffset else { return size }
    let start = UInt64(pieces[low].offset)
    return start <= offset ? UInt64(new) &+ (offset &- start) : UInt64(new)
  }
}

/// A symbol that an assignment defines.
struct ObjectDefinition: Sendable {
  var value: UInt64
  /// The section that `value` is an offset in; nil: the symbol is absolute.
  var output: OutputID?
}

/// One CIE, FDE or terminator of an input section.
struct FramePiece: Sendable, BitwiseCopyable {
  /// Where it lies in the input section, length word included.
  var offset: UInt32
  var size: UInt32
  var relocationStart: UInt32
  var relocationCount: UInt32
  /// FDE: position of its CIE among the pieces; else -1.
  var cie: Int32
  var isTerminator = false
  /// Where it lies in what remains of the section; nil: not kept.
  var newOffset: UInt32?
  /// Bytes that it gains at its end.
  var padding: UInt32 = 0

  var end: UInt32 { offset + size }
}
