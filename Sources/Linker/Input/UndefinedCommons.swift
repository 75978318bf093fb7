// --no-define-common: a shared library leaves its common symbols to the program, as references.
//
// The entries are changed where tables are read, so that no pass has to know of a third kind of symbol.

internal import ELF

extension InputFile {
  /// Turns the common symbols of an object into references. The mapped file stays as it is.
  mutating func leaveCommonsUndefined(_ target: TargetFacts) {
    func isCommon(_ index: Int) -> Bool {
      // Not a variable: GCC's mark on objects without code.
      symbols[index].isCommon(large: target.largeCommonIndex)
        && !symbolName(index).equals("__gnu_lto_slim")
    }
    guard kind == .object, globals.contains(where: isCommon) else { return }
    let changed = Block<Symbol>(count: symbols.count)
    for index in 0..<symbols.count {
      changed[index] = symbols[index]
      guard index >= Int(firstGlobal), isCommon(index) else { continue }
      changed[index].sectionIndex = SHN.UNDEF
      // Of a common symbol, its alignment.
      changed[index].value = 0
      changed[index].size = 0
    }
    symbols = RecordView(
      ByteView(UnsafeRawPointer(changed.base), count: symbols.count * MemoryLayout<Symbol>.stride))
  }
}
