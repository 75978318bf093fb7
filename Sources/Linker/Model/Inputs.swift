// Everything that was read: the result of the first phase.
//
// After it no input file is opened. The last row of the file table is the linker itself: the symbols
// that it defines (`_end`, --defsym) and the sections that it makes are rows like all others.

internal import ELF
internal import MapLang
internal import Parallel

/// What the command line and its scripts say beyond files.
struct ScriptRequests: Sendable {
  /// EXTERN of scripts, in order: as -u.
  var externs: [String] = []
  /// ENTRY of a script.
  var entry: String?
  /// Assignments of scripts, in order.
  var assignments: [ScriptAssignment] = []
  /// All version scripts, joined: those of the command line and VERSION { … } of input scripts.
  var versionScript = VersionScript()
  /// The dynamic lists and --export-dynamic-symbol patterns, each an anonymous version node.
  var dynamicLists: [VersionScript] = []
  /// --retain-symbols-file: the only symbols to keep; nil: no such file.
  var retainedSymbols: Set<String>?
  /// --symbol-ordering-file
  var symbolOrder: SymbolOrder?
  /// --call-graph-ordering-file
  var calls: [ListedCall] = []
  /// --section-ordering-file: names and patterns.
  var sectionOrder: [String] = []
}

/// How often a function calls another, by their names.
struct ListedCall: Sendable {
  let caller: String
  let callee: String
  let weight: UInt64
}

final class Inputs: @unchecked Sendable {
  // Sendable: written by the first phase only, serially or each row by one worker.

  let options: Options
  let log: DiagnosticEngine
  let pool: WorkerPool
  /// What the link is for.
  var target = Machine.native.facts
  /// What makes the edits of --post.
  let editor: (any OutputEditor)?
  /// The inputs in intermediate form; nil: this program cannot load plugins.
  let optimization: LinkTimeOptimization?
  /// Which program can.
  let handOver: HandOver?
  /// The first of two readings: what is found out serves the plugins only.
  var isRehearsal: Bool { optimization.map { !$0.isCompiled } ?? false }
  /// In command-line order; the position is the priority. The last row is the linker.
  var files: Block<InputFile>
  /// The linker's own row.
  var linker: FileID { FileID(files.count - 1) }
  /// The paths of the files, archives and scripts that were opened.
  var paths: [String] = []
  /// For each file its group: they rise in the order of the command line, and the files between
  /// --start-group and --end-group have one. The linker's comes first.
  var fileGroups: [UInt32] = []
  /// Everything that was opened for its content, in order.
  var readFiles: [ReadFile] = []
  var sharedObjects: [SharedObject] = []
  var requests = ScriptRequests()
  /// One more than the largest symbol id.
  var symbolCount = 1
  /// The map in force.
  var map: SectionMap?
  /// The order files that the map names, by name.
  var orders: [String: SymbolOrder] = [:]
  /// The section maps that were made of linker scripts.
  var importedMaps: [ImportedSource] = []
  /// Whether the user gave a map of their own; else the built-in one is in force.
  var hasUserMap: Bool {
    !options.sectionMapPaths.isEmpty || !importedMaps.isEmpty || !options.discardedSections.isEmpty
  }
  var timing: Timing
  /// The tables of the linker's own symbols.
  let linkerSymbols: LinkerSymbols
  /// What --wrap makes of names; nil if nothing is wrapped.
  let wraps: WrapTable?

  /// -static, and no shared library takes part: the output has no interpreter, whatever
  /// -dynamic-linker says, and a dynamic section only if it is a PIE.
  var isStatic: Bool { options.isStatic && sharedObjects.isEmpty }

  /// Whether nothing will look for symbols at run time: also a PIE without libraries that
  /// --no-dynamic-linker makes, as compilers ask for a static PIE on some machines.
  var isSelfContained: Bool {
    isStatic
      || options.noDynamicLinker && options.outputKind.isExecutable && sharedObjects.isEmpty
  }

  /// Whether thread-local sequences become those of a program. A static one has no choice: nothing
  /// in it provides `__tls_get_addr` or descriptors.
  var relaxesThreadLocal: Bool {
    options.outputKind != .sharedObject && (options.relax || isSelfContained)
  }

  init(
    options: Options, log: DiagnosticEngine, pool: WorkerPool,
    editor: (any OutputEditor)? = nil, optimization: LinkTimeOptimization? = nil,
    handOver: HandOver? = nil
  ) {
    self.options = options
    self.log = log
    self.pool = pool
    self.editor = editor
    self.optimization = optimization
    self.handOver = handOver
    timing = Timing(isOn: options.perf || options.stats || options.timeTrace)
    wraps = WrapTable(options.wrappedSymbols)
    files = Block(count: 1)
    linkerSymbols = LinkerSymbols()
  }

  /// How messages and maps call a file: `path`, or `archive(member)`.
  func displayName(_ file: FileID) -> String {
    let row = files[file.index]
    if row.kind == .linker { return "<linker>" }
    let path = paths[Int(row.path)]
    return row.member.isEmpty ? path : "\(path)(\(row.member.string))"
  }

  /// The same with a section, by its index in the file: `main.o:(.text)`.
  func displayName(_ file: FileID, section index: Int) -> String {
    let row = files[file.index]
    let name =
      index < row.sectionCount ? row.sectionName(row.sectionHeaders[index]).string : "COMMON"
    return "\(displayName(file)):(\(name))"
  }

  /// The file that a symbol entry belongs to.
  func file(of symbol: SymbolID) -> FileID {
    // Bases rise with the file number, so this is a binary search. For messages and rare needs;
    // loops over a file's symbols know their file.
    var low = 0
    var high = files.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if files[middle].symbolBase <= symbol.rawValue { low = middle } else { high = middle }
    }
    return FileID(low)
  }

  /// The entry itself, and its index in its file.
  func entry(of symbol: SymbolID) -> (symbol: Symbol, index: Int, file: FileID) {
    let file = file(of: symbol)
    let row = files[file.index]
    let index = Int(symbol.rawValue - row.symbolBase)
    return (row.symbols[index], index, file)
  }

  func name(of symbol: SymbolID) -> ByteView {
    let (entry, index, file) = entry(of: symbol)
    return name(entry, index, files[file.index])
  }

  /// The name that the link knows an entry by: its own, unless --wrap makes a reference mean another.
  func name(_ symbol: Symbol, _ index: Int, _ file: InputFile) -> ByteView {
    let name = file.string(file.symbolNames, symbol.nameOffset)
    guard let wraps, symbol.sectionIndex == SHN.UNDEF, file.kind == .object,
      index >= Int(file.firstGlobal)
    else { return name }
    return wraps.replacement(name) ?? name
  }

  func place(_ file: FileID, section: Int = 0, offset: UInt64 = 0) -> Place {
    Place(file: file.rawValue &+ 1, section: UInt32(truncatingIfNeeded: section), offset: offset)
  }
}
