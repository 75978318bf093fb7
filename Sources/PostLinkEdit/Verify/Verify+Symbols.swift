// The symbols of the result: in the order that they had, with their names, sizes and sections, and with the
// values that they had, but for those of what has moved. A large program has millions, so what is the
// same is told from the records alone.

internal import ELF

extension EditSession {
  /// Compares `.symtab` and `.dynsym` of the two files.
  func verifySymbols(_ old: Image, _ new: Image) throws(EditFailure) {
    guard let planned = plan.symbols else { return }
    for type in [SHT.SYMTAB, SHT.DYNSYM] {
      guard let before = old.symbolTable(type), let after = new.symbolTable(type) else { continue }
      // Renumbered ones are compared by their numbers.
      if type == SHT.DYNSYM, plan.dynamicSymbols != nil { continue }
      // Unchanged numbering and contents need no walk.
      if same(old.contents(of: before.section), new.contents(of: after.section)),
        old.sections.count == new.sections.count, planned.isEmpty, plan.tags.isEmpty,
        plan.moved.isEmpty
      {
        continue
      }
      if planned.isEmpty, areSame(before, after, old, new) { continue }
      // Symbols keep their order; only planned names may come, go or change.
      // A large program has millions, so they are walked, not collected.
      func kept(_ table: SymbolTable) -> some Sequence<SymbolEntry> {
        (0..<table.count).lazy.map { table[$0] }
          .filter { planned.isEmpty || !planned.contains($0.name.string) }
      }
      var right = kept(after).makeIterator()
      for a in kept(before) {
        guard let b = right.next() else { throw wrong("a symbol is gone") }
        let home = sectionName(a, old)
        let isGone = plan.removed.contains(home)
        // A name that was outside of the string table may be inside of a longer one.
        let sameName = a.name == b.name || (a.name.isEmpty && a.nameOffset != 0)
        guard sameName, newValue(of: a, old) == b.value, a.size == b.size, a.other == b.other,
          a.info == b.info || isGone, home == sectionName(b, new) || isGone
        else { throw wrong("the symbol '\(a.name.string)' changed") }
      }
      guard right.next() == nil else { throw wrong("a symbol has come unplanned") }
    }
  }

  /// Whether the records of two tables say the same, with the same names. A look at each name, as
  /// `verifySymbols` takes it, is for tables that differ.
  private func areSame(
    _ before: SymbolTable, _ after: SymbolTable, _ old: Image, _ new: Image
  ) -> Bool {
    guard before.count == after.count, before.sharesNames(with: after) else { return false }
    // Sections by their names, which are numbers here.
    var known: [String: Int] = [:]
    func homes(_ image: Image) -> [Int] {
      image.sections.map { section in
        let number = known[section.name] ?? known.count
        known[section.name] = number
        return number
      }
    }
    let (then, now) = (homes(old), homes(new))
    for index in 0..<before.count {
      let (a, b) = (before.record(index), after.record(index))
      guard a.nameOffset == b.nameOffset, a.info == b.info, a.other == b.other, a.size == b.size
      else { return false }
      var value = a.value
      if a.sectionIndex > 0, a.sectionIndex < SHN.LORESERVE {
        guard Int(a.sectionIndex) < then.count, Int(b.sectionIndex) < now.count,
          b.sectionIndex < SHN.LORESERVE, then[Int(a.sectionIndex)] == now[Int(b.sectionIndex)]
        else { return false }
        value = newValue(value, in: Int(a.sectionIndex), old)
      } else {
        guard a.sectionIndex == b.sectionIndex, a.sectionIndex != SHN.XINDEX else { return false }
      }
      guard value == b.value else { return false }
    }
    return true
  }

  /// What a symbol's value is now.
  func newValue(of symbol: SymbolEntry, _ image: Image) -> UInt64 {
    guard symbol.rawSection < SHN.LORESERVE || symbol.rawSection == SHN.XINDEX else {
      return symbol.value
    }
    return newValue(symbol.value, in: symbol.section, image)
  }

  private func newValue(_ value: UInt64, in section: Int, _ image: Image) -> UInt64 {
    guard !plan.moved.isEmpty, section > 0, image.sections.indices.contains(section),
      image.sections[section].isLoaded
    else { return value }
    let home = image.sections[section].memoryRange
    return plan.newAddress(of: value, in: home) & image.format.addressLimit
  }

  private func sectionName(_ symbol: SymbolEntry, _ image: Image) -> String {
    guard symbol.rawSection < SHN.LORESERVE || symbol.rawSection == SHN.XINDEX,
      symbol.section > 0, image.sections.indices.contains(symbol.section)
    else { return "#\(symbol.rawSection)" }
    return image.sections[symbol.section].name
  }
}
