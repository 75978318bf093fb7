// Distances between labels in the debug information of an object.
//
// Where the linker shortens code, the assembler does not know how far two labels are apart, so it leaves
// even the steps of line tables to pairs of relocations: one adds a label, one subtracts another
// (RISC-V ELF psABI, "Local label difference"). Messages count places as the object has them, before
// anything is shortened, and so the distances that the object's own symbol table tells are right.

internal import ELF

struct DebugDifferences {
  let table: RecordView<Rela>
  let symbols: DebugSymbols
  let target: any Target.Type

  /// What a relocation does to the bytes that are there; nil: it stands for a value of its own.
  private func change(_ record: Rela) -> DebugField? {
    switch target.debugField(number: record.type) {
    case .added, .subtracted, .replaced, .sixBits, .number: target.debugField(number: record.type)
    default: nil
    }
  }

  func isDifference(_ record: Rela) -> Bool { change(record) != nil }

  var areThere: Bool { (0..<table.count).contains { isDifference(table[$0]) } }

  /// A copy of a section's bytes with the distances in them; nil: there is no memory for it.
  func applied(to bytes: ByteView) -> OwnedBytes? {
    OwnedBytes(count: bytes.count) { memory in
      guard let base = memory.baseAddress else { return }
      memory.copyMemory(from: bytes.buffer)
      let out = OutputBytes(base: base, count: bytes.count)
      for index in 0..<table.count {
        let record = table[index]
        guard let change = change(record), Int(record.symbol) < symbols.records.count else {
          continue
        }
        let S = symbols.records[Int(record.symbol)].value
        apply(change, S &+ UInt64(bitPattern: record.addend), to: out, at: record.offset)
      }
    }
  }

  private func apply(_ change: DebugField, _ value: UInt64, to out: OutputBytes, at place: UInt64) {
    guard out.holds(place, 1), let offset = Int(exactly: place) else { return }
    func store(_ width: Int, _ combine: (UInt64) -> UInt64) {
      guard out.holds(place, width) else { return }
      var old: UInt64 = 0
      for index in 0..<width {
        old |= UInt64(out.load(UInt8.self, at: offset + index)) << UInt64(index * 8)
      }
      let new = combine(old)
      for index in 0..<width {
        out.store(UInt8(truncatingIfNeeded: new >> UInt64(index * 8)), at: offset + index)
      }
    }
    switch change {
    case .added(let width): store(width) { $0 &+ value }
    case .subtracted(let width): store(width) { $0 &- value }
    case .replaced(let width): store(width) { _ in value }
    case .sixBits(let isSubtracted):
      out.storeSixBits(value, isSubtracted: isSubtracted, at: offset)
    case .number(let isSubtracted):
      guard let length = out.lengthOfNumber(at: offset) else { return }
      let old = out.number(at: offset, length: length)
      out.storeNumber(isSubtracted ? old &- value : value, at: offset, length: length)
    default: break
    }
  }
}
