// The program after resolution: every file that takes part, every name with its definition.

internal import ELF
internal import Parallel

final class Program: @unchecked Sendable {
  // Sendable: each pass writes rows of its own, or atomic columns.

  let inputs: Inputs
  let options: Options
  let log: DiagnosticEngine
  let pool: WorkerPool
  /// The file table of `inputs`.
  let files: Block<InputFile>
  /// As the target's.
  let largeCommonIndex: UInt16

  /// For global symbols, the name, while names are resolved. Released afterwards.
  var names: Column<SymbolID, NameID>
  /// The best definition so far for each name: a `Candidate`.
  var best: AtomicMinimum<NameID>
  /// For each entry, the row that stands for it in the whole link: its name's definition, or the
  /// first reference if there is none. Local symbols stand for themselves.
  private(set) var definition: Column<SymbolID, SymbolID>
  /// At the defining row.
  private(set) var flags: AtomicFlags<SymbolID, SymbolFlags>
  let fileFlags: AtomicFlags<FileID, FileFlags>
  /// Version index for `.gnu.version` at the defining row; 0: not decided.
  private(set) var versionIndex: Column<SymbolID, UInt16>

  /// The sections that remain of each object.
  var sectionCounts: SectionCounts?
  /// Some `.gnu.linkonce` section lost its place.
  var linkOnceWasDiscarded = false
  /// Symbols of objects with a version in their name (`foo@V`, `foo@@V`), in file order.
  var explicitVersions: [ExplicitVersion] = []
  /// What these lead to.
  var versionBindings = VersionBindings()
  /// The common symbols of files that take part in any case.
  var liveCommons: Set<NameID> = []
  /// The first archive member with a common symbol, for each name; in links with shared libraries.
  var lazyCommons: [NameID: FileID] = [:]
  /// What a library under --as-needed is the first to define, and a member that takes part, too.
  var takenOver: Set<NameID> = []
  /// Definitions in shared libraries that common symbols give way to.
  var libraryData: [NameID: Candidate] = [:]
  /// Common symbols that became definitions, with their final size and alignment.
  var commons: [CommonSymbol] = []
  /// The common symbol that became the definition `symbol`.
  func common(_ symbol: SymbolID) -> CommonSymbol? {
    var low = 0
    var high = commons.count
    while low < high {
      let middle = (low + high) / 2
      if commons[middle].symbol < symbol { low = middle + 1 } else { high = middle }
    }
    return low < commons.count && commons[low].symbol == symbol ? commons[low] : nil
  }

  /// What --defsym and its kin define.
  var assignments = AssignmentPlan()
  /// The versions that this output defines, without the base version.
  var definedVersions: [DefinedVersion] = []
  /// What an exported symbol without a version has in `.gnu.version` (--default-symver).
  var defaultVersionIndex = VER.NDX_GLOBAL
  var ownVersions = OwnVersions()
  /// What the output says of itself as a whole.
  var abi = OutputABI()
  /// Why each archive member was taken; only with --why-extract.
  var extractions: [Extraction] = []
  /// The version scripts, compiled; nil if there is none.
  var versionMatcher: VersionMatcher?
  /// The dynamic lists and --export-dynamic-symbol, compiled.
  var dynamicLists: [VersionMatcher] = []
  /// --dynamic-list or a list that is built in: a shared library binds everything else to itself.
  var hasDynamicList: Bool {
    !options.dynamicLists.isEmpty || options.dynamicListData
      || options.dynamicListCxxNew || options.dynamicListCxxTypeInfo
  }

  init(_ inputs: Inputs) {
    self.inputs = inputs
    options = inputs.options
    log = inputs.log
    pool = inputs.pool
    files = inputs.files
    largeCommonIndex = inputs.target.largeCommonIndex
    names = Column(count: 0)
    best = AtomicMinimum(count: 0)
    definition = Column(count: 0)
    flags = AtomicFlags(count: 0)
    fileFlags = AtomicFlags(count: files.count)
    versionIndex = Column(count: 0)
  }

  /// Makes the symbol columns, once it is known how many entries there are.
  func makeSymbolTables() {
    definition = Column(count: inputs.symbolCount)
    flags = AtomicFlags(count: inputs.symbolCount)
    versionIndex = Column(count: inputs.symbolCount)
  }

  /// Whether the output has a dynamic section and a dynamic linker will finish it. A program at a
  /// fixed address that names no library has nobody to show its exports to.
  var isDynamic: Bool {
    switch options.outputKind {
    case .relocatable: false
    case .sharedObject, .pie: true
    case .executable: !inputs.isStatic && !neededSharedObjects.isEmpty
    }
  }

  /// The shared libraries that the output names, in order. Known once definitions are chosen:
  /// parallel loops read it, so nothing may be left to be computed by the first of them.
  private(set) var neededSharedObjects: [FileID]!

  func listNeededSharedObjects() {
    neededSharedObjects = (0..<files.count).lazy.map { FileID($0) }
      .filter { self.files[$0.index].kind == .shared && self.fileFlags[$0].contains(.needed) }
  }

  func isLive(_ file: FileID) -> Bool { fileFlags[file].contains(.live) }
}

struct CommonSymbol: Sendable {
  let symbol: SymbolID
  var size: UInt64
  var alignment: UInt64
  /// Whether no file expects it within reach of small code.
  var isLarge = true
  var section = SectionID.none
}

/// What stands in `Program.best`: who defines a name, in a form whose minimum is the winner.
struct Candidate {
  let key: UInt64

  /// How good a definition is; smaller wins, then the earlier file.
  enum Rank: UInt64 {
    case assignment = 0  // --defsym, `symbol` of a section map
    case strong
    /// A shared library's, where the program has only a common symbol that gives way to it.
    case libraryData
    case common
    case weak
    case provided
    case shared
    /// Before it is known which archive members take part. Common symbols of live files come behind
    /// proper definitions: an archive member that has one is pulled.
    case lazy
    case liveCommon
    case lazyCommon
    case undefined = 15
  }

  init(key: UInt64) { self.key = key }

  /// `isBase`: of two definitions in one file, the other one.
  init(_ rank: Rank, _ file: FileID, _ index: Int, isBase: Bool = false) {
    key =
      rank.rawValue << 60 | UInt64(file.rawValue) << 32 | UInt64(isBase ? 1 : 0) << 31
      | UInt64(UInt32(truncatingIfNeeded: index) & 0x7fff_ffff)
  }

  var rank: Rank { Rank(rawValue: key >> 60) ?? .undefined }
  /// As `rank == other`, in one comparison.
  @inline(__always) func has(_ other: Rank) -> Bool { key >> 60 == other.rawValue }
  var file: FileID { FileID(rawValue: UInt32(truncatingIfNeeded: key >> 32) & 0x0fff_ffff) }
  var index: Int { Int(UInt32(truncatingIfNeeded: key) & 0x7fff_ffff) }
}
