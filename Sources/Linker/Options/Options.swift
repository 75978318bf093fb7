// Every decision of the command line that the link needs, as one plain value.
//
// The parser makes it, checks it and fills in what depends on several options at once (a shared
// library treats undefined symbols differently from a program). Afterwards nothing changes it, so
// all passes may read it from any thread. A path is what the user wrote: nothing was opened yet,
// apart from response files.

struct Options: Sendable, Equatable {

  // MARK: Output

  /// -o.
  var outputPath = "a.out"
  var outputKind = OutputKind.executable
  /// -static occurs. As it holds like -Bstatic for the inputs behind it, a shared library can still
  /// take part; if none does, `Inputs.isStatic` is true.
  var isStatic = false
  var outputFormat = OutputFormat.elf
  /// -m; nil: the first object file decides.
  var machine: Machine?
  /// The name behind -m; empty: none was given.
  var emulation = ""
  /// -e: a symbol, or a number. nil: `_start`, if there is one.
  var entry: String?
  /// -I: the path for PT_INTERP; nil: the customary one, unless there is none to be.
  var dynamicLinker: String?
  /// --no-dynamic-linker: no PT_INTERP, whatever the kind of output.
  var noDynamicLinker = false
  /// -N: text and data share one writable segment that is not page aligned.
  var omagic = false
  /// -n: segments are not page aligned.
  var nmagic = false
  /// --force-group-allocation: -r makes no section groups.
  var dissolvesGroups = false
  /// --relocatable-merge-sections: -r merges mergeable sections and joins sections by rule.
  var relocatableMergeSections = false

  // MARK: Inputs and search

  /// In order; see `InputArgument`.
  var inputs: [InputArgument] = []
  /// --dependent-libraries: objects may name libraries that they need.
  var dependentLibraries = true
  /// --default-script.
  var defaultScript: String?
  /// --remap-inputs and --remap-inputs-file.
  var remaps = InputRemaps()
  /// -L, in order; `=` and `$SYSROOT` at the beginning stand for `sysroot`.
  var libraryPaths: [String] = []
  /// --sysroot; empty: none.
  var sysroot = ""
  /// -C: relative paths of inputs and output begin here.
  var directory: String?
  /// --chroot: absolute paths of inputs begin here.
  var chroot: String?
  /// -nostdlib: only the -L of the command line count, not SEARCH_DIR and built-in paths.
  var noStandardLibraryPaths = false
  /// -rpath-link, in order: where to look for what shared libraries need.
  var rpathLinkPaths: [String] = []
  /// --exclude-libs: names of archives whose symbols are not exported; `ALL` for all of them.
  var excludeLibs: [String] = []
  /// --copy-dt-needed-entries is off in all modern linkers; true if the user asks for it.
  var copyDTNeeded = false

  // MARK: Dynamic section

  /// -soname.
  var soname: String?
  /// -rpath, in order and without repetitions.
  var rpaths: [String] = []
  /// --enable-new-dtags: DT_RUNPATH rather than DT_RPATH.
  var newDTags = true
  var hashStyle = HashStyle.both
  /// -F: names for DT_FILTER.
  var filters: [String] = []
  /// -f: names for DT_AUXILIARY.
  var auxiliaries: [String] = []
  /// --audit, the colon-separated lists in order: DT_AUDIT.
  var audit: [String] = []
  /// -P: DT_DEPAUDIT.
  var depaudit: [String] = []
  /// -init and -fini: the functions of DT_INIT and DT_FINI.
  var initSymbol = "_init"
  var finiSymbol = "_fini"
  /// --post: scripts of swold-edit for the finished output, in order.
  var postScripts: [String] = []
  /// --spare-dynamic-tags: DT_NULL entries left for post-link editing; nil: as the map says.
  var spareDynamicTags: Int?
  /// --spare-program-headers: PT_NULL entries left for post-link editing; nil: as the map says.
  var spareProgramHeaders: Int?
  /// --package-metadata: text for `.note.package`, %-escapes resolved.
  var packageMetadata: String?

