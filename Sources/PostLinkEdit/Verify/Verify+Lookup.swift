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
    let gnu = try new.gnuHash(count: map.count)
    let systemV = try new.systemVHash(count: map.count)
    let oldSystemV = try old.systemVHash(count: map.count)
    let first = try old.gnuHash(count: map.count)?.firstSymbol ?? 0
    for (index, old) in before.symbols.enumerated() {
      let symbol = after.symbols[map[index]]
      let isFound = symbol.binding != STB.LOCAL && index > 0
      if let gnu {
        let found = new.lookUp(symbol.name.array, in: gnu, after.symbols).contains(map[index])
        if found != (isFound && index >= first) {
          throw wrong("'\(old.name.string)' is \(found ? "still" : "not") in .gnu.hash")
        }
      }
      if let systemV, let oldSystemV {
        let found = systemV.reached.contains(map[index])
        if found != (isFound && oldSystemV.reached.contains(index)) {
          throw wrong("'\(old.name.string)' is \(found ? "still" : "not") in .hash")
        }
      }
    }
    // Each chain of .hash has the names of its bucket only.
    if let systemV {
      for index in systemV.reached {
        guard new.isInBucket(index, systemV, after.symbols[index].name.array) else {
          throw wrong("'\(after.symbols[index].name.string)' is in a wrong chain of .hash")
        }
      }
    }
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
