// Numbers for hashes, in order of arrival: the private table of one shard.
//
// A key is 92 bits of a hash (64, and the upper 28 of `check`); what it stands for is not looked at
// again (docs/Design.md, "Names"). One worker owns a table, so there are no locks.

struct HashNumbering {
  private var slots = Block<UInt32>(count: 1 << 10)
  private var lows: [UInt64] = []
  private var checks: [UInt32] = []

  /// The number of the key, and whether this call gave it. The low 4 bits of `check` are not part of
  /// the key.
  mutating func enter(_ low: UInt64, _ check: UInt32) -> (number: Int, isNew: Bool) {
    let check = check & ~15
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: low) & mask
    while true {
      let entry = Int(slots[slot])
      if entry == 0 { break }
      if lows[entry - 1] == low && checks[entry - 1] == check { return (entry - 1, false) }
      slot = (slot + 1) & mask
    }
    lows.append(low)
    checks.append(check)
    slots[slot] = UInt32(lows.count)
    if lows.count * 2 > slots.count { grow() }
    return (lows.count - 1, true)
  }

  private mutating func grow() {
    let larger = Block<UInt32>(count: slots.count * 2)
    let mask = larger.count - 1
    for (index, low) in lows.enumerated() {
      var slot = Int(truncatingIfNeeded: low) & mask
      while larger[slot] != 0 { slot = (slot + 1) & mask }
      larger[slot] = UInt32(index + 1)
    }
    slots.release()
    slots = larger
  }

  /// Gives the memory back. Nothing may be entered afterwards.
  func release() { slots.release() }
}
