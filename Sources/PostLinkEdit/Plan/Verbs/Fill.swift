// fill, pad: bytes between sections and behind the image.

internal import ELF

extension EditSession {
  /// The virtual addresses with file bytes that ranges name.
  func backedAddresses(_ ranges: [RangeSpecification]) throws(EditFailure) -> RangeSet {
    var result = RangeSet()
    for specification in ranges {
      let found = try resolve(specification)
      for segment in image.loads {
        switch found.space {
        case .file: throw EditFailure(.value, "the range is not loaded")
        case .virtual:
          if segment.backedRange.overlaps(found.range) {
            result.insert(segment.backedRange.clamped(to: found.range))
          }
        case .load:
          guard segment.loadRange.overlaps(found.range) else { continue }
          let part = segment.loadRange.clamped(to: found.range)
          let start = segment.address + (part.lowerBound - segment.loadAddress)
          result.insert(start, start + (part.upperBound - part.lowerBound))
        }
      }
    }
    return result
  }

  /// `fill RANGE holes=BYTE` and `fill RANGE all=BYTE`
  func fill(
    _ ranges: [RangeSpecification], _ pattern: [UInt8], claim: Bool, all: Bool
  ) throws(EditFailure) {
    let wanted = try backedAddresses(ranges)
    if all {
      guard edit.replace else {
        throw EditFailure(
          .value, "all= overwrites sections, not only holes", hint: "add replace=yes")
      }
      var changed = false
      for range in wanted.ranges {
        if try writeFill(range, pattern, guarded: true) { changed = true }
      }
      if !changed { try nothingToDo("the range is filled already") }
      return
    }
    guard image.knowsHoles else {
      throw EditFailure(
        .unsupported, "the file has no section headers, so nobody knows which bytes are holes",
        hint: "fill before the section headers are stripped")
    }
    var targets: [Range<UInt64>] = []
    let holes = image.holes()
    for range in wanted.ranges { targets += holes.intersection(range).ranges }
    var changed = false
    for range in targets where try writeFill(range, pattern, guarded: false) { changed = true }
    try refresh()
    if claim, !targets.isEmpty {
      try claimHoles(targets)
      changed = true
    }
    guard changed else { return try nothingToDo("there is no hole to fill") }
    note(
      "\(targets.count) holes, \(targets.reduce(0) { $0 + $1.upperBound - $1.lowerBound }) bytes")
  }

  /// Writes the pattern; its phase is the load address modulo its length.
  private func writeFill(
    _ range: Range<UInt64>, _ pattern: [UInt8], guarded: Bool
  ) throws(EditFailure) -> Bool {
    let load = image.loadAddress(ofVirtual: range.lowerBound) ?? range.lowerBound
    let count = Int(range.upperBound - range.lowerBound)
    let content = (0..<count).map {
      pattern[Int((load &+ UInt64($0)) % UInt64(pattern.count))]
    }
    guard let offset = image.offset(ofVirtual: range.lowerBound, UInt64(count)),
      !holds(content, at: offset)
    else { return false }
    if guarded {
      let place = ResolvedPlace(
        space: .virtual, address: range.lowerBound, label: "va:\(hex(range.lowerBound))",
        start: range.lowerBound)
      return try store(content, at: place)
    }
    try checkCoverage(range)
    try writeHeader(content, at: offset)
    return true
  }

  /// Gives filled holes section headers, so that no strip tool drops their bytes.
  private func claimHoles(_ holes: [Range<UInt64>]) throws(EditFailure) {
    var edits = sectionEdits()
    var number = 0
    for hole in holes {
      while image.sections.contains(where: { $0.name == ".fill.\(number)" }) { number += 1 }
      var section = Section()
      section.name = ".fill.\(number)"
      number += 1
      section.type = SHT.PROGBITS
      section.flags = SHF.ALLOC
      if let segment = image.segment(backing: hole.lowerBound, 1) {
        if segment.flags & PF.W != 0 { section.flags |= SHF.WRITE }
        section.offset = segment.offset + (hole.lowerBound - segment.address)
      }
      section.address = hole.lowerBound
      section.size = hole.upperBound - hole.lowerBound
      section.alignment = 1
      plan.added.insert(section.name)
      insertByAddress(SectionEdit(section: section), into: &edits)
    }
    try rewriteSections(edits)
  }

  /// Puts a loaded section behind the last one with a lower address.
  func insertByAddress(_ edit: SectionEdit, into edits: inout [SectionEdit]) {
    let position = edits.lastIndex {
      $0.section.isLoaded && $0.section.address <= edit.section.address
    }
    edits.insert(edit, at: position.map { $0 + 1 } ?? 0)
  }

  /// `pad to=LMA` or `pad size=N`
  func pad(to address: UInt64?, size: UInt64?, _ byte: UInt8) throws(EditFailure) {
    guard let rom = image.rom,
      let last = image.loads.max(by: {
        ($0.fileSize > 0 ? $0.loadRange.upperBound : 0)
          < ($1.fileSize > 0 ? $1.loadRange.upperBound : 0)
      })
    else { throw EditFailure(.notInFile, "the file has no loaded bytes") }
    guard !image.isProgram else {
      throw EditFailure(
        .unsupported, "pad is for bare-metal images", hint: "use export … pad-to= instead")
    }
    let goal: UInt64
    if let address {
      goal = address
    } else {
      let (sum, overflow) = rom.lowerBound.addingReportingOverflow(size ?? 0)
      guard !overflow else { throw EditFailure(.value, "size= is too large") }
      goal = sum
    }
    guard goal >= rom.upperBound else {
      throw EditFailure(
        .noRoom, "the image ends at lma \(hex(rom.upperBound)), behind \(hex(goal))")
    }
    let length = goal - rom.upperBound
    guard length > 0 else { return try nothingToDo("the image ends at \(hex(goal)) already") }
    guard length <= 64 << 20 else {
      throw EditFailure(.span, "\(length) bytes of padding", hint: "use export … pad-to= instead")
    }
    let content = [UInt8](repeating: byte, count: Int(length))
    try requireNewName(".pad")
    let start = rom.upperBound
    let (end, overflow) = start.addingReportingOverflow(length)
    if last.fileSize == last.memorySize, last.address == last.loadAddress,
      max(image.tailRoom(of: last), image.shiftRoom(of: last)) >= length
    {
      try appendToSegment(last, ".pad", content, alignment: 1)
    } else if !overflow,
      let other = image.loads.first(where: { $0.memoryRange.overlaps(start..<end) })
    {
      throw noRoom(
        "'.pad' would lie at va \(hex(start)), which program header \(other.index) uses")
    } else {
      try addSegment(".pad", content, alignment: 1, flags: "r", lma: start, address: start)
    }
    note("\(length) bytes up to lma \(hex(goal))")
  }

  func requireNewName(_ name: String) throws(EditFailure) {
    if image.sections.contains(where: { $0.name == name }) {
      throw EditFailure(.already, "the section '\(name)' exists already")
    }
  }
}
