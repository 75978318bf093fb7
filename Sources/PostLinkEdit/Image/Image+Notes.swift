// Notes, the build-id and the registry of slots.

internal import ELF

/// A slot as an edit sees it, whichever way it was found.
struct Slot {
  var name: String
  var address: UInt64
  var size: UInt64
  /// The fill bytes; guessed from the first byte if the registry is gone.
  var fill: FillPattern
  var flags: SlotRecord.Flags
  /// Where the flags are stored in the file, if the registry is there.
  var flagsOffset: Int?
  var range: Range<UInt64> { address..<(address &+ size) }
}

/// A note and where it was found.
struct FoundNote {
  var section: String
  /// The number of the section; 0 if the file has none.
  var sectionIndex: Int
  var note: NoteReader.Note
  /// The file offset of the description.
  var descriptionOffset: Int
}

extension Image {
  /// Every note of the file: from sections if there are any, else from segments.
  func notes() -> (found: [FoundNote], malformed: [String]) {
    var found: [FoundNote] = []
    var malformed: [String] = []
    // Sections that share bytes could have more notes than memory holds.
    var budget = UInt64(bytes.count)
    func walk(_ range: Range<UInt64>, _ alignment: UInt64, _ name: String, _ index: Int = 0) {
      let length = range.upperBound - range.lowerBound
      guard let view = bytes.slice(range.lowerBound, length) else { return }
      guard length <= budget else { return malformed.append(name) }
      budget -= length
      var reader = NoteReader(view, format.order, alignment: alignment == 8 ? 8 : 4)
      while let note = reader.next() {
        found.append(
          FoundNote(
            section: name, sectionIndex: index, note: note,
            descriptionOffset: Int(range.lowerBound) + note.descriptionOffset))
      }
      if reader.isMalformed { malformed.append(name) }
    }
    if sections.isEmpty {
      for segment in segments where segment.type == PT.NOTE && !isSeparateDebugFile {
        walk(segment.fileRange, segment.alignment, "segment \(segment.index)")
      }
    } else {
      for section in sections where section.type == SHT.NOTE {
        walk(section.fileRange, section.alignment, section.name, section.index)
      }
    }
    return (found, malformed)
  }

  /// The description of the GNU build-id note.
  func buildID() -> (bytes: ByteView, offset: Int)? {
    for found in notes().found
    where found.note.owner.equals("GNU") && found.note.type == NT.GNU_BUILD_ID {
      return (found.note.description, found.descriptionOffset)
    }
    return nil
  }

  /// The registry, nil if the file has none; throws if it is malformed.
  func registry() throws(EditFailure) -> (section: Section, registry: SlotRegistry)? {
    guard let section = sections.first(where: { $0.name == SlotNote.sectionName }),
      let view = contents(of: section)
    else { return nil }
    guard let registry = SlotRegistry(view, format.order) else {
      throw EditFailure(.malformed, "the slot registry \(SlotNote.sectionName) is malformed")
    }
    return (section, registry)
  }

  /// All slots: from the registry, else from sections `.slot.*`.
  func slots() throws(EditFailure) -> [Slot] {
    if let (section, registry) = try registry() {
      return registry.slots.map { entry in
        Slot(
          name: entry.slot.name, address: entry.slot.address, size: entry.slot.size,
          fill: entry.slot.fill, flags: entry.slot.flags,
          flagsOffset: Int(section.offset) + entry.flagsOffset)
      }
    }
    return sections.filter { $0.name.hasPrefix(SlotNote.sectionPrefix) && $0.isLoaded }.map {
      slot(
        String($0.name.dropFirst(SlotNote.sectionPrefix.utf8.count)), $0.address, $0.size)
    }
  }

  /// A slot whose registry is gone. Its fill is not known: bytes that are all equal count as fill.
  private func slot(_ name: String, _ address: UInt64, _ size: UInt64) -> Slot {
    let first = bytes(atVirtual: address, size)?.load(UInt8.self, at: 0)
    return Slot(
      name: name, address: address, size: size, fill: FillPattern(first ?? 0), flags: [],
      flagsOffset: nil)
  }

  func slot(named name: String) throws(EditFailure) -> Slot {
    let all = try slots()
    if let slot = all.first(where: { $0.name == name }) { return slot }
    if let symbol = try findSymbol(named: SlotNote.symbolPrefix + name) {
      return slot(name, symbol.value, symbol.size)
    }
    let known =
      all.isEmpty ? "the file has no slots" : "slots: " + all.map(\.name).joined(separator: ", ")
    throw EditFailure(
      .notFound, "there is no slot '\(name)' (\(known))",
      hint: "reserve it in the section map: slot \(name) { size …; fill 0xff; }")
  }

  func region(named name: String) throws(EditFailure) -> RegionRecord {
    if let region = try registry()?.registry.regions.first(where: { $0.name == name }) {
      return region
    }
    throw EditFailure(.notFound, "the file records no memory region '\(name)'")
  }
}
