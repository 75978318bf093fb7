// The program with addresses: the result of layout.
//
// After this phase no address moves. Columns of addresses are filled once and then only read.

internal import ELF
internal import MapLang
internal import Parallel

final class Layout: @unchecked Sendable {
  // Sendable: columns are filled by passes that own their rows, then read only.

  let selection: Selection
  let options: Options
  let log: DiagnosticEngine
  let pool: WorkerPool
  let target: TargetFacts
  /// Of the output and its tables.
  let format: Format

  /// In the order of the file. `OutputID` of a section row indexes this.
  var outputs: [OutputSection]
  /// Allocated output sections, by address.
  var allocated: [OutputID] = []
  var segments: [ProgramHeader] = []
  /// What the engine placed, by address.
  var placed: [LayoutEngine.Placed] = []
  /// What stands in the sections whose map says more than what they take.
  var contents: [OutputID: SectionContents] = [:]
  /// For each section of the map the index of its output section; −1: it has none.
  var outputOfSection: [Int] = []
  /// The sizes that depend on addresses, as the round of placement before found them.
  var floatingSizes: [OutputID: UInt64] = [:]
  /// The regions and anonymous places after the walk, and the room that `reserve` took.
  var memories: [MemoryRegion] = []
  var reserves: [LayoutEngine.Placed] = []
  /// The values of each slot's words.
  var slotWords: [SlotID: [UInt64]] = [:]
  /// What is wrong with the sizes of slots, and with the latest round of placement, in the words of
  /// the map; reported when the layout is final.
  var sizeProblems: [MapDiagnostic] = []
  var layoutProblems: [MapDiagnostic] = []
  /// The PT_LOADs with what they hold.
  var loads: [LoadSegment] = []
  /// Output sections in the order of the section header table.
  var headerOrder: [OutputID] = []
  /// Begin of PT_GNU_RELRO, and its end, a multiple of the page size; end 0: there is none.
  var relroStart: UInt64 = 0
  var relroEnd: UInt64 = 0
  /// The section that fills its last page.
  var relroPadding: OutputID?
  var headersAddress: UInt64?
  var headersSize: UInt64 = 0

  /// What references to each symbol mean: the address of its definition, PLT entry or copy.
  let addresses: Column<SymbolID, UInt64>
  /// First entries of `.rela.dyn` for each section's relative and symbolic relocations.
  let relativeStarts: Column<SectionID, UInt32>
  let symbolicStarts: Column<SectionID, UInt32>
  var relativeCount = 0
  var symbolicCount = 0
  /// Entries of the GOT: where theirs begin.
  var gotRelativeStart = 0
  var gotSymbolicStart = 0
  var relr = RelativePacking()
  /// Parts of sections may be left out.
  let hasPieces: Bool
  /// Input sections with dynamic relocations that are loaded read-only.
  var textRelocationSections: [SectionID] = []

  var unwindStops: [UnwindStop] = []

  var dynamicSymbols = DynamicSymbols()
  var versionDefinitions: VersionDefinitions?
  var dynamicSection = DynamicSection()
  var interpreter = ""

  /// What helps branches that do not reach their targets.
  var thunks = ThunkTable()

  /// `_GLOBAL_OFFSET_TABLE_`.
  var gotBase: UInt64 = 0
  var threadBlock: UInt64 = 0
  var threadPointer: UInt64 = 0
  var tlsModuleBaseEntry: Int32 { selection.gotPlan.moduleBase }

  /// Values of the symbols that the map and the options define, by name.
  var definedSymbols: [String: DefinedSymbolValue] = [:]

  /// The values of assignments so far, by number.
  var statementValues: [SymbolValue?] = []
  /// The values of assignments' symbols, whatever references to them mean.
  var assignedValues: [SymbolID: UInt64] = [:]

  /// The output sections that the linker's own symbols are relative to, the last rows of all.
  var linkerSymbolOutputs: [SymbolID: OutputID] = [:]

  /// Output sections whose bytes are made already: compressed debug information.
  var compressedOutputs: [OutputID: CompressedOutput] = [:]

  /// --gdb-index
  var gdbIndex: GdbIndex?

  var symbolTable = SymbolTableOutput()
  var emitted = EmittedRelocations()
  var fileSize: UInt64 = 0
  /// Behind the loaded part of the file.
  var loadedEnd: UInt64 = 0
  var sectionHeaderOffset: UInt64 = 0

  /// The part of the output where `.rela.dyn` is, while writing.
  var relaDynamic = OutputBytes(base: UnsafeMutableRawPointer(bitPattern: 8)!, count: 0)

  init(_ selection: Selection) {
    self.selection = selection
    options = selection.options
    log = selection.log
    pool = selection.pool
    target = selection.inputs.target
    format = target.format
    // Entries of a table may be left out, too (UnwindIndex+Merging).
    hasPieces = selection.needs.pieces || selection.syntheticRows[.unwindStops] != nil
    outputs = selection.outputs
    addresses = Column(count: selection.inputs.symbolCount)
    relativeStarts = Column(count: selection.sections.count)
    symbolicStarts = Column(count: selection.sections.count)
  }

  // MARK: Addresses

  /// More bytes than the address space of a process has, for what the kernel leaves to it.
  static var largestSize: UInt64 { 1 << 47 }

  /// More zeros than anybody wants in a file.
  static var largestGap: UInt64 { 1 << 32 }

  /// Address of an input section's first byte.
  @inline(__always) func address(of section: InputSection) -> UInt64 {
    guard section.output != .none else { return 0 }
    return outputAddresses[section.output.index] &+ section.offset
  }

  /// Addresses of the output sections, in memory that loops may read without reference counting.
  private(set) var outputAddresses = Block<UInt64>(count: 0)

  /// The numbers of the output sections in the section header table, likewise; 0: not there.
  private(set) var headerNumbers = Block<UInt32>(count: 0)

  func freezeHeaderNumbers() {
    headerNumbers = Block(count: outputs.count)
    for index in outputs.indices { headerNumbers[index] = UInt32(outputs[index].headerIndex) }
  }

  func freezeOutputAddresses() {
    outputAddresses = Block(count: outputs.count)
    for index in outputs.indices { outputAddresses[index] = outputs[index].address }
  }

  func address(of kind: SyntheticKind) -> UInt64 {
    guard let row = selection.syntheticRows[kind] else { return 0 }
    return address(of: selection.sections[row])
  }

  func size(of kind: SyntheticKind) -> UInt64 {
    guard let row = selection.syntheticRows[kind] else { return 0 }
    return selection.sections[row].size
  }

  func output(named name: String) -> OutputSection? { outputs.first { $0.name == name } }

  /// Whether relative relocations in a section may be packed: its words are at even addresses.
  func isPackable(_ section: InputSection, _ id: SectionID) -> Bool {
    section.alignmentShift >= 1 && section.kind.contains(.write)
      && !selection.states[id].contains(.unpackable)
  }
}

/// Where a definition is.
struct DefinedSymbolValue: Sendable {
  var address: UInt64
  /// The output section it is relative to; nil: absolute.
  var output: OutputID?
}
