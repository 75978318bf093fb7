// What Embedded Swift asks of a board: a character that goes out, and memory between the map's bounds.

import _Volatile

/// The UART of an MPS2 (CMSDK APB UART): data, state, control.
private let uart: UInt = 0x4000_4000

private func register(_ offset: UInt) -> VolatileMappedRegister<UInt32> {
  VolatileMappedRegister(unsafeBitPattern: uart + offset)
}

@_cdecl("putchar")
public func putchar(_ character: CInt) -> CInt {
  register(8).store(1)  // transmitter on
  while register(4).load() & 1 != 0 {}
  register(0).store(UInt32(truncatingIfNeeded: character & 0xff))
  return character
}

/// Where a symbol of the map is.
func address(_ symbol: UnsafePointer<CChar>) -> UInt { UInt(bitPattern: symbol) }
func pointer<Value>(_ symbol: UnsafePointer<CChar>) -> UnsafePointer<Value> {
  UnsafePointer(bitPattern: address(symbol))!
}

private nonisolated(unsafe) var heapEnd: UInt = 0

/// Room behind the last; nothing is given back (`free` is in boot.S).
@_cdecl("posix_memalign")
public func posixMemalign(
  _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>, _ alignment: UInt, _ size: UInt
) -> CInt {
  let start = max(heapEnd, address(&heap_start))
  let aligned = (start + alignment - 1) & ~(alignment - 1)
  guard size <= address(&heap_end) - aligned else { return 12 }
  heapEnd = aligned + size
  result.pointee = UnsafeMutableRawPointer(bitPattern: aligned)
  return 0
}
