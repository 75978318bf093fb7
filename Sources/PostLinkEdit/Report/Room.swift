// Free room: what `show room` lists and SE-NO-ROOM prints.

internal import ELF

extension Image {
  /// Zeros or one repeated fill byte: nobody's data.
  func isBlank(_ view: ByteView) -> Bool {
    guard let first = view.load(UInt8.self, at: 0), first == 0 || first == 0xff || first == 0xcc
    else { return false }
    return (0..<view.count).allSatisfy { view[$0] == first }
  }

  /// Whether swold linked the file, so that its section map can reserve room.
  private var isOurs: Bool {
    guard let section = sections.first(where: { $0.name == ".comment" }),
      let view = contents(of: section)
    else { return false }
    return view.string.contains("swold-")
  }

  /// What helps a file that has no room for an edit.
  func roomHint(for verb: Verb) -> String {
    if isOurs {
      switch verb {
      case .runPath, .needed, .soname:
        return "reserve it in the section map: 'spare dynstr 256, dyntags 4, phdrs 1;'"
      case .interpreter: return "reserve it in the section map: 'spare interp 64, phdrs 1;'"
      default: return "reserve a slot in the section map, or 'spare phdrs 1;'"
      }
    }
    switch verb {
    case .runPath:
      return
        "link with a longer -rpath, which may end in ':::', and set it then; a text that is in the "
        + "file already, or ends another one, needs no room"
    case .needed, .soname:
      return
        "a name that is not longer than the old one, or ends another text of the file, needs no room"
    case .interpreter: return "a shorter path fits: a symbolic link may lead to the longer one"
    case .flags: return "a flag needs no room if its tag is there; link with -z now or the like"
    case .executableStack: return "link with -z noexecstack or -z execstack"
    case .insert, .pad:
      return
        "where=nonalloc adds a section that is not loaded; loaded bytes need a linker that reserves "
        + "room, as swold does: 'spare phdrs 1;' in its section map"
    default: return "link with swold, whose section map can reserve room"
    }
  }

  /// Holes, tails, spare headers and tags, string slack: one line each.
  func roomLines() -> [String] {
    var lines: [String] = []
    for hole in holes().ranges where hole.upperBound - hole.lowerBound >= 4 {
      let count = hole.upperBound - hole.lowerBound
      // Bytes of no section may be somebody's nevertheless, and insert leaves them alone.
      let holdsData = bytes(atVirtual: hole.lowerBound, count).map { !isBlank($0) } ?? false
      lines.append(
        "hole: va \(hex(hole.lowerBound)), \(count) bytes"
          + (holdsData ? ", holds data" : ""))
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
    if dynamicRange != nil { lines.append("spare .dynstr bytes: \(stringSlack)") }
    return lines
  }
}
