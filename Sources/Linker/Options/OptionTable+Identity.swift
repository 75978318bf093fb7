// Rows: help and identification, messages, reports, the process.

extension OptionTable {
  @OptionRows static var identity: [OptionRow] {
    custom("help", form: .none, help: "Print this text") { parser, _ in
      parser.printAndStop(HelpText.text())
    }
    custom("version", form: .none, help: "Print the version and stop") { parser, _ in
      parser.printVersion()
    }
    custom(
      "v", form: .none, help: "Print the version, then link if there are input files"
    ) { parser, _ in
      parser.announceVersion(withEmulations: false)
    }
    custom("V", form: .none, help: "As -v, and print the emulations") { parser, _ in
      parser.announceVersion(withEmulations: true)
    }
    question("print-sysroot", .sysroot, help: "Print what --sysroot says and stop")
    question("print-output-format", .outputFormat, help: "Print the output format and stop")
    question("target-help", .targets, help: "Print machines and keywords of -z and stop")
    custom(
      "identify-as", for: "swold|gnu", form: .required,
      help: "Choose the version line: gnu gives GNU ld (swold ...) for tools that know no other "
        + "linker; so does SWOLD_IDENTIFY_AS=gnu in the environment"
    ) { parser, use in
      switch use.text {
      case "swold": parser.identification = .swold
      case "gnu": parser.identification = .gnu
      default: parser.error(.badOptionValue(use.description, "swold, gnu"))
      }
    }
    custom(
      "print-completions", for: "bash|zsh|fish", form: .required,
      help: "Print what makes a shell complete these options, and stop"
    ) { parser, use in
      guard let shell = Completions.Shell(rawValue: use.text) else {
        return parser.error(.badOptionValue(use.description, "bash, zsh, fish"))
      }
      parser.printAndStop(Completions.script(for: shell))
    }
    first("run", for: "COMMAND...", help: "Run a command; every linker that it starts is swold")
    first("run-log", for: "FILE", help: "With --run: list in FILE which linkers were replaced")
    first(
      "run-in-namespace", for: "",
      help:
        "With --run: mount swold over the real linkers, for static programs and raw system calls")
    first("linked-by", for: "FILE...", help: "Tell who linked FILE; exit code 0: all by swold")
  }

  @OptionRows static var messages: [OptionRow] {
    custom(
      "color-diagnostics", for: "auto|always|never", form: .optional,
      help: "Use colors in messages; without a value: always"
    ) { parser, use in
      switch use.value {
      case "auto": parser.options.color = .automatic
      case "always", nil: parser.options.color = .always
      case "never": parser.options.color = .never
      default: parser.error(.badOptionValue(use.description, "auto, always, never"))
      }
    }
    flag("no-color-diagnostics", help: "Use no colors in messages") { $0.color = .never }
    value(
      "demangle", for: "STYLE", form: .optional, help: "Show C++ and Rust names readably (default)"
    ) { options, _ in options.demangle = true }
    flag("no-demangle", help: "Show symbol names as they are") { $0.demangle = false }
    number(
      "error-limit", in: 0...1_000_000_000, help: "Print at most N errors; 0: all (default 20)"
    ) { $0.errorLimit = Int($1) }
    toggle("fatal-warnings", help: "Treat warnings as errors") { $0.fatalWarnings = $1 }
    flag("no-warnings", "w", help: "Print no warnings") { $0.suppressWarnings = true }
    custom(
      "noinhibit-exec", form: .none,
      help: "Write the output in spite of undefined or duplicate symbols and bad relocations"
    ) { parser, _ in
      parser.undefinedIsWarning = true
      parser.options.writesFaultyOutput = true
    }
    toggle("warn-common", help: "Warn about common symbols that meet") { $0.warnCommon = $1 }
    ignored("warn-once", help: "Ignored; each undefined symbol is told once anyway")
    flag(
      "warn-textrel", "warn-shared-textrel", help: "Warn about text relocations, with -z notext too"
    ) {
      $0.warnTextRelocations = true
    }
    toggle("warn-execstack", help: "Warn if the output needs an executable stack") {
      $0.warnExecutableStack = $1
    }
    toggle("warn-rwx-segments", help: "Warn about segments that are writable and executable") {
      $0.warnWritableExecutableSegments = $1
    }
    flag("warn-mismatch", help: "Report inputs for another machine (default)")
    ignored("no-warn-mismatch", help: "Ignored; such inputs are errors in any case")
    toggle("warn-search-mismatch", help: "Tell which libraries -l passes over (default)") {
      $0.warnSearchMismatch = $1
    }
    toggle(
      "warn-backrefs", help: "Warn about archive members that other linkers would miss"
    ) { $0.warnBackreferences = $1 }
    value("warn-backrefs-exclude", for: "GLOB", help: "Archives that need no such warning") {
      $0.warnBackreferencesExclude.append($1)
    }
    toggle(
      "detect-odr-violations", help: "Warn about C++ definitions that differ", .notBuilt
    ) { $0.detectODRViolations = $1 }
    value(
      "error-handling-script", for: "FILE",
      help: "Run FILE missing-lib NAME, and FILE undefined-symbol NAME"
    ) { $0.errorHandlingScript = $1 }
    flag("vs-diagnostics", help: "Begin messages with FILE(LINE), as Visual Studio reads them") {
      $0.visualStudioMessages = true
    }
  }