  // MARK: Symbols

  var exportDynamic = false
  /// --export-dynamic-symbol: globs.
  var exportDynamicSymbols: [String] = []
  /// --export-dynamic-symbol-list: paths.
  var exportDynamicSymbolLists: [String] = []
  /// --dynamic-list: paths. In a shared library it also binds all other symbols symbolically.
  var dynamicLists: [String] = []
  /// --dynamic-list-data: as if all data symbols were in a dynamic list.
  var dynamicListData = false
  /// --dynamic-list-cpp-new, --dynamic-list-cpp-typeinfo.
  var dynamicListCxxNew = false
  var dynamicListCxxTypeInfo = false
  /// --version-script: paths.
  var versionScripts: [String] = []
  /// --no-undefined-version: a name in a version script that nothing defines is an error.
  var noUndefinedVersion = false
  /// --default-symver: unversioned exports get the soname as version.
  var defaultSymbolVersion = false
  /// --default-imported-symver: unversioned imports get the soname of their library as version.
  var defaultImportedVersion = false
  var symbolicBinding = SymbolicBinding.none
  /// What to do about undefined symbols in object files: -z defs, --unresolved-symbols and kin, or
  /// what is customary for the kind of output.
  var undefinedInObjects = UndefinedAction.error
  /// The same for undefined symbols of the shared libraries of the link (--allow-shlib-undefined).
  var undefinedInSharedLibraries = UndefinedAction.error
  /// --ignore-unresolved-symbol: names.
  var ignoredUndefinedSymbols: [String] = []
  /// -z muldefs: the first definition counts.
  var allowMultipleDefinition = false
  /// -u: symbols to be treated as referenced, in order.
  var undefinedSymbols: [String] = []
  /// --undefined-glob: the same for all symbols of archives that match.
  var undefinedGlobs: [String] = []
  /// --require-defined: as `undefinedSymbols`, and an error if there is no definition at the end.
  var requiredSymbols: [String] = []
  var symbolDefinitions: [DefsymOption] = []
  /// --wrap: symbols, in order and without repetitions.
  var wrappedSymbols: [String] = []
  /// -d: common symbols become definitions with -r, too.
  var allocatesCommons = false
  /// --no-define-common (false): those of a shared library are the program's to define.
  var definesCommons = true
  /// --no-gnu-unique (false): STB_GNU_UNIQUE is taken as STB_GLOBAL.
  var gnuUnique = true
  /// -z dynamic-undefined-weak: undefined weak symbols of a program become dynamic symbols.
  /// nil: as is customary for the kind of output.
  var dynamicUndefinedWeak: Bool?
  var startStopVisibility = StartStopVisibility.protected

  // MARK: Choice of content

  var gcSections = false
  var printGCSections = false
  /// --print-gc-sections=FILE; nil: standard output.
  var printGCSectionsPath: String?
  /// -z start-stop-gc: `__start_NAME` does not keep the sections NAME.
  var startStopGC = false
  /// --gc-keep-exported: in a program, too, exported symbols are roots.
  var gcKeepExported = false
  var folding = FoldingMode.none
  var printFoldedSections = false
  /// --print-icf-sections=FILE; nil: standard output.
  var printFoldedSectionsPath: String?
  /// --keep-unique: symbols that are never folded.
  var keepUnique: [String] = []
  /// With --icf, data may get the address of other data, and with --icf=safe functions that of others.
  var ignoreDataAddressEquality = false
  var ignoreFunctionAddressEquality = false
  /// --relax: replace GOT loads and TLS sequences by shorter ones.
  var relax = true
  /// --relax-gp: addresses near the small-data pointer are counted from it.
  var relaxSmallData = true

  // MARK: Symbol table, debug information, relocations

