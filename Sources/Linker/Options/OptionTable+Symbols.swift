// Rows: symbols, their resolution and export, and what the dynamic linker is told.

extension OptionTable {
  @OptionRows static var symbols: [OptionRow] {
    value("undefined", "u", for: "SYMBOL", help: "Treat SYMBOL as referenced") {
      $0.undefinedSymbols.append($1)
    }
    value("undefined-glob", for: "GLOB", help: "The same for all symbols that match") {
      $0.undefinedGlobs.append($1)
    }
    value("require-defined", for: "SYMBOL", help: "As --undefined; SYMBOL must be defined") {
      $0.requiredSymbols.append($1)
    }
    custom(
      "defsym", for: "SYMBOL=EXPRESSION", form: .required,
      help: "Define a symbol by an expression; see EXPRESSIONS"
    ) { parser, use in parser.addSymbolDefinition(use) }
    value("wrap", for: "SYMBOL", help: "Let SYMBOL mean __wrap_SYMBOL, __real_SYMBOL mean SYMBOL") {
      if !$0.wrappedSymbols.contains($1) { $0.wrappedSymbols.append($1) }
    }
    custom(
      "no-undefined", form: .none, help: "Report undefined symbols in shared libraries, too"
    ) { parser, _ in parser.reportUndefinedInObjects = true }
    custom(
      "unresolved-symbols", for: "METHOD", form: .required,
      help: "report-all, ignore-all, ignore-in-object-files or ignore-in-shared-libs"
    ) { parser, use in parser.setUnresolvedMethod(use) }
    custom(
      "warn-unresolved-symbols", form: .none, help: "Report undefined symbols as warnings"
    ) { parser, _ in parser.undefinedIsWarning = true }
    custom(
      "error-unresolved-symbols", form: .none, help: "Report them as errors (default)"
    ) { parser, _ in parser.undefinedIsWarning = false }
    custom(
      "allow-shlib-undefined", form: .none, help: "Do not check that libraries find all they need"
    ) { parser, _ in parser.allowShlibUndefined = true }
    custom("no-allow-shlib-undefined", form: .none, help: "Check it (default for programs)") {
      parser, _ in parser.allowShlibUndefined = false
    }
    value("ignore-unresolved-symbol", for: "SYMBOL", help: "Do not report SYMBOL as undefined") {
      $0.ignoredUndefinedSymbols.append($1)
    }
    toggle("allow-multiple-definition", help: "Take the first of several definitions") {
      $0.allowMultipleDefinition = $1
    }
    flag(
      "d", "dc", "dp", "define-common", help: "Allocate common symbols with -r, too"
    ) { $0.allocatesCommons = true }
    flag(
      "no-define-common", help: "With -shared, leave common symbols to the program to define"
    ) { $0.definesCommons = false }
    toggle("gnu-unique", help: "Keep the binding STB_GNU_UNIQUE (default)") { $0.gnuUnique = $1 }
    value("init", for: "SYMBOL", help: "Function for DT_INIT (default _init)") {
      $0.initSymbol = $1
    }
    value("fini", for: "SYMBOL", help: "Function for DT_FINI (default _fini)") {
      $0.finiSymbol = $1
    }
  }

