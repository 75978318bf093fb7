// The pointer to small data, on machines that keep it in a register.
//
// Its loads and stores reach 2 KiB to both sides. If all data lie within 4 KiB it is put so that it
// reaches them all; else it is in the middle of the first 4 KiB of `.sdata` (the rule of GNU ld's
// scripts).

internal import ELF

extension Layout {
  private static var reach: UInt64 { 0x800 }

  /// Where the pointer leads to.
  func smallDataMiddle() -> DefinedSymbolValue? {
    func find(_ name: String) -> OutputID? {
      outputs.firstIndex { $0.name == name && $0.isAllocated && $0.size > 0 }.map { OutputID($0) }
    }
    let (small, data, zeros) = (find(".sdata"), find(".data"), find(".bss") ?? find(".sbss"))
    guard let output = small ?? data ?? zeros else {
      return DefinedSymbolValue(address: 0, output: nil)
    }
    let smallStart =
      small.map { outputs[$0.index].address } ?? data.map { outputs[$0.index].end }
      ?? outputs[output.index].address
    let dataStart = data.map { outputs[$0.index].address } ?? smallStart
    let end = zeros.map { outputs[$0.index].end } ?? outputs[output.index].end
    let covering = max(dataStart &+ Layout.reach, end &- Layout.reach)
    return DefinedSymbolValue(
      address: min(smallStart &+ Layout.reach, covering), output: output)
  }

  /// The address in the register, if this program can count from it: it stays where it is linked,
  /// and somebody refers to the symbol, which is how the register gets its value.
  var smallDataPointer: UInt64? {
    guard let name = target.smallDataPointer, options.relax, options.relaxSmallData,
      !options.outputKind.isPositionIndependent,
      let symbol = selection.program.linkerReference("\(name)"),
      selection.program.flags[symbol].contains(.referenced),
      selection.program.flags[symbol].isDisjoint(with: [.undefined, .imported]),
      isInOutput(symbol)
    else { return nil }
    return addresses[symbol]
  }
}