  var strip = StripMode.none
  var discard = DiscardMode.temporaryInMergeable
  /// --retain-symbols-file: the only symbols to keep.
  var retainSymbolsFile: String?
  /// --separate-debug-file; empty: `.dbg` behind the name of the output. nil: there is none.
  var separateDebugFile: String?
  /// --emit-relocs: relocations of the inputs are in the output, too.
  var emitRelocations = false
  var debugCompression = DebugCompression.none
  /// --compress-sections; the last one for a section counts.
  var sectionCompressions: [SectionCompression] = []
  var gdbIndex = false
  var ehFrameHeader = false
  var buildID = BuildID.none
  /// -z nosectionheader (false).
  var sectionHeaders = true
  /// -z dead-reloc-in-nonalloc; the last one for a section counts.
  var deadRelocationValues: [DeadRelocationValue] = []

  // MARK: Layout

  /// --section-map: read one after the other as if they were one file. Empty: the built-in map.
  var sectionMapPaths: [String] = []
  var mapParameters: [MapParameter] = []
  /// --import-scripts: linker scripts that say a layout become section maps.
  var importScripts = false
  /// What makes the maps.
  var layoutImporter: LayoutImporter?
  var printSectionMap = false
  var explainRequests: [ExplainRequest] = []
  var printMemoryUsage = MemoryUsageForm.none
  /// --memory-report: an HTML file, or a JSON file if its name says so.
  var memoryReport: String?
  /// --memory-report-before: an earlier one.
  var earlierMemoryReport: String?
  /// nil: as the map says.
  var orphanHandling: OrphanHandling?
  var imageBase: UInt64?
  /// --section-start, -Ttext, -Tdata and -Tbss, in order; the last one for a name counts.
  var sectionStarts: [PinnedSection] = []
  /// -Ttext-segment.
  var textSegmentAddress: UInt64?
  /// -Trodata-segment.
  var readOnlySegmentAddress: UInt64?
  /// -Tldata-segment.
  var largeDataAddress: UInt64?
  /// The addresses of what begins anew somewhere, behind which the rest of the built-in map follows.
  var placeAddresses: [UInt64] {
    [readOnlySegmentAddress, largeDataAddress].compactMap(\.self) + (sectionOrder?.addresses ?? [])
  }
  /// --section-order: the layout in mold's words.
  var sectionOrder: SectionOrder?
  /// --section-align: the least alignment of output sections.
  var sectionAlignments: [String: UInt64] = [:]
  /// --discard-section.
  var discardedSections: [String] = []
  /// --zero-to-bss: data that is zero takes no room in the file.
  var zeroToBSS = false
  /// --start-stop: also sections whose names are no C identifiers have `__start_` and `__stop_`.
  var startStop = false
  /// --physical-image-base: the load address of what is placed at the image base.
  var physicalImageBase: UInt64?
  /// --filler: what stands in gaps that no map fills; nil: zeros, and in code what traps.
  var filler: UInt8?
  /// --execute-only: PT_LOADs with code may not be read.
  var executeOnly = false
  /// --rosegment: read-only data gets a segment of its own, apart from code.
  var readOnlySegment = true
  var sectionSort = SectionSort.none
  /// --unique: input sections whose names match are not joined. `*` for the bare option, which
  /// means orphans only.
  var uniqueSectionPatterns: [String] = []
  var uniqueOrphans = false
  var shuffleSections: [SectionShuffle] = []
  var symbolOrderingFile: String?
  var sectionOrderingFile: String?
  var warnSymbolOrdering = true
  var callGraphOrderingFile: String?
  var callGraphProfileSort = true
  var checkSections = true

  // MARK: -z

