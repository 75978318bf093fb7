// What stood behind the program header table and has moved: it reads as before, and everything that named
// its old address names its new one.

internal import ELF

extension EditSession {
  func verifyMoved(_ old: Image, _ new: Image) throws(EditFailure) {
    for moved in plan.moved {
      let start = moved.moved(moved.range.lowerBound)
      let size = moved.range.upperBound - moved.range.lowerBound
      guard let before = old.bytes(atVirtual: moved.range.lowerBound, size),
        let after = new.bytes(atVirtual: start, size)
      else { throw wrong("what stood at va \(hex(moved.range.lowerBound)) is gone") }
      // What an edit has changed there, or in the old place before.
      var changed = plan.loaded
      for part in moved.earlier.intersection(moved.range).ranges {
        changed.insert(moved.moved(part.lowerBound), moved.moved(part.upperBound))
      }
      for part in changed.gaps(in: start..<(start + size)) {
        let offset = part.lowerBound - start
        let length = part.upperBound - part.lowerBound
        guard let a = before.slice(offset, length), let b = after.slice(offset, length), same(a, b)
        else { throw wrong("the bytes at va \(hex(part.lowerBound)) are not those that moved") }
      }
      // A later edit of the same run may have moved a table once more.
      let named = old.dynamicEntries.filter {
        old.isAddress($0.tag) && moved.range.contains($0.value)
      }
      for entry in named {
        guard let now = new.dynamicValue(entry.tag), !moved.range.contains(now) else {
          throw wrong("dynamic tag \(hex(UInt64(bitPattern: entry.tag))) names the old place")
        }
      }
    }
    guard !plan.moved.isEmpty else { return }
    func notes(_ image: Image) -> [Segment] {
      image.segments.filter { $0.type == PT.NOTE && $0.memorySize > 0 }
    }
    let wanted = Set(notes(old).map { plan.newAddress(of: $0.address, in: $0.memoryRange) })
    for note in notes(new) where !wanted.contains(note.address) {
      throw wrong("program header \(note.index) names another note")
    }
  }
}
