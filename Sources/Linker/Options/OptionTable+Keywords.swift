// Rows: the keywords behind -z.
//
// All linkers but gold warn about a keyword they do not know and go on; swold does so, too.

extension OptionTable {
  @OptionRows static var keywordRows: [OptionRow] {
    flag("now", help: "Bind all symbols at start") { $0.bindNow = true }
    flag("lazy", help: "Bind functions at their first call (default)") { $0.bindNow = false }
    toggle("relro", help: "Protect data after relocation (default)", negation: "no") {
      $0.relro = $1
    }
    flag("execstack", help: "Ask for an executable stack") { $0.executableStack = .yes }
    flag("noexecstack", help: "Ask for a stack that is not executable (default)") {
      $0.executableStack = .no
    }
    flag("execstack-if-needed", help: "Do as the inputs ask") { $0.executableStack = .ifNeeded }
    toggle("gnustack", help: "Write PT_GNU_STACK (default)", negation: "no") {
      $0.stackSegment = $1
    }
    number("stack-size", for: "SIZE", in: 0...UInt64.max, help: "The size in PT_GNU_STACK") {
      $0.stackSize = $1
    }
    custom("defs", form: .none, help: "Report undefined symbols in shared libraries, too") {
      parser, _ in parser.reportUndefinedInObjects = true
    }
    custom("undefs", "nodefs", form: .none, help: "Do not report undefined symbols") {
      parser, _ in parser.reportUndefinedInObjects = false
    }
    flag("muldefs", help: "Take the first of several definitions") {
      $0.allowMultipleDefinition = true
    }
    flag("text", help: "Refuse text relocations") {
      $0.textRelocations = .error
    }
    flag("notext", "textoff", help: "Allow text relocations without a warning") {
      $0.textRelocations = .allow
    }
    flag("origin", help: "DF_ORIGIN") { $0.origin = true }
    flag("nodelete", help: "The library cannot be unloaded") { $0.noDelete = true }
    flag("nodlopen", help: "The library cannot be opened by dlopen") { $0.noOpen = true }
    flag("nodump", help: "The library cannot be dumped by dldump") { $0.noDump = true }
    flag("nodefaultlib", help: "Do not search the default directories") {
      $0.noDefaultLibraries = true
    }
    flag("initfirst", help: "Initialize this library first") { $0.initFirst = true }
    flag("interpose", help: "This library goes before all others") { $0.interpose = true }
    flag("global", help: "Later libraries see the symbols of this one") { $0.globalScope = true }
    toggle("copyreloc", help: "Allow copy relocations (default)", negation: "no") {
      $0.copyRelocations = $1
    }
    pageSize(
      "max-page-size", help: "The largest page size of the target (default 4096; AArch64: 65536)"
    ) {
      $0.maxPageSize = $1
      $0.setsMaxPageSize = true
    }
    pageSize("common-page-size", help: "The usual page size of the target (default 4096)") {
      $0.commonPageSize = $1
    }
    flag("separate-code", help: "Let code share no page of the file with data") {
      $0.codeSeparation = .code
    }
    flag(
      "noseparate-code",
      help: "Let segments share pages of the file, which saves space (default on AArch64)"
    ) {
      $0.codeSeparation = .nothing
    }
    flag(
      "separate-loadable-segments",
      help: "Let no segments share pages of the file (default elsewhere)"
    ) {
      $0.codeSeparation = .loadableSegments
    }
    toggle(
      "keep-text-section-prefix", help: "Keep .text.hot and its like apart", negation: "no"
    ) { $0.keepTextSectionPrefix = $1 }
    toggle("pack-relative-relocs", help: "Use DT_RELR", negation: "no") {
      $0.packRelativeRelocations = $1
    }
    flag("ibt", help: "Mark the output as fit for IBT, and use an IBT PLT") {
      $0.ibt = true
      $0.ibtPLT = true
    }
    flag("ibtplt", help: "Use an IBT PLT") { $0.ibtPLT = true }
    flag("shstk", help: "Mark the output as fit for shadow stacks") { $0.shadowStack = true }
    choice(
      "cet-report", help: "Report inputs without IBT or SHSTK",
      among: featureReportLevels
    ) { $0.cetReport = $1 }
    toggle("rewrite-endbr", help: "Remove needless ENDBR", negation: "no", .notBuilt) {
      $0.rewriteEndbr = $1
    }
    flag("x86-64-baseline", help: "Mark the ISA level as needed") { $0.isaLevel = .baseline }
    flag("x86-64-v2", help: "Mark the ISA level as needed") { $0.isaLevel = .v2 }
    flag("x86-64-v3", help: "Mark the ISA level as needed") { $0.isaLevel = .v3 }
    flag("x86-64-v4", help: "Mark the ISA level as needed") { $0.isaLevel = .v4 }
    toggle(
      "dynamic-undefined-weak", help: "Let libraries define undefined weak symbols", negation: "no"
    ) { $0.dynamicUndefinedWeak = $1 }
    flag("rodynamic", help: "Make .dynamic read-only") { $0.readOnlyDynamic = true }
    flag("sectionheader", help: "Write section headers (default)") { $0.sectionHeaders = true }
    flag("nosectionheader", help: "Write no section headers, and nothing that is not loaded") {
      $0.sectionHeaders = false
    }
    choice(
      "start-stop-visibility", "start_stop_visibility",
      help: "Visibility of __start_ and __stop_ symbols (default protected)",
      among: [
        ("default", StartStopVisibility.default), ("internal", .internal), ("hidden", .hidden),
        ("protected", .protected),
      ]
    ) { $0.startStopVisibility = $1 }
    toggle(
      "start-stop-gc", help: "Let __start_ and __stop_ symbols keep no sections", negation: "no"
    ) { $0.startStopGC = $1 }
    toggle("combreloc", help: "Sort dynamic relocations (default)", negation: "no") {
      $0.combineRelocations = $1
    }
    toggle("unique", help: "DF_GNU_1_UNIQUE: load the library once", negation: "no") {
      $0.loadOnce = $1
    }
    custom(
      "dead-reloc-in-nonalloc", for: "GLOB=VALUE", form: .required,
      help: "What sections that are not loaded have for references to nothing"
    ) { parser, use in
      guard let (pattern, text) = parser.splitAssignment(use) else { return }
      guard let value = Number.parse(text) else {
        return parser.error(.badOptionValue(use.description, "GLOB=NUMBER"))
      }
      parser.options.deadRelocationValues.append(
        DeadRelocationValue(pattern: pattern, value: value))
    }
    unmet(
      "extern-protected-data", "a library uses its own protected data, not a program's copy",
      negation: "no")
    toggle(
      "indirect-extern-access",
      help: "Promise that what libraries define is reached by the GOT; nocopyreloc with it",
      negation: "no"
    ) { $0.indirectExternAccess = $1 }
    flag("report-relative-reloc", help: "List relative relocations") {
      $0.reportRelativeRelocations = true
    }
    flag("force-bti", help: "AArch64: mark the output as fit for BTI, and use a BTI PLT") {
      $0.forceBTI = true
    }
    flag("pac-plt", help: "AArch64: authenticate pointers in the PLT") { $0.pacPLT = true }
    choice("bti-report", help: "Report inputs without BTI", among: featureReportLevels) {
      $0.btiReport = $1
    }
    choice("pauth-report", help: "Report inputs without PAC", among: featureReportLevels) {
      $0.pauthReport = $1
    }
    choice("gcs-report", help: "Report inputs without GCS", among: featureReportLevels) {
      $0.gcsReport = $1
    }
    choice(
      "gcs", help: "AArch64: mark the output as fit for a guarded control stack",
      among: [
        ("implicit", GuardedControlStack.implicit), ("always", .always), ("never", .never),
      ]
    ) { $0.guardedControlStack = $1 }
  }

  private static var featureReportLevels: [(String, FeatureReportLevel)] {
    [("none", .none), ("warning", .warning), ("error", .error)]
  }

  /// A keyword with a size that is a power of two.
  private static func pageSize(
    _ name: String, help: String, _ store: @escaping @Sendable (inout Options, UInt64) -> Void
  ) -> OptionRow {
    custom(name, for: "SIZE", form: .required, help: help) { parser, use in
      guard let size = Number.parse(use.text), size.nonzeroBitCount == 1, size <= 1 << 32 else {
        return parser.error(.badOptionValue(use.description, "a power of two up to 0x100000000"))
      }
      store(&parser.options, size)
    }
  }
}