  /// -z now: bind at start.
  var bindNow = false
  var relro = true
  var textRelocations = TextRelocationPolicy.warning
  var executableStack = ExecutableStack.ifNeeded
  /// nil: as the size of the pages suggests.
  var codeSeparation: CodeSeparation?
  /// nil: the largest that the machine may have.
  var maxPageSize: UInt64?
  /// Whether -z max-page-size was given.
  var setsMaxPageSize = false
  var commonPageSize: UInt64 = 4096
  /// -z stack-size: `p_memsz` of PT_GNU_STACK.
  var stackSize: UInt64 = 0
  /// -z nognustack (false): leave PT_GNU_STACK out.
  var stackSegment = true
  /// DF_ORIGIN.
  var origin = false
  /// DF_1_NODELETE.
  var noDelete = false
  /// DF_1_NOOPEN.
  var noOpen = false
  /// DF_1_NODUMP.
  var noDump = false
  /// DF_1_NODEFLIB.
  var noDefaultLibraries = false
  /// DF_1_INITFIRST.
  var initFirst = false
  /// DF_1_INTERPOSE.
  var interpose = false
  /// DF_1_GLOBAL.
  var globalScope = false
  /// -z nocopyreloc (false): a copy relocation is an error.
  var copyRelocations = true
  /// -z pack-relative-relocs, --pack-dyn-relocs=relr: DT_RELR.
  var packRelativeRelocations = false
  /// --pack-dyn-relocs=android: the other dynamic relocations are packed, too, as Android has them.
  var packsDynamicRelocations = false
  /// --use-android-relr-tags: packed relative relocations have the tags that Android had first.
  var usesAndroidTags = false
  /// --apply-dynamic-relocs: also store the addend where a dynamic relocation applies.
  var applyDynamicRelocations = false
  /// -z combreloc: sort the dynamic relocations.
  var combineRelocations = true
  /// -z ibt: mark the output as IBT capable, whatever the inputs say.
  var ibt = false
  /// -z ibtplt: PLT entries with endbr64.
  var ibtPLT = false
  /// -z shstk: mark the output as shadow-stack capable.
  var shadowStack = false
  var cetReport = FeatureReportLevel.none
  /// --fix-cortex-a53-843419 and -835769: keep errata of a processor away from code.
  var fixCortexA53Address = false
  var fixCortexA53Multiply = false
  /// -z force-bti: mark the output as fit for BTI, whatever the inputs say.
  var forceBTI = false
  /// -z pac-plt: PLT entries that authenticate what they jump to.
  var pacPLT = false
  var btiReport = FeatureReportLevel.none
  var pauthReport = FeatureReportLevel.none
  var gcsReport = FeatureReportLevel.none
  /// -z gcs: whether the output is marked as fit for a guarded control stack.
  var guardedControlStack = GuardedControlStack.implicit
  /// -z rewrite-endbr.
  var rewriteEndbr = false
  /// nil: as the inputs say.
  var isaLevel: X86ISALevel?
  /// -z keep-text-section-prefix: `.text.hot`, `.text.unlikely` and kin stay apart.
  var keepTextSectionPrefix = false
  /// -z unique: DF_GNU_1_UNIQUE, the library is loaded once and into the main namespace.
  var loadOnce = false
  /// -z rodynamic: `.dynamic` is read-only.
  var readOnlyDynamic = false
  var indirectExternAccess = false
  var reportRelativeRelocations = false

  // MARK: ARM

  /// --target1-rel: R_ARM_TARGET1 is a distance, else an address.
  var target1IsDistance = false
  /// --target2; nil: as the platform has it.
  var target2: Target2Meaning?
  /// --merge-exidx-entries: entries that say what the one before them says are left out.
  var mergesUnwindIndex = true
  /// --fix-cortex-a8: branches that its erratum 657417 concerns go through patches.
  var fixCortexA8 = false
  /// --fix-arm1176: no BLX for processors that may go wrong at it.
  var fixARM1176 = false
  /// --fix-v4bx: `bx rM` becomes `mov pc, rM`.
  var replacesBX = false
  /// --be8.
  var wantsBE8 = false
  var warnWcharSize = true
  var warnEnumSize = true

