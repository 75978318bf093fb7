// A set of names with a small value each, for look-ups by the million.
//
// Open addressing over XXH3 hashes, which the linker has at hand for every symbol anyway; a
// `Dictionary` of strings would hash again, allocate per key and be several times slower. The names
// lie one behind the other in one array. Built by one thread, then read by any number.

internal import CXXHash
internal import ELF
internal import Glibc

struct ExactNameTable: Sendable {
  /// 24 bytes; an empty slot has the value -1.
  private struct Slot: Sendable {
    var hash: UInt64 = 0
    var start: Int = 0
    var length: UInt32 = 0
    var value: Int32 = -1
  }

  private var names: [UInt8] = []
  private var slots: [Slot]
  private(set) var count = 0

  /// An empty table with room for `capacity` names.
  init(capacity: Int = 0) {
    // At most half full, so that a miss ends after about one probe.
    var size = 4
    while size < 2 * capacity { size *= 2 }
    slots = Array(repeating: Slot(), count: capacity == 0 ? 0 : size)
  }

  var isEmpty: Bool { count == 0 }

  /// The hash under which names are filed: XXH3, 64 bits.
  static func hash(_ name: ByteView) -> UInt64 {
    swold_xxh3_64(name.buffer.baseAddress, name.count)
  }

  /// The value of `name`, whose hash is `hash`; nil if it is not in the table.
  func value(of name: ByteView, hash: UInt64) -> Int32? {
    guard count > 0 else { return nil }
    let slot = slots[find(name, hash)]
    return slot.value >= 0 ? slot.value : nil
  }

  /// Adds `name` with a value that is not negative. If it is there already nothing changes, and the
  /// answer is its value.
  mutating func insert(_ name: [UInt8], value: Int32) -> Int32? {
    if 2 * (count + 1) > slots.count { grow() }
    return name.withUnsafeBytes { bytes in
      let view = ByteView(bytes)
      let hash = Self.hash(view)
      let index = find(view, hash)
      if slots[index].value >= 0 { return slots[index].value }
      slots[index] = Slot(
        hash: hash, start: names.count, length: UInt32(clamping: name.count), value: value)
      names += name
      count += 1
      return nil
    }
  }

  /// The slot of `name`, or the empty one where it belongs.
  private func find(_ name: ByteView, _ hash: UInt64) -> Int {
    let mask = slots.count - 1
    var index = Int(truncatingIfNeeded: hash) & mask
    while slots[index].value >= 0 {
      if slots[index].hash == hash, Int(slots[index].length) == name.count, holds(index, name) {
        break
      }
      index = (index + 1) & mask
    }
    return index
  }

  private func holds(_ index: Int, _ name: ByteView) -> Bool {
    guard name.count > 0 else { return true }
    return names.withUnsafeBytes { bytes in
      guard let own = bytes.baseAddress, let other = name.buffer.baseAddress else { return false }
      return memcmp(own + slots[index].start, other, name.count) == 0
    }
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: Slot(), count: max(8, 2 * old.count))
    let mask = slots.count - 1
    for slot in old where slot.value >= 0 {
      var index = Int(truncatingIfNeeded: slot.hash) & mask
      while slots[index].value >= 0 { index = (index + 1) & mask }
      slots[index] = slot
    }
  }
}