  @OptionRows static var dynamicLinking: [OptionRow] {
    value("soname", "h", for: "NAME", help: "The name of the shared library") { $0.soname = $1 }
    value("rpath", for: "DIR", help: "Let the dynamic linker search DIR") { $0.addRpath($1) }
    value("rpath-link", for: "DIR", help: "Search DIR for what libraries need") {
      $0.rpathLinkPaths.append($1)
    }
    flag("enable-new-dtags", help: "Use DT_RUNPATH (default)") { $0.newDTags = true }
    flag("disable-new-dtags", help: "Use DT_RPATH") { $0.newDTags = false }
    flag("export-dynamic", "E", help: "Export the symbols of a program") { $0.exportDynamic = true }
    flag("no-export-dynamic", help: "Undo --export-dynamic") { $0.exportDynamic = false }
    value("export-dynamic-symbol", for: "GLOB", help: "Export the symbols that match") {
      $0.exportDynamicSymbols.append($1)
    }
    value("export-dynamic-symbol-list", for: "FILE", help: "The same, from a file") {
      $0.exportDynamicSymbolLists.append($1)
    }
    value("dynamic-list", for: "FILE", help: "Export what FILE lists and bind the rest") {
      $0.dynamicLists.append($1)
    }
    flag("dynamic-list-data", help: "As if all data were in a dynamic list") {
      $0.dynamicListData = true
    }
    flag("dynamic-list-cpp-new", help: "The same for operator new and delete") {
      $0.dynamicListCxxNew = true
    }
    flag("dynamic-list-cpp-typeinfo", help: "The same for C++ type information") {
      $0.dynamicListCxxTypeInfo = true
    }
    value("version-script", for: "FILE", help: "Give versions to symbols, or hide them") {
      $0.versionScripts.append($1)
    }
    flag("undefined-version", help: "Let a version script name what is not defined (default)") {
      $0.noUndefinedVersion = false
    }
    flag("no-undefined-version", help: "Report such names") { $0.noUndefinedVersion = true }
    flag("default-symver", help: "Give exports without a version the soname as version") {
      $0.defaultSymbolVersion = true
    }
    flag(
      "default-imported-symver", help: "Give imports from libraries without versions their soname"
    ) { $0.defaultImportedVersion = true }
    flag("Bsymbolic", help: "Bind references to own symbols") { $0.symbolicBinding = .all }
    flag("Bsymbolic-functions", help: "Bind references to own functions") {
      $0.symbolicBinding = .functions
    }
    flag("Bsymbolic-non-weak", help: "Bind references to own symbols unless weak") {
      $0.symbolicBinding = .nonWeak
    }
    flag("Bsymbolic-non-weak-functions", help: "Bind references to own functions unless weak") {
      $0.symbolicBinding = .nonWeakFunctions
    }
    flag("Bno-symbolic", help: "Bind no references (default)") { $0.symbolicBinding = .none }
    choice(
      "hash-style", help: "Tables for symbol lookup (default both)",
      among: [("sysv", HashStyle.sysv), ("gnu", .gnu), ("both", .both), ("none", [])]
    ) { $0.hashStyle = $1 }
    value("filter", "F", for: "NAME", help: "DT_FILTER; only with -shared") {
      $0.filters.append($1)
    }
    value("auxiliary", "f", for: "NAME", help: "DT_AUXILIARY; only with -shared") {
      $0.auxiliaries.append($1)
    }
    value("audit", for: "LIBRARIES", help: "DT_AUDIT") { $0.audit.append($1) }
    value("depaudit", "P", for: "LIBRARIES", help: "DT_DEPAUDIT") { $0.depaudit.append($1) }
    custom(
      "pack-dyn-relocs", for: "none|relr|android|android+relr", form: .required,
      help: "Pack relative relocations (relr), all as Android has them, or both"
    ) { parser, use in
      let kinds = use.text.split(separator: "+", omittingEmptySubsequences: false)
      guard ["none", "relr", "android", "android+relr"].contains(use.text) else {
        return parser.error(.badOptionValue(use.description, "none, relr, android, android+relr"))
      }
      parser.options.packRelativeRelocations = kinds.contains("relr")
      parser.options.packsDynamicRelocations = kinds.contains("android")
    }
    toggle("use-android-relr-tags", help: "Say DT_ANDROID_RELR, as older systems know it") {
      $0.usesAndroidTags = $1
    }
    toggle("apply-dynamic-relocs", help: "Store values where dynamic relocations apply") {
      $0.applyDynamicRelocations = $1
    }
    OptionRow(
      names: ["z"], form: .required, valueName: "KEYWORD", help: "See the keywords below",
      support: .supported
    ) { parser, use in parser.applyKeyword(use) }
  }
}
