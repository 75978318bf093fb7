// Free room: what `show room` lists and SE-NO-ROOM prints.

internal import ELF

extension Image {
  /// Holes, tails, spare headers and tags, string slack: one line each.
  func roomLines() -> [String] {
    var lines: [String] = []
    for hole in holes().ranges where hole.upperBound - hole.lowerBound >= 4 {
      lines.append("hole: va \(hex(hole.lowerBound)), \(hole.upperBound - hole.lowerBound) bytes")
    }
    let spare = segments.filter { $0.type == PT.NULL }.count
    lines.append("spare program headers: \(spare)")
    if dynamicRange != nil {
      let spare = allDynamicEntries[dynamicEntries.count...].prefix { $0.tag == DT.NULL }.count
      lines.append("spare dynamic tags: \(max(0, spare - 1))")
    }
    if let (path, segment) = interpreter {
      lines.append("interpreter: \(Int64(segment.fileSize) - Int64(path.utf8.count) - 1) bytes")
    }
    for slot in (try? slots()) ?? [] where !slot.flags.contains(.filled) {
      lines.append("slot '\(slot.name)': va \(hex(slot.address)), \(slot.size) bytes")
    }
    for segment in loads {
      let room = tailRoom(of: segment)
      let shifted = shiftRoom(of: segment)
      guard max(room, shifted) > 0 else { continue }
      lines.append(
        "tail of program header \(segment.index): \(room) bytes"
          + (shifted > room ? ", \(shifted) with a file shift" : ""))
    }
    if dynamicRange != nil { lines.append("spare .dynstr bytes: \(stringSlack().count)") }
    return lines
  }
}
