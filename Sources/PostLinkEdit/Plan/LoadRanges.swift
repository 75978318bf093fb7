// Ranges that were named by virtual addresses, as the load addresses at which their bytes are stored.

extension EditSession {
  /// Where the bytes of a range of virtual addresses are stored. What no segment holds is left out.
  func storedRanges(ofVirtual range: Range<UInt64>) -> RangeSet {
    var result = RangeSet()
    for segment in image.loads where segment.backedRange.overlaps(range) {
      let part = segment.backedRange.clamped(to: range)
      let start = segment.loadAddress + (part.lowerBound - segment.address)
      result.insert(start, start + (part.upperBound - part.lowerBound))
    }
    return result
  }

  /// The same, with what no segment holds.
  ///
  /// That is a hole in the range of load addresses, if there is one way to say where: between
  /// segments that are stored at the same distance, and around segments that are stored where they
  /// run, as in `sym:start..sym:end` over a flash memory in which the images of other sections lie.
  /// - Throws: SE-NOT-IN-FILE for bytes that exist in memory only, SE-HOLE-DIGEST for others.
  func loadRanges(ofVirtual range: Range<UInt64>) throws(EditFailure) -> RangeSet {
    var result = storedRanges(ofVirtual: range)
    guard !result.isEmpty else { return result }
    var backed = RangeSet()
    for segment in image.loads where segment.backedRange.overlaps(range) {
      backed.formUnion(RangeSet(segment.backedRange.clamped(to: range)))
    }
    for gap in backed.gaps(in: range) {
      if image.loads.contains(where: { $0.memoryRange.overlaps(gap) }) {
        throw EditFailure(
          .notInFile, "va \(hex(gap.lowerBound))..\(hex(gap.upperBound)) is not in the file",
          hint: "bytes of .bss exist only in memory; holes=skip leaves them out")
      }
      guard let distance = distance(around: gap) else {
        throw EditFailure(
          .holeDigest,
          "va \(hex(gap.lowerBound))..\(hex(gap.upperBound)) is in no segment, and it is not clear "
            + "where it would be stored",
          hint: "say lma:A..lma:B, or holes=skip")
      }
      result.insert(gap.lowerBound &+ distance, gap.upperBound &+ distance)
    }
    return result
  }

  /// How far from its virtual addresses a gap is stored, if its neighbours agree.
  private func distance(around gap: Range<UInt64>) -> UInt64? {
    let segments = image.loads.filter { !$0.backedRange.isEmpty }
    let before = segments.filter { $0.backedRange.upperBound <= gap.lowerBound }
      .max { $0.backedRange.upperBound < $1.backedRange.upperBound }
    let behind = segments.filter { $0.backedRange.lowerBound >= gap.upperBound }
      .min { $0.backedRange.lowerBound < $1.backedRange.lowerBound }
    let distances = [before, behind].map { $0.map { $0.loadAddress &- $0.address } }
    if let first = distances[0], first == distances[1] { return first }
    // Behind the last segment of a memory only what is stored where it runs goes on.
    if distances[0] == 0 { return 0 }
    if before == nil && distances[1] == 0 { return 0 }
    return nil
  }
}
