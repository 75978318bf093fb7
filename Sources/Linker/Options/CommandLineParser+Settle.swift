// What follows from several options together.

extension CommandLineParser {
  /// Completes the options after the last argument: defaults that depend on the kind of output,
  /// and combinations that make no sense.
  mutating func settle() {
    options.outputKind = requestedKind
    if let relocatableSpelling {
      let other: String? =
        switch requestedKind {
        case .sharedObject: "--shared"
        case .pie: "--pie"
        case .executable, .relocatable: nil
        }
      if let other { error(.exclusiveOptions(relocatableSpelling, other)) }
      if !options.postScripts.isEmpty { error(.exclusiveOptions(relocatableSpelling, "--post")) }
      options.outputKind = .relocatable
    }
    if options.outputKind != .sharedObject {
      if !options.filters.isEmpty { error(.onlyWithShared("-F")) }
      if !options.auxiliaries.isEmpty { error(.onlyWithShared("-f")) }
    }
    settleUndefinedSymbols()
    if !options.namesInputs && !wantsNoInputs && !hasErrors { error(.noInputFiles()) }
  }

  private mutating func settleUndefinedSymbols() {
    let isProgram = options.outputKind.isExecutable
    let report: UndefinedAction = undefinedIsWarning ? .warning : .error
    options.undefinedInObjects = reportUndefinedInObjects ?? isProgram ? report : .ignore
    options.undefinedInSharedLibraries = allowShlibUndefined ?? !isProgram ? .ignore : report
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