  // MARK: Link-time optimization

  /// -plugin, each with the -plugin-opt behind it.
  var plugins: [PluginRequest] = []
  /// The -plugin-opt in front of the first -plugin.
  var loosePluginOptions: [String] = []
  /// The options of other linkers for their own LTO (--lto-O2, --thinlto-jobs=4, -mllvm X …), in
  /// order.
  var ltoOptions: [CompilerOption] = []
  /// --fat-lto-objects: the bitcode of clang's fat objects counts, not their machine code; nil: if
  /// a plugin for it is named.
  var usesFatBitcode: Bool?
  /// -O: 0 to 3. Nothing depends on it yet.
  var optimizationLevel = 1

  // MARK: Reports

  /// -M.
  var printMap = false
  /// -Map; `-` is standard output.
  var mapFile: String?
  var crossReference = false
  /// -t: print the names of the inputs as they are read.
  var trace = false
  /// -y: report the files that mention these symbols.
  var traceSymbols: [String] = []
  var printDependencies = false
  /// --dependency-file: a rule for make.
  var dependencyFile: String?
  /// --reproduce: a tar archive of all inputs; --repro: beside the output.
  var reproduce = false
  var reproducePath: String?
  /// The arguments of a link of what is in it.
  var replayArguments: [String] = []
  /// --why-extract: a table of archive members with who needed them; `-` is standard output.
  var whyExtract: String?
  /// --print-archive-stats.
  var archiveStatistics: String?
  var stats = false
  /// Time per pass.
  var perf = false
  /// --time-trace: a Chrome trace.
  var timeTrace = false
  var timeTracePath: String?
  /// --time-trace-granularity: passes that take less than so many microseconds are left out.
  var timeTraceGranularity: UInt64 = 0

  // MARK: Diagnostics

  var color = ColorChoice.automatic
  var demangle = true
  /// --vs-diagnostics.
  var visualStudioMessages = false
  /// 0: no limit.
  var errorLimit = 20
  var fatalWarnings = false
  var suppressWarnings = false
  /// --noinhibit-exec: what is wrong and leaves an output to write is reported as a warning.
  var writesFaultyOutput = false
  var warnCommon = false
  /// Also with -z notext.
  var warnTextRelocations = false
  var warnExecutableStack = true
  /// --warn-search-mismatch: tell about libraries for other machines that -l passes over.
  var warnSearchMismatch = true
  var warnWritableExecutableSegments = false
  /// --error-handling-script: told of missing libraries and undefined symbols.
  var errorHandlingScript: String?
  /// --warn-backrefs.
  var warnBackreferences = false
  /// --warn-backrefs-exclude: globs of files.
  var warnBackreferencesExclude: [String] = []
  var detectODRViolations = false

  // MARK: The process

  /// -preload: prepare the link and wait for it.
  var preload = false
  /// --preload-timeout: how many seconds.
  var preloadTimeout = 600
  /// Where these two stand among the arguments.
  var preloadPositions: [Int] = []
  /// nil: as many as there are processors and the job server allows.
  var threadCount: Int?
  /// Where each thread but the first has to be asked for; nil: nowhere.
  var jobServer: JobServer?
  /// SWOLD_JOBS: how many links of this user run at a time.
  var linkLimit: LinkLimit?
  /// --fork: a child does the work, and the parent leaves as soon as the output is complete.
  var fork = true

  /// Whether `.gdb_index` is to be made: stripped outputs have nothing to index, objects are indexed when
  /// the program is linked from them.
  var writesGdbIndex: Bool {
    gdbIndex && strip == .none && sectionHeaders && outputKind != .relocatable
  }

  /// The name that a library has for others: -soname, or else the last component of the path.
  var libraryName: String {
    soname ?? outputPath.split(separator: "/").last.map(String.init) ?? outputPath
  }
}
