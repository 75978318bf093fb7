// What references to a symbol need, whatever the machine: the rules for words, for values that do not
// leave room for the dynamic linker, and for distances.

internal import ELF
internal import Parallel

extension SectionScanner {
  /// A word as wide as an address: the dynamic linker can fill it.
  mutating func scanWord(
    _ type: T.Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags
  ) {
    if facts.contains(.tls) { checkThreadLocal(record, target, facts) }
    let source = WordSource(
      facts, isWritable: section.kind.contains(.write), isShared: context.isShared,
      isPositionIndependent: context.isPositionIndependent, copiesData: context.copiesData)
    if source == .link {
      if context.isPositionIndependent { return }
      if facts.contains(.imported) {
        needFixedAddress(type, record, target, facts)
      } else if facts.contains(.ifunc) {
        need([.needsPLT, .needsCanonicalPLT], target)
      }
      return
    }
    noteDynamic(record, target)
    switch source {
    case .link: break
    case .load:
      relativeCount += 1
      if record.offset & 1 != 0 { context.states.insert(.unpackable, at: id) }
    case .lookup:
      need(.needsDynamicSymbol, target)
      symbolicCount += 1
    case .resolver:
      need(.needsPLT, target)
      context.found.indirect.append(
        IndirectPlace(
          section: id, offset: record.offset, symbol: target, addend: record.addend), worker)
    }
  }

  /// An ordinary relocation refers to a thread-local symbol: its file did not know.
  func checkThreadLocal(_ record: Rela, _ target: SymbolID, _ facts: SymbolFlags) {
    let type = file.symbols[Int(record.symbol)].type
    guard type != STT.TLS, type != STT.SECTION, !facts.contains(.undefined) else { return }
    context.selection.program.reportOrdinaryUse(
      of: target, by: section.file, at: place(record))
  }

  /// Less than a word: the address must be known now.
  mutating func scanNarrow(
    _ type: T.Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags
  ) {
    if facts.contains(.tls) { checkThreadLocal(record, target, facts) }
    if facts.contains(.absolute) && !facts.contains(.imported) { return }
    if context.isPositionIndependent {
      reportNotPIC(type, record, target)
    } else if facts.contains(.imported) {
      needFixedAddress(type, record, target, facts)
    } else if facts.contains(.ifunc) {
      need([.needsPLT, .needsCanonicalPLT], target)
    }
  }

  /// A distance from the place. `isBranch`: of a call or jump, so that a PLT entry will do.
  mutating func scanPCRelative(
    _ type: T.Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags,
    isBranch: Bool
  ) {
    if facts.contains(.tls) { checkThreadLocal(record, target, facts) }
    if facts.contains(.imported) {
      if isBranch {
        needPLT(target, facts)
      } else if context.isShared || context.isPositionIndependent && facts.contains(.undefined) {
        // In a library a function's address is not that of its PLT entry; in a PIE zero has no
        // fixed distance.
        reportNotPIC(type, record, target)
      } else {
        needFixedAddress(type, record, target, facts)
      }
    } else if facts.contains(.ifunc) {
      need(isBranch ? .needsPLT : [.needsPLT, .needsCanonicalPLT], target)
    } else if isFixed(record, facts) {
      reportNotPIC(type, record, target)
    }
  }

  /// A call or jump by the name of its target.
  mutating func scanCall(
    _ type: T.Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags
  ) {
    if facts.contains(.tls) { checkThreadLocal(record, target, facts) }
    if !facts.isDisjoint(with: [.imported, .ifunc]) {
      needPLT(target, facts)
    } else if isFixed(record, facts) {
      reportNotPIC(type, record, target)
    }
  }

  /// Whether the target has a fixed address and this output has not, so that no distance between
  /// them is known.
  func isFixed(_ record: Rela, _ facts: SymbolFlags) -> Bool {
    context.isPositionIndependent && facts.contains(.absolute) && !facts.contains(.undefined)
      && record.symbol != 0
  }

  /// Whether the target is one that nobody defines and the user lets pass, so zero, in an output whose
  /// own address is not known.
  func isZeroAnyway(_ facts: SymbolFlags) -> Bool {
    context.isPositionIndependent
      && facts.isSuperset(of: [.absolute, .undefined, .stronglyReferenced])
  }

  func needPLT(_ target: SymbolID, _ facts: SymbolFlags) {
    // An undefined weak symbol of a program may be called only if it is there after all; its PLT
    // entry makes that possible.
    need(.needsPLT, target)
  }

  /// An imported symbol whose address must be fixed at link time: a function gets it from its PLT
  /// entry, data is copied into this program, unless the program promises not to need that. The library
  /// of a protected one would still see its own.
  mutating func needFixedAddress(
    _ type: T.Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags
  ) {
    if facts.contains(.undefined) { return }  // undefined weak: zero
    if facts.contains(.function) && !facts.contains(.protectedInShared)
      && !context.selection.options.indirectExternAccess
    {
      need([.needsPLT, .needsCanonicalPLT], target)
    } else if facts.contains(.tls) {
      report(
        record,
        "of type \(type.name) cannot refer to the thread-local symbol "
          + context.selection.program.demangled(target))
    } else if isCopyable(facts) {
      need(.needsCopy, target)
    } else {
      reportNotPIC(type, record, target)
    }
  }

  /// Whether a copy relocation may serve the symbol.
  private func isCopyable(_ facts: SymbolFlags) -> Bool {
    !context.isShared && context.selection.options.copyRelocations && facts.contains(.shared)
      && !facts.contains(.protectedInShared)
      && !(facts.contains(.function) && context.isPositionIndependent
        && section.kind.contains(.write))
  }

  /// A dynamic relocation will be applied to this section. Whether that is a text relocation shows
  /// when it is known which output section it is in.
  mutating func noteDynamic(_ record: Rela, _ target: SymbolID) {
    if section.kind.contains(.write) { return }
    if hasTextRelocation && !context.notesAllTextRelocations { return }
    hasTextRelocation = true
    context.found.textRelocations.append(
      TextRelocation(section: id, offset: record.offset, type: record.type, symbol: target),
      worker)
  }
}
