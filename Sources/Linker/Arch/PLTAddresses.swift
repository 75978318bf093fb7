// Where entries of the procedure linkage table are.

internal import ELF

extension Layout {
  /// The address at which a function is called through entry `number` of the PLT.
  func pltAddress(_ number: Int32) -> UInt64 {
    if selection.usesSecondaryPLT {
      return address(of: .pltSecondary) &+ UInt64(number) * target.pltEntrySize
    }
    let header = hasPLTHeader ? target.pltHeaderSize : 0
    return address(of: .plt) &+ header &+ UInt64(number) * target.pltEntrySize
      &+ target.pltEntryPoint
  }

  func veneerAddress(_ number: Int32) -> UInt64 {
    address(of: .veneers) &+ UInt64(number) * target.veneerSize
  }

  func pltGOTAddress(_ number: Int32) -> UInt64 {
    address(of: .pltGOT) &+ UInt64(number) * target.pltGOTEntrySize &+ target.pltEntryPoint
  }
}
