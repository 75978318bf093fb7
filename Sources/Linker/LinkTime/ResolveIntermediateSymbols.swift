// Tells the plugins what became of the symbols of their files.
//
// Before: every name has its definition, and imports and exports are decided, with the files in
// intermediate form as objects without content. What a plugin may remove, inline or rename follows
// from who else sees a definition: objects with machine code, the linker (the entry point, -u,
// --defsym, the roots of a section map), shared libraries, and whoever loads the output.

internal import ELF

extension Program {
  /// For each file of `claims` that takes part, what became of each symbol.
  func resolveIntermediateSymbols(
    _ claims: [(row: FileID, file: ClaimedFile)]
  ) -> [[SymbolResolution]?] {
    var owners = [Int?](repeating: nil, count: files.count)
    for claim in claims { owners[claim.row.index] = claim.file.plugin }
    let seen = seenDefinitions(owners)
    let wrapped = wrappedNames()
    return claims.map { claim in
      guard isLive(claim.row) else { return nil }
      let file = files[claim.row.index]
      return claim.file.symbols.enumerated().map { index, symbol in
        let entry = Int(file.firstGlobal) + index
        let row = file.symbolID(entry)
        let winner = definition[row]
        if winner == row && file.symbols[entry].sectionIndex != SHN.UNDEF {
          return wrapped.contains(symbol.name) ? .prevailing : prevailing(row, seen)
        }
        return elsewhere(symbol, winner, of: claim.file.plugin, owners)
      }
    }
  }

  private func prevailing(_ row: SymbolID, _ seen: Column<SymbolID, UInt8>) -> SymbolResolution {
    let facts = flags[row]
    if options.outputKind == .relocatable || seen[row] != 0 || facts.contains(.knownToShared) {
      return .prevailing
    }
    return facts.contains(.exported) ? .prevailingExported : .prevailingUnseen
  }

  /// What a symbol is for which another row stands.
  private func elsewhere(
    _ symbol: IntermediateSymbol, _ winner: SymbolID, of plugin: Int, _ owners: [Int?]
  ) -> SymbolResolution {
    let owner = inputs.file(of: winner)
    let isReference = symbol.kind == .reference || symbol.kind == .weakReference
    if winner == .none || flags[winner].contains(.undefined) { return .undefined }
    switch files[owner.index].kind {
    case .shared: return isReference ? .definedInSharedObject : .preempted
    case .linker: return isReference ? .definedInObject : .preempted
    case .object:
      if owners[owner.index] == plugin {
        return isReference ? .definedInIntermediate : .preemptedByIntermediate
      }
      return isReference ? .definedInObject : .preempted
    }
  }

  /// The definitions that others mention than files of the same plugin: objects with machine code, the
  /// linker itself, and files of other plugins.
  private func seenDefinitions(_ owners: [Int?]) -> Column<SymbolID, UInt8> {
    let seen = Column<SymbolID, UInt8>(count: inputs.symbolCount)
    let hasSeveral = Set(owners.compactMap(\.self)).count > 1
    for number in 0..<files.count where isLive(FileID(number)) {
      let file = files[number]
      let owner = owners[number]
      guard file.kind != .shared, owner == nil || hasSeveral else { continue }
      for index in file.globals {
        let row = definition[file.symbolID(index)]
        if owner == nil || owner != owners[inputs.file(of: row).index] { seen[row] = 1 }
      }
    }
    return seen
  }

  /// Names that --wrap gives another meaning: references to them are renamed after compilation.
  private func wrappedNames() -> Set<[UInt8]> {
    var names: Set<[UInt8]> = []
    for name in options.wrappedSymbols {
      names.formUnion([Array(name.utf8), Array("__wrap_\(name)".utf8)])
    }
    return names
  }
}

extension Inputs {
  /// Compilers call these functions for code that does not: copies of structures, loops that set or
  /// compare memory. An archive member that defines one and has to be compiled must be there before.
  private static let runtimeFunctions: Set<String> = [
    "memcpy", "memmove", "memset", "memcmp", "bcmp", "strlen", "__stack_chk_fail",
    "__stack_chk_guard", "abort", "sqrt", "sqrtf", "fma", "fmaf", "floor", "floorf", "ceil",
    "ceilf", "trunc", "truncf", "rint", "rintf", "fmod", "fmodf", "pow", "powf", "exp", "exp2",
    "ldexp", "printf", "puts", "putchar", "strcpy", "stpcpy", "strchr", "fwrite", "fputc",
  ]

  /// Asks for those of them that only files in intermediate form define.
  func requestRuntimeFunctions(_ claims: [(row: FileID, file: ClaimedFile)]) {
    for claim in claims where files[claim.row.index].isLazy {
      for symbol in claim.file.symbols
      where symbol.kind == .definition || symbol.kind == .weakDefinition {
        let name = String(decoding: symbol.name, as: UTF8.self)
        if Inputs.runtimeFunctions.contains(name) { requests.externs.append(name) }
      }
    }
  }
}
