// Reports the names that nothing defines, one message a name, with those who refer to it.

internal import ELF

extension Selection {
  /// The most references that one message lists.
  private static var referenceLimit: Int { 3 }
  /// For how many names a likely spelling is looked for: each look goes over all names.
  private static var hintLimit: Int { 20 }

  func reportUndefinedSymbols() {
    guard !undefinedReferences.isEmpty else { return checkSharedReferences() }
    var order: [SymbolID] = []
    var bySymbol: [SymbolID: [UndefinedReference]] = [:]
    for reference in undefinedReferences {
      guard isReported(reference.symbol) else { continue }
      if bySymbol[reference.symbol] == nil { order.append(reference.symbol) }
      bySymbol[reference.symbol, default: []].append(reference)
    }
    let locators = SourceLocators(program)
    for symbol in order { report(symbol, bySymbol[symbol]!, among: order, locators) }
    if let script = ErrorHandlingScript(options, log) {
      for symbol in order { script.run(.undefinedSymbol, inputs.name(of: symbol).string) }
    }
    checkSharedReferences()
  }

  private func isReported(_ symbol: SymbolID) -> Bool {
    let facts = program.flags[symbol]
    guard facts.contains(.undefined) else { return false }
    // What must be defined here has no second chance at run time. (GNU ld, lld) Nor has a version
    // that no library has.
    if facts.isConfined { return true }
    if options.outputKind == .sharedObject && options.undefinedInObjects == .ignore
      && !facts.contains(.undefinedVersion)
    {
      return false
    }
    let name = inputs.name(of: symbol).string
    return !options.ignoredUndefinedSymbols.contains(name)
  }

  private func report(
    _ symbol: SymbolID, _ references: [UndefinedReference], among others: [SymbolID],
    _ locators: SourceLocators
  ) {
    var notes = references.prefix(Selection.referenceLimit).map { reference in
      let section = sections[reference.section]
      return "referenced by "
        + locators.reference(
          section.file, section: Int(section.index), name: sectionName(reference.section),
          offset: reference.offset)
    }
    if references.count > Selection.referenceLimit {
      notes.append("referenced \(references.count - Selection.referenceLimit) more times")
    }
    let name = inputs.name(of: symbol)
    if let (base, _, _) = ExplicitVersion.parts(of: name) {
      notes += versionHints(base)
    } else if hintCount < Selection.hintLimit {
      if let hint = classHint(name, others) ?? spellingHint(name) { notes.append(hint) }
    }
    hintCount += 1
    let first = references[0]
    let section = sections[first.section]
    let facts = program.flags[symbol]
    let file = inputs.file(of: symbol)
    if facts.contains(.shared) {
      notes.append("\(inputs.displayName(file)) defines it, but the visibility excludes libraries")
    } else if inputs.entry(of: symbol).symbol.sectionIndex != SHN.UNDEF {
      notes.append(
        "\(inputs.displayName(file)) defines it in a group of which another copy is kept")
    }
    let visibility = facts.isHidden ? " (hidden)" : facts.isConfined ? " (protected)" : ""
    let message = Message.undefinedSymbol(program.demangled(name) + visibility, notes: notes)
    let place = inputs.place(
      section.file, section: Int(section.index), offset: first.offset)
    if options.undefinedInObjects == .warning && !facts.isConfined
      && !facts.contains(.undefinedVersion)
    {
      log.warning(message, at: place)
    } else {
      log.fault(message, at: place)
    }
  }

  /// Who defines other versions of a name.
  func versionHints(_ base: ByteView) -> [String] {
    var hints: [String] = []
    for number in 0..<files.count where hints.count < Selection.referenceLimit {
      let id = FileID(number)
      let file = files[number]
      guard program.isLive(id), file.kind != .linker else { continue }
      let shared = file.kind == .shared ? inputs.sharedObjects[Int(file.sharedIndex)] : nil
      for index in file.globals where file.symbols[index].sectionIndex != SHN.UNDEF {
        let name = file.symbolName(index)
        guard name == base || ExplicitVersion.parts(of: name)?.base == base else { continue }
        let version = shared?.version(of: index).map {
          ($0.isDefault ? "@@" : "@") + $0.name.string
        }
        hints.append(
          "\(inputs.displayName(id)) defines \(program.demangled(name))\(version ?? "")"
            + (name == base && version == nil ? ", which has no version" : ""))
      }
    }
    return hints
  }

  /// What is really missing, if `name` is a table of a class.
  private func classHint(_ name: ByteView, _ others: [SymbolID]) -> String? {
    guard name.hasPrefix("_ZT") else { return nil }
    return ClassHints.hint(
      for: name.string, among: others.map { inputs.name(of: $0).string },
      demangled: { text in
        Array(text.utf8).withUnsafeBytes { program.demangled(ByteView($0)) }
      })
  }

  /// What may have been meant, among all names that the link knows a definition of.
  private func spellingHint(_ name: ByteView) -> String? {
    let defined = (0..<files.count).lazy.map { self.files[$0] }.flatMap { file in
      file.globals.lazy
        .filter { file.kind != .linker && file.symbols[$0].sectionIndex != SHN.UNDEF }
        .map { file.symbolName($0) }
    }
    return SuggestionFinder.find(name, among: defined)?.text
  }

  /// A symbol as messages name it: its name, or the section that a section symbol stands for.
  func symbolDescription(_ symbol: SymbolID) -> String {
    let entry = inputs.entry(of: symbol)
    let file = files[entry.file.index]
    let name = inputs.name(of: symbol)
    if !name.isEmpty { return program.demangled(name) }
    let section = Int(file.sectionIndex(entry.symbol, entry.index))
    guard entry.symbol.type == STT.SECTION, section < file.sectionCount else {
      return "a symbol without name"
    }
    return "section \(file.sectionName(file.sectionHeaders[section]).string)"
  }
}
