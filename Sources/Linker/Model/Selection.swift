// The content of the output: the sections that take part, after selection.
//
// After this phase no section or symbol comes or goes.

internal import ELF
internal import MapLang
internal import Parallel

/// A rule of the map, as far as every section that it takes wants to know it: a `Rule` is large, and
/// its copies are counted.
struct RuleFacts: BitwiseCopyable {
  var kind: RuleKind
  var keep: Bool
  /// Whether `.ctors` and `.dtors` become init and fini arrays by it, which run the other way round.
  var reversesConstructors: Bool

  init(_ rule: Rule, _ map: SectionMap) {
    kind = rule.kind
    keep = rule.keep
    reversesConstructors =
      rule.section.map { [".init_array", ".fini_array"].contains(map[$0].name) } ?? false
  }
}

final class Selection: @unchecked Sendable {
  // Sendable: each pass writes rows of its own, or atomic columns.

  let program: Program
  let options: Options
  let log: DiagnosticEngine
  let pool: WorkerPool
  let files: Block<InputFile>
  let inputs: Inputs

  /// The map in force, and its compiled rules.
  let map: SectionMap
  let matcher: Matcher
  /// What the passes over all sections ask of a rule; by its number.
  let ruleFacts: Block<RuleFacts>

  /// Rows of all surviving input sections, then of the linker-made ones. Row 0 is nobody's.
  private(set) var sections: Column<SectionID, InputSection>
  /// How many rows are in use.
  private(set) var sectionCount = 1
  private(set) var states: AtomicFlags<SectionID, SectionState>
  /// Dynamic relocations that each section needs: relative ones, and ones that name a symbol.
  private(set) var relativeCounts: Column<SectionID, UInt32>
  private(set) var symbolicCounts: Column<SectionID, UInt32>

  /// The sections of the output, in no order yet.
  var outputs: [OutputSection] = []

  /// The row in which each symbol of an object is defined; none for absolute and undefined ones.
  var definingSection = Column<SymbolID, SectionID>(count: 0)
  /// Rows that are to be merged, in order.
  var mergedInputs: [SectionID] = []
  /// Allocated rows whose name is a C identifier, in order.
  var identifierSections: [SectionID] = []
  /// SHF_LINK_ORDER: rows that live exactly if another does.
  var linkOrderDependents: [SectionID: [SectionID]] = [:]

  /// With --gc-sections: the next live-able section of the same section group, in a ring. The
  /// members of a group live and die together (gABI, "Section Groups").
  var nextInGroup = Column<SectionID, SectionID>(count: 0)

  /// --icf: what was folded, and in how many rounds that was found out.
  var folded = FoldedSections()
  var foldingRounds = 0

  /// `.gnu.warning` sections, in order. They have no rows.
  var warningSections: [WarningSection] = []

  var exceptionFrames: ExceptionFrames
  var mergedSections: [MergedSection] = []
  /// For merged input sections, the pieces that they were cut into.
  var pieces: MergePieces
  /// For sections that get shorter, where.
  var sectionPieces = SectionPieces()
  var entries = EntryTable()
  var gotPlan = GOTPlan()
  var copies: [CopiedObject] = []
  var copySize: UInt64 = 0
  var copyAlignment: UInt64 = 1
  var copyRelroSize: UInt64 = 0
  var copyRelroAlignment: UInt64 = 1
  /// The symbols of `.dynsym`, in input order; sorted for the hash table later.
  var dynamicSymbols: [SymbolID] = []
  /// The row of each linker-made section that exists.
  var syntheticRows: [SyntheticKind: SectionID] = [:]
  /// Linker-made sections that a `forbid` of the map speaks of.
  var forbiddenSections: [(kind: SyntheticKind, rule: RuleID)] = []
  /// Kept sections with nothing from the inputs, and what to say if what the linker makes is empty.
  var emptyUnlessMade: [(section: MapSectionID, diagnostic: MapDiagnostic)] = []
  var needs = LinkNeeds()
  /// `.note.gnu.property` of the inputs, merged.
  var properties = GNUProperties()
  /// Undefined names for which a likely spelling was looked for.
  var hintCount = 0
  /// References that nothing defines.
  var undefinedReferences: [UndefinedReference] = []
  /// Places in the image that need an IRELATIVE relocation of their own, in input order.
  var indirectPlaces: [IndirectPlace] = []
  /// Dynamic relocations for read-only input sections, in input order: with -z text all, else the
  /// first of each section.
  var textRelocations: [TextRelocation] = []

