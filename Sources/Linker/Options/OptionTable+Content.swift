// Rows: what is kept, folded, stripped and compressed; notes; link-time optimization.

extension OptionTable {
  @OptionRows static var debugging: [OptionRow] {
    flag("strip-all", "s", help: "Write no symbol table and no debug information") {
      $0.strip = .all
    }
    flag("strip-debug", "S", help: "Write no debug information") {
      if $0.strip == .none { $0.strip = .debug }
    }
    flag("discard-all", "x", help: "Leave out local symbols") { $0.discard = .all }
    flag("discard-locals", "X", help: "Leave out local symbols that begin with .L") {
      $0.discard = .temporary
    }
    flag("discard-none", help: "Keep all local symbols") { $0.discard = .none }
    value("retain-symbols-file", for: "FILE", help: "Keep only the symbols that FILE lists") {
      $0.retainSymbolsFile = $1
    }
    flag("emit-relocs", "q", help: "Keep relocations in the output") {
      $0.emitRelocations = true
    }
    toggle("eh-frame-hdr", help: "Write a sorted table for .eh_frame") { $0.ehFrameHeader = $1 }
    unmet("ld-generated-unwind-info", "the PLT is not described to unwinders")
    custom(
      "build-id", for: "none|fast|md5|sha1|sha256|uuid|tree|0xHEX", form: .optional,
      help: "Write a build-id note; without a value: tree, which is fast and no proof"
    ) { parser, use in parser.setBuildID(use) }
    flag("no-build-id", help: "Write no build-id note (default)") { $0.buildID = .none }
    custom(
      "package-metadata", for: "JSON", form: .optional,
      help: "Write a package note; %XX in the text stands for a byte"
    ) { parser, use in parser.setPackageMetadata(use) }
    custom(
      "compress-debug-sections", for: "none|zlib|zlib-gabi|zlib-gnu|zstd[:LEVEL]", form: .required,
      help: "Compress debug information"
    ) { parser, use in parser.setDebugCompression(use) }
    custom(
      "compress-sections", for: "GLOB=none|zlib|zstd[:LEVEL]", form: .required,
      help: "Compress sections that are not loaded and whose names match"
    ) { parser, use in parser.addSectionCompression(use) }
    toggle("gdb-index", help: "Write an index of names and addresses for gdb") { $0.gdbIndex = $1 }
    toggle("debug-names", help: "Merge .debug_names", .notBuilt)
    value(
      "separate-debug-file", for: "FILE", form: .optional,
      help: "Write debug information to FILE (default OUTPUT.dbg), which the output names"
    ) { $0.separateDebugFile = $1 }
    flag("no-separate-debug-file", help: "Write it into the output (default)") {
      $0.separateDebugFile = nil
    }
  }

  @OptionRows static var optimization: [OptionRow] {
    toggle("gc-sections", help: "Leave out sections that nothing refers to") { $0.gcSections = $1 }
    value(
      "print-gc-sections", for: "FILE", form: .optional, help: "List the sections left out"
    ) { options, path in
      options.printGCSections = true
      options.printGCSectionsPath = path.isEmpty ? nil : path
    }
    flag("no-print-gc-sections", help: "Do not list them (default)") { $0.printGCSections = false }
    flag("gc-keep-exported", help: "Keep exported symbols of programs") { $0.gcKeepExported = true }
    custom(
      "icf", for: "none|safe|all", form: .required,
      help: "Fold identical code; safe: only functions whose address does not count"
    ) { parser, use in
      switch use.text {
      case "none": parser.options.folding = .none
      case "safe": parser.options.folding = .safe
      case "all": parser.options.folding = .all
      default: parser.error(.badOptionValue(use.description, "none, safe, all"))
      }
    }
    flag("no-icf", help: "Fold nothing (default)") { $0.folding = .none }
    value("print-icf-sections", for: "FILE", form: .optional, help: "List what is folded") {
      options, path in
      options.printFoldedSections = true
      options.printFoldedSectionsPath = path.isEmpty ? nil : path
    }
    flag("no-print-icf-sections", help: "Do not list it (default)") {
      $0.printFoldedSections = false
    }
    value("keep-unique", for: "SYMBOL", help: "Do not fold SYMBOL") { $0.keepUnique.append($1) }
    flag(
      "ignore-data-address-equality", help: "Fold read-only data as well, whose address counts"
    ) {
      $0.ignoreDataAddressEquality = true
    }
    flag(
      "ignore-function-address-equality",
      help: "With --icf=safe, fold functions whose address counts"
    ) {
      $0.ignoreFunctionAddressEquality = true
    }
    toggle("relax", help: "Shorten accesses through the GOT and to thread-locals (default)") {
      $0.relax = $1
    }
    toggle("relax-gp", help: "RISC-V: count addresses from register gp where it reaches (default)")
    {
      $0.relaxSmallData = $1
    }
    custom("O", for: "N", form: .optionalNumber, help: "Effort, 0 to 3; without effect so far") {
      parser, use in
      guard let text = use.value else { return parser.options.optimizationLevel = 1 }
      guard let level = Number.parse(text) else {
        return parser.error(.badOptionValue(use.description, "a number"))
      }
      parser.options.optimizationLevel = Int(min(level, 3))
    }
  }