  @OptionRows static var reports: [OptionRow] {
    flag("print-map", "M", help: "Print a map of the output") { $0.printMap = true }
    value("Map", for: "FILE", help: "Write a map of the output to FILE") { $0.mapFile = $1 }
    flag("cref", help: "Add a table of symbols and files to the map") { $0.crossReference = true }
    flag("trace", "t", help: "Print the names of the input files") { $0.trace = true }
    value("trace-symbol", "y", for: "SYMBOL", help: "Report the files that mention SYMBOL") {
      $0.traceSymbols.append($1)
    }
    custom(
      "verbose", for: "N", form: .optional, help: "As -V, and print the names of the input files"
    ) { parser, _ in
      parser.announceVersion(withEmulations: true)
      parser.options.trace = true
    }
    value("dependency-file", for: "FILE", help: "Write the inputs as a rule for make") {
      $0.dependencyFile = $1
    }
    flag("print-dependencies", help: "List which section needs which, and by what symbol") {
      $0.printDependencies = true
    }
    value("why-extract", for: "FILE", help: "List why archive members take part") {
      $0.whyExtract = $1
    }
    value("print-archive-stats", for: "FILE", help: "List archives and their use") {
      $0.archiveStatistics = $1
    }
    custom("repro", form: .none, help: "Collect all inputs in OUTPUT.repro.tar") { parser, _ in
      parser.options.reproduce = true
      parser.leaveOutOfReplay()
    }
    custom(
      "reproduce", for: "FILE", form: .required,
      help: "Collect all inputs in the tar archive FILE, with a response file that links them"
    ) { parser, use in
      parser.options.reproducePath = use.text
      parser.leaveOutOfReplay()
    }
    flag("stats", help: "Print numbers about inputs and output") { $0.stats = true }
    flag("perf", "time", help: "Print the time of each pass, and its threads") { $0.perf = true }
    value(
      "time-trace", for: "FILE", form: .optional,
      help: "Write a Chrome trace of the passes to FILE (OUTPUT.time-trace)"
    ) { options, path in
      options.timeTrace = true
      options.timeTracePath = path.isEmpty ? nil : path
    }
    number(
      "time-trace-granularity", in: 0...1_000_000_000,
      help: "Leave out passes that take less than N microseconds"
    ) { $0.timeTraceGranularity = $1 }
  }

  @OptionRows static var process: [OptionRow] {
    custom(
      "threads", for: "N", form: .optional,
      help: "Use N threads, even for a small link; without N: one per processor"
    ) { parser, use in
      guard let text = use.value else { return parser.options.threadCount = nil }
      parser.setThreadCount(text, use)
    }
    custom("thread-count", for: "N", form: .required, help: "Use N threads, even for a small link")
    { parser, use in
      parser.setThreadCount(use.text, use)
    }
    flag("no-threads", help: "Use one thread") { $0.threadCount = 1 }
    toggle("fork", help: "Let a child work, and return as soon as the output is complete") {
      $0.fork = $1
    }
    custom(
      "preload", form: .none,
      help: "Make all of the link but the output ahead, and wait for the same link without -preload"
    ) { parser, _ in
      parser.options.preload = true
      parser.options.preloadPositions.append(parser.position)
    }
    custom(
      "preload-timeout", for: "SECONDS", form: .optional,
      help: "With -preload: wait so long (default 600)"
    ) { parser, use in
      parser.options.preloadPositions.append(parser.position)
      guard let seconds = Number.parse(use.text), 1...86_400 ~= seconds else {
        return parser.error(.badOptionValue(use.description, "a number from 1 to 86400"))
      }
      parser.options.preloadTimeout = Int(seconds)
    }
    ignored("quick-exit", help: "Ignored; the system frees the memory anyway")
    ignored("no-quick-exit", help: "Ignored; the output does not depend on it")
    ignored("mmap-output-file", help: "Ignored; the number of threads decides how it is written")
    ignored("no-mmap-output-file", help: "Ignored; the number of threads decides how it is written")
    ignored("detach", help: "Ignored; a separate debug file is written with the output")
    ignored("no-detach", help: "Ignored; nothing is written in the background anyway")
  }
}
