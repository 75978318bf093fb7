// What follows from several options together.

extension CommandLineParser {
  /// Completes the options after the last argument: defaults that depend on the kind of output,
  /// and combinations that make no sense.
  mutating func settle() {
    settleOutputKind()
    if options.outputKind != .sharedObject {
      if !options.filters.isEmpty { error(.onlyWithShared("-F")) }
      if !options.auxiliaries.isEmpty { error(.onlyWithShared("-f")) }
    }
    settleUndefinedSymbols()
    if !options.namesInputs && !wantsNoInputs && !hasErrors { error(.noInputFiles()) }
  }

  /// The kinds of output exclude each other; an executable is what is made otherwise.
  private mutating func settleOutputKind() {
    let wanted = [relocatableSpelling, sharedSpelling, pieSpelling].compactMap(\.self)
    if wanted.count > 1 { error(.exclusiveOptions(wanted[0], wanted[1])) }
    if let relocatableSpelling {
      if !options.postScripts.isEmpty { error(.exclusiveOptions(relocatableSpelling, "--post")) }
      options.outputKind = .relocatable
    } else if sharedSpelling != nil {
      options.outputKind = .sharedObject
    } else if pieSpelling != nil {
      options.outputKind = .pie
    }
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