  @OptionRows static var linkTimeOptimization: [OptionRow] {
    value("plugin", for: "FILE", help: "The compiler's plugin, which compiles LTO inputs") {
      $0.plugins.append(PluginRequest(path: $1))
    }
    value("plugin-opt", for: "OPTION", help: "An option for it") { options, option in
      if options.plugins.isEmpty {
        options.loosePluginOptions.append(option)
      } else {
        options.plugins[options.plugins.count - 1].options.append(option)
      }
    }
    compilerOption("mllvm", for: "OPTION", form: .required)
    ignored(
      "lto", for: "full|thin", form: .required,
      help: "Ignored; each input says how it is to be compiled")
    compilerOption("lto-O", for: "N", form: .glued)
    compilerOption("lto-CGO", for: "N", form: .glued, help: noWord)
    compilerOption("lto-partitions", for: "N", form: .required)
    compilerOption("lto-obj-path", for: "FILE", form: .required)
    compilerOption("lto-emit-asm")
    compilerOption("lto-emit-llvm")
    compilerOption("lto-cs-profile-generate")
    compilerOption("lto-cs-profile-file", for: "FILE", form: .required)
    compilerOption("lto-sample-profile", for: "FILE", form: .required)
    compilerOption("lto-debug-pass-manager")
    compilerOption("lto-newpm-passes", for: "PASSES", form: .required, help: noWord)
    compilerOption("lto-pseudo-probe-for-profiling", help: noWord)
    compilerOption("lto-whole-program-visibility")
    compilerDefault("no-lto-whole-program-visibility", undoing: "lto-whole-program-visibility")
    compilerOption("lto-basic-block-sections", for: "KIND", form: .required)
    compilerOption("lto-unique-basic-block-section-names")
    compilerDefault(
      "no-lto-unique-basic-block-section-names", undoing: "lto-unique-basic-block-section-names")
    ignored(
      "no-legacy-pass-manager", "no-lto-legacy-pass-manager",
      help: "Ignored; LLVM has had no other for long")
    compilerOption("disable-verify")
    compilerOption("save-temps", for: "KIND", form: .optional)
    compilerOption("opt-remarks-filename", for: "FILE", form: .required)
    compilerOption("opt-remarks-format", for: "FORMAT", form: .required)
    compilerOption("opt-remarks-hotness-threshold", for: "N", form: .required)
    compilerOption("opt-remarks-passes", for: "REGEX", form: .required)
    compilerOption("opt-remarks-with-hotness")
    compilerOption("thinlto-cache-dir", for: "DIR", form: .required)
    compilerOption("thinlto-cache-policy", for: "POLICY", form: .required)
    compilerOption("thinlto-jobs", for: "N", form: .required)
    compilerOption("thinlto-index-only", for: "FILE", form: .optional)
    compilerOption("thinlto-emit-imports-files")
    compilerOption("thinlto-object-suffix-replace", for: "OLD;NEW", form: .required)
    compilerOption("thinlto-prefix-replace", for: "OLD;NEW", form: .required)
    toggle("fat-lto-objects", help: "Use the bitcode of clang's fat objects") {
      $0.usesFatBitcode = $1
    }
  }

  /// An option that concerns only LTO inputs: recorded as it was written.
  private static func compilerOption(
    _ name: String, for placeholder: String = "", form: ArgumentForm = .none,
    help: String = "For LTO inputs"
  ) -> OptionRow {
    custom(name, for: placeholder, form: form, help: help) { parser, use in
      parser.options.ltoOptions.append(
        CompilerOption(
          name: name, value: use.value,
          description: form == .glued ? use.spelling + use.text : use.description))
    }
  }

  /// The help on an option that only lld's own compiler has; who uses it for LTO inputs is told.
  private static var noWord: String { "Warns; LLVM's plugin has no such option" }

  /// What happens anyway, unless an earlier option asks for something else.
  private static func compilerDefault(_ name: String, undoing other: String) -> OptionRow {
    custom(name, form: .none, help: "The opposite of --\(other) (default)") { parser, _ in
      parser.options.ltoOptions.removeAll { $0.name == other }
    }
  }
}