  /// Rows beyond the input sections: linker-made ones and common symbols.
  private static var spareRows: Int { 256 }
  /// The same for islands of thunks, on machines that have some.
  static var thunkRows: Int { 4096 }
  var hasSpareRow: Bool { sectionCount < sections.count }

  init(_ program: Program, _ map: SectionMap) {
    self.program = program
    self.map = map
    options = program.options
    log = program.log
    pool = program.pool
    files = program.files
    inputs = program.inputs
    matcher = Matcher(map)
    ruleFacts = Block(count: map.rules.count)
    for (index, rule) in map.rules.enumerated() { ruleFacts[index] = RuleFacts(rule, map) }
    sections = Column(count: 0)
    states = AtomicFlags(count: 0)
    relativeCounts = Column(count: 0)
    symbolicCounts = Column(count: 0)
    exceptionFrames = ExceptionFrames()
    pieces = MergePieces()
  }

  /// Makes the section columns for `count` rows of input sections and at most `groups` of merged ones.
  func makeSectionTables(_ count: Int, groups: Int = 0) {
    let thunkRows = inputs.target.shortestReach > 0 ? Selection.thunkRows : 0
    let capacity = count + program.commons.count + groups + Selection.spareRows + thunkRows
    sections = Column(count: capacity)
    states = AtomicFlags(count: capacity)
    relativeCounts = Column(count: capacity)
    symbolicCounts = Column(count: capacity)
    sectionCount = count
  }

  /// Adds a row for something that the linker makes.
  func addSection(_ section: InputSection) -> SectionID {
    precondition(sectionCount < sections.count)
    let id = SectionID(sectionCount)
    sections[id] = section
    states.insert(.live, at: id)
    sectionCount += 1
    return id
  }

  /// The size of a definition; of a common symbol the largest that a file asks for.
  func size(of symbol: SymbolID) -> UInt64 {
    program.common(symbol)?.size ?? inputs.entry(of: symbol).symbol.size
  }

  func isLive(_ section: SectionID) -> Bool { states[section].contains(.live) }

  /// `main.o:(.text.foo)`, as messages name a section.
  func displayName(_ id: SectionID) -> String {
    let section = sections[id]
    return "\(inputs.displayName(section.file)):(\(sectionName(id)))"
  }

  func sectionName(_ id: SectionID) -> String {
    let section = sections[id]
    if section.kind.contains(.mergedGroup) {
      return sectionName(mergedSections[Int(section.index)].members[0])
    }
    if section.kind.contains(.common) {
      return section.kind.contains(.large) ? "LARGE_COMMON" : "COMMON"
    }
    if section.kind.contains(.synthetic) {
      return SyntheticKind(rawValue: section.index)?.name(inputs.target) ?? ""
    }
    let file = files[section.file.index]
    return file.sectionName(file.sectionHeaders[Int(section.index)]).string
  }

  /// The row of a section of a file; none if it has none.
  @inline(__always) func section(_ file: InputFile, _ index: UInt32) -> SectionID {
    guard index < UInt32(truncatingIfNeeded: file.sectionCount), let map = file.sectionMap else {
      return .none
    }
    let raw = map[Int(index)]
    return raw == InputFile.discardedMark ? .none : SectionID(rawValue: raw)
  }
}

/// What the link as a whole needs, found by the relocation scan.
struct LinkNeeds: Sendable {
  /// A pair of GOT entries for the module's own TLS block: local-dynamic.
  var tlsModuleBase = false
  /// An input asks for an executable stack.
  var executableStack = false
  /// DF_STATIC_TLS.
  var staticTLS = false
  /// DT_TEXTREL.
  var textRelocations = false
  /// `_GLOBAL_OFFSET_TABLE_` or an offset from it.
  var gotBase = false
  /// Code that calls thread-local descriptors.
  var tlsTrampoline = false
  /// Some sections may get shorter.
  var pieces = false
}

struct UndefinedReference: Sendable {
  let symbol: SymbolID
  let section: SectionID
  let offset: UInt64
}

/// A dynamic relocation for a read-only input section.
struct TextRelocation: Sendable {
  let section: SectionID
  let offset: UInt64
  let type: UInt32
  let symbol: SymbolID
}

/// A word that holds the address of an IFUNC.
struct IndirectPlace: Sendable {
  let section: SectionID
  let offset: UInt64
  let symbol: SymbolID
  let addend: Int64
}

struct WarningSection: Sendable {
  let file: FileID
  /// Section index in the file.
  let index: Int
  let text: ByteView
}
