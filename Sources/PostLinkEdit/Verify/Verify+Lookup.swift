// What a dynamic linker finds in a file whose dynamic symbols have been renamed or hidden: every
// relocation means the symbol that it meant, and every exported name is found, by both hash tables.

internal import ELF

extension EditSession {
  /// Compares the dynamic symbols of the two files by the plan's numbers, and looks all of them up.
  func verifyDynamicSymbols(_ old: Image, _ new: Image) throws(EditFailure) {
    guard let map = plan.dynamicSymbols else { return }
    guard let before = DynamicSymbolTable(old), let after = DynamicSymbolTable(new),
      before.symbols.count == map.count, after.symbols.count == map.count,
      Set(map).count == map.count
    else { throw wrong("the dynamic symbol table is not what it was") }
    for (index, a) in before.symbols.enumerated() {
      let b = after.symbols[map[index]]
      let isPlanned = plan.symbols?.contains(a.name.string) ?? true
      guard newValue(of: a, old) == b.value, a.size == b.size, a.isDefined == b.isDefined,
        a.type == b.type,
        isPlanned || a.name == b.name && a.info == b.info && a.other == b.other,
        isPlanned || before.versions.isEmpty || before.versions[index] == after.versions[map[index]]
          || after.versions[map[index]] == VER.NDX_GLOBAL
            && plan.unversioned.contains(a.name.string)
      else { throw wrong("the dynamic symbol '\(a.name.string)' changed") }
    }
    guard before.relocations.count == after.relocations.count else {
      throw wrong("the dynamic relocations changed")
    }
    for (a, b) in zip(before.relocations, after.relocations) {
      let wanted = a.symbol < map.count ? map[a.symbol] : a.symbol
      guard a.offset == b.offset, a.type == b.type, b.symbol == wanted
      else { throw wrong("the relocation at va \(hex(a.offset)) means another symbol") }
    }
    let first = try old.gnuHash(count: map.count)?.firstSymbol ?? 0
    let reached = try old.systemVHash(count: map.count)?.reached ?? []
    var expected = HashedSymbols()
    for index in before.symbols.indices where index > 0 {
      guard after.symbols[map[index]].binding != STB.LOCAL else { continue }
      if index >= first { expected.gnu.insert(map[index]) }
      if reached.contains(index) { expected.systemV.insert(map[index]) }
    }
    if let problem = try new.hashProblem(after.symbols, expected) { throw wrong(problem) }
  }
}

/// The numbers of the symbols that are found by each of the hash tables, if there is such a table.
struct HashedSymbols {
  var gnu = Set<Int>()
  var systemV = Set<Int>()
}

extension Image {
  /// What a file's own hash tables do not find; nil if a loader finds all that they shall have.
  func hashProblem() -> String? {
    guard let table = DynamicSymbolTable(self) else { return nil }
    do throws(EditFailure) {
      let count = table.symbols.count
      var expected = HashedSymbols()
      let first = try gnuHash(count: count)?.firstSymbol ?? count
      for index in max(first, 1)..<max(first, count, 1)
      where table.symbols[index].binding != STB.LOCAL { expected.gnu.insert(index) }
      expected.systemV = try systemVHash(count: count)?.reached ?? []
      return try hashProblem(table.symbols, expected)
    } catch {
      return error.message
    }
  }

  /// What is found and should not be, or the other way round.
  fileprivate func hashProblem(
    _ symbols: [SymbolEntry], _ expected: HashedSymbols
  ) throws(EditFailure) -> String? {
    if let gnu = try gnuHash(count: symbols.count) {
      for (index, symbol) in symbols.enumerated() {
        let isFound = lookUp(symbol.name.array, in: gnu, symbols).contains(index)
        if isFound != expected.gnu.contains(index) {
          return "'\(symbol.name.string)' is \(isFound ? "still" : "not") in .gnu.hash"
        }
      }
    }
    if let systemV = try systemVHash(count: symbols.count) {
      if let index = systemV.reached.symmetricDifference(expected.systemV).min() {
        let isFound = systemV.reached.contains(index)
        return "'\(symbols[index].name.string)' is \(isFound ? "still" : "not") in .hash"
      }
      // Each chain has the names of its bucket only.
      for index in systemV.reached.sorted()
      where !isInBucket(index, systemV, symbols[index].name.array) {
        return "'\(symbols[index].name.string)' is in a wrong chain of .hash"
      }
    }
    return nil
  }
}

extension Image {
  /// Whether the chain for a name leads to a symbol.
  fileprivate func isInBucket(_ index: Int, _ table: SystemVHash, _ name: [UInt8]) -> Bool {
    func value(_ position: Int) -> Int {
      let bytes = bytes.slice(table.offset + position * table.entrySize, table.entrySize)
      return Int(truncatingIfNeeded: Format.decode(bytes?.array ?? [], format.order))
    }
    var next = value(2 + Int(SystemVHash.hash(name)) % table.bucketCount)
    var steps = 0
    while next > 0, steps <= table.reached.count {
      if next == index { return true }
      next = value(2 + table.bucketCount + next)
      steps += 1
    }
    return false
  }
}
