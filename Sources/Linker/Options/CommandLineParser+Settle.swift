// What follows from several options together.

extension CommandLineParser {
  /// Completes the options after the last argument: defaults that depend on the kind of output,
  /// and combinations that make no sense.
  mutating func settle() {
    settleOutputKind()
    options.machine = options.machine ?? machineOfFormat
    if options.outputKind != .sharedObject {
      if !options.filters.isEmpty { error(.onlyWithShared("-F")) }
      if !options.auxiliaries.isEmpty { error(.onlyWithShared("-f")) }
      if !options.definesCommons { error(.definesCommonsItself) }
    }
    if let ordering = options.sectionOrdering {
      // A map says the order by itself: `take … order "file"`, `sort`.
      if !options.sectionMapPaths.isEmpty { error(.exclusiveOptions(ordering, "--section-map")) }
      if let relocatableSpelling { error(.exclusiveOptions(relocatableSpelling, ordering)) }
    }
    if options.folding != .none, let keeper = relocationKeeper {
      options.folding = .none
      warning(.notFolding(keeper))
    }
    if options.indirectExternAccess { options.copyRelocations = false }
    settleDebugFile()
    if let relocatableSpelling, options.gdbIndex { warning(.notIndexing(relocatableSpelling)) }
    if let relocatableSpelling, !options.discardedSections.isEmpty {
      error(.exclusiveOptions(relocatableSpelling, "--discard-section"))
    }
    if !options.sectionHeaders { settleWithoutHeaders() }
    if options.emitRelocations && options.strip == .all && options.outputKind != .relocatable {
      error(.exclusiveOptions("--emit-relocs", "--strip-all"))
    }
    if options.outputFormat == .binary {
      options.emitRelocations = false  // nor for relocations
      let other = relocatableSpelling ?? (options.postScripts.isEmpty ? nil : "--post")
      if let other { error(.exclusiveOptions(other, "--oformat=binary")) }
      options.strip = .all  // there is no place for a symbol table or debug information
    }
    let page = options.maxPageSize ?? (options.machine ?? .native).facts.maxPageSize
    if let base = options.imageBase ?? options.textSegmentAddress, base % page != 0,
      options.outputFormat == .elf
    {
      warning(.baseBesidePage(base, page))
    }
    if options.readOnlySegmentAddress != nil && !options.readOnlySegment {
      error(.exclusiveOptions("--no-rosegment", "-Trodata-segment"))
    }
    if options.sectionOrder != nil, let other = otherLayout {
      error(.exclusiveOptions("--section-order", other))
    }
    if options.earlierMemoryReport != nil && options.memoryReport == nil {
      error(.missingCompanion("--memory-report-before", "--memory-report"))
    }
    settleUndefinedSymbols()
    settleSharing()
    settleScript()
    // (GNU ld, gold)
    if options.rpaths.isEmpty, let path = environment.variable("LD_RUN_PATH"), !path.isEmpty {
      options.addRpath(path)
    }
    if !options.namesInputs && !wantsNoInputs && !hasErrors { error(.noInputFiles()) }
  }

  /// An option that says what --section-order says, too.
  private var otherLayout: String? {
    if !options.sectionMapPaths.isEmpty { return "--section-map" }
    if options.importScripts { return "--import-scripts" }
    if options.physicalImageBase != nil { return "--physical-image-base" }
    if options.readOnlySegmentAddress != nil { return "-Trodata-segment" }
    return options.largeDataAddress == nil ? nil : "-Tldata-segment"
  }

  /// The kinds of output exclude each other; an executable is what is made otherwise.
  private mutating func settleOutputKind() {
    let wanted = [relocatableSpelling, sharedSpelling, pieSpelling].compactMap(\.self)
    if wanted.count > 1 { error(.exclusiveOptions(wanted[0], wanted[1])) }
    if let relocatableSpelling {
      if !options.postScripts.isEmpty { error(.exclusiveOptions(relocatableSpelling, "--post")) }
      if options.memoryReport != nil {
        error(.exclusiveOptions(relocatableSpelling, "--memory-report"))
      }
      options.outputKind = .relocatable
    } else if sharedSpelling != nil {
      options.outputKind = .sharedObject
    } else if pieSpelling != nil {
      options.outputKind = .pie
    }
  }

  /// The option by which relocations stay in the output.
  private var relocationKeeper: String? {
    relocatableSpelling ?? (options.emitRelocations ? "--emit-relocs" : nil)
  }

  /// --separate-debug-file divides an ELF file.
  private mutating func settleDebugFile() {
    guard options.separateDebugFile != nil else { return }
    let other =
      relocationKeeper
      ?? (options.outputFormat == .binary ? "--oformat=binary" : nil)
      ?? (options.sectionHeaders ? nil : "-z nosectionheader")
    if let other { error(.exclusiveOptions(other, "--separate-debug-file")) }
  }

  /// --default-script counts where no -T does, behind all else.
  private mutating func settleScript() {
    guard let script = options.defaultScript else { return }
    let hasOther = options.inputs.contains { if case .script = $0.source { true } else { false } }
    if !hasOther { addInput(.script(script)) }
  }

  /// -z nosectionheader: nobody could find a symbol table or debug information.
  private mutating func settleWithoutHeaders() {
    if let relocationKeeper {
      return error(.exclusiveOptions(relocationKeeper, "-z nosectionheader"))
    }
    options.strip = .all
  }

  private mutating func settleUndefinedSymbols() {
    let isProgram = options.outputKind.isExecutable
    let report: UndefinedAction = undefinedIsWarning ? .warning : .error
    options.undefinedInObjects = reportUndefinedInObjects ?? isProgram ? report : .ignore
    options.undefinedInSharedLibraries = allowShlibUndefined ?? !isProgram ? .ignore : report
  }

  /// What the environment says about the machine's other work.
  private mutating func settleSharing() {
    if options.threadCount == nil {
      options.jobServer = environment.variable("MAKEFLAGS").flatMap { JobServer(flags: $0) }
    }
    guard let count = environment.variable("SWOLD_JOBS"), !count.isEmpty else { return }
    options.linkLimit = LinkLimit(count)
    if options.linkLimit == nil {
      error(.badOptionValue("SWOLD_JOBS", "a number of links from 1 to 1024"))
    }
  }
}

extension Options {
  /// Whether the command line names anything to link.
  var namesInputs: Bool {
    inputs.contains { input in
      switch input.source {
      case .file, .library, .script, .justSymbols: true
      case .startGroup, .endGroup: false
      }
    }
  }

  /// --rpath and -R: in order, each directory once.
  mutating func addRpath(_ directory: String) {
    if !rpaths.contains(directory) { rpaths.append(directory) }
  }
}
