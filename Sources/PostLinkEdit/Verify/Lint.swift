// The invariants of a linked file, checked on the file as it is. `lint` prints the findings; the
// verification demands that an edit adds none.

internal import ELF

/// Something that is wrong with a file, or suspicious.
public struct LintFinding: Sendable, Equatable {
  /// The invariant, `I2` to `I10`, or a warning's code.
  public var rule: String
  /// What is wrong, with names and addresses.
  public var text: String
  /// False for what is allowed, but seldom meant.
  public var isError: Bool
}

/// Checks the invariants of the manual.
struct Lint {
  let image: Image
  private var findings: [LintFinding] = []

  init(_ image: Image) { self.image = image }

  func run() -> [LintFinding] {
    var copy = self
    copy.check()
    return copy.findings
  }

  mutating func error(_ rule: String, _ text: String) {
    findings.append(LintFinding(rule: rule, text: text, isError: true))
  }
  mutating func warning(_ rule: String, _ text: String) {
    findings.append(LintFinding(rule: rule, text: text, isError: false))
  }

  private mutating func check() {
    for problem in image.problems { error("I10", problem) }
    guard image.problems.isEmpty, image.type != ET.REL else { return }
    if image.isSeparateDebugFile { return checkSharedBytes() }
    checkSegments()
    checkPages()
    checkSections()
    checkSharedBytes()
    checkDynamic()
    checkUnwinding()
    for name in image.notes().malformed { error("I8", "the notes of '\(name)' do not parse") }
    checkHoles()
  }

  // MARK: I2, I3

  private mutating func checkSegments() {
    let hosted = image.isHosted
    for segment in image.loads where segment.alignment > 1 {
      if segment.offset % segment.alignment != segment.address % segment.alignment {
        let text = "program header \(segment.index): offset and address disagree modulo p_align"
        if hosted { error("I2", text) } else { warning("I2", text) }
      }
    }
    let order = image.segments.filter { $0.type == PT.LOAD }
    for (a, b) in zip(order, order.dropFirst()) where a.address > b.address && hosted {
      error("I3", "program headers \(a.index) and \(b.index) are not sorted by address")
    }
    for (a, b) in zip(image.loads, image.loads.dropFirst()) {
      if a.memoryEnd > b.address {
        let overlay = !a.loadRange.overlaps(b.loadRange) && !hosted
        if !overlay {
          error("I3", "program headers \(a.index) and \(b.index) overlap in memory")
        }
      } else if hosted, a.memorySize > 0 {
        let page = max(image.smallestPage, 4096)
        if (a.memoryEnd - 1) / page == b.address / page, a.flags != b.flags {
          warning("I3", "program headers \(a.index) and \(b.index) share a page")
        }
      }
    }
    let inside: [(UInt32, String)] = [
      (PT.PHDR, "PT_PHDR"), (PT.INTERP, "PT_INTERP"), (PT.DYNAMIC, "PT_DYNAMIC"),
      (PT.GNU_RELRO, "PT_GNU_RELRO"), (PT.GNU_EH_FRAME, "PT_GNU_EH_FRAME"), (PT.TLS, "PT_TLS"),
    ]
    for (type, name) in inside {
      let several = image.segments.filter { $0.type == type }.map(\.index)
      if several.count > 1 { error("I10", "there is more than one \(name), at \(several)") }
    }
    for segment in image.segments {
      guard let name = inside.first(where: { $0.0 == segment.type })?.1 else { continue }
      let size = segment.type == PT.TLS ? segment.fileSize : segment.memorySize
      // RELRO may be rounded up to a page.
      let slack = segment.type == PT.GNU_RELRO ? relroSlack(segment) : 0
      let held = image.loads.contains {
        segment.address >= $0.address && segment.address &- $0.address <= $0.memorySize
          && size <= $0.memorySize &- (segment.address &- $0.address) &+ slack
      }
      if size > 0, !held {
        error("I3", "\(name) (program header \(segment.index)) is not in a PT_LOAD")
      } else if segment.fileSize > 0,
        let home = image.segment(backing: segment.address, 1),
        segment.offset != home.offset &+ (segment.address &- home.address)
      {
        error("I3", "\(name) (program header \(segment.index)) has a wrong file offset")
      }
    }
    if let first = image.segments.first(where: { $0.type == PT.LOAD })?.index {
      for segment in image.segments
      where (segment.type == PT.PHDR || segment.type == PT.INTERP) && segment.index > first {
        error("I3", "program header \(segment.index) must stand before the first PT_LOAD")
      }
    }
  }

  // MARK: I4

  private mutating func checkSections() {
    let loaded = image.sections.dropFirst().filter {
      $0.isLoaded && !$0.takesNoMemory && $0.size > 0
    }
    for section in loaded {
      let homes = image.loads.filter {
        section.address >= $0.address && section.address &- $0.address < $0.memorySize
          && section.size <= $0.memorySize &- (section.address &- $0.address)
      }
      guard let home = homes.first else {
        let text = "the section '\(section.name)' is in no segment"
        // A map may say `noload`: somebody else provides the memory, or it keeps what it holds.
        let isElsewhere =
          section.type == SHT.NOBITS
          && !image.loads.contains { $0.memoryRange.overlaps(section.memoryRange) }
        if !isElsewhere { error("I4", text) } else if image.isHosted { warning("I4", text) }
        continue
      }
      if section.hasFileBytes {
        let matches = homes.contains {
          section.offset == $0.offset &+ (section.address &- $0.address)
            && section.size <= $0.fileSize &- min($0.fileSize, section.address &- $0.address)
        }
        if !matches {
          error(
            "I4", "the bytes of '\(section.name)' are not where program header \(home.index) says")
        }
      } else if section.type == SHT.NOBITS, homes.count == 1 {
        let start = section.address &- home.address
        if start < home.fileSize,
          let bytes = image.bytes.slice(
            home.offset + start, min(section.size, home.fileSize - start)),
          (0..<bytes.count).contains(where: { bytes[$0] != 0 })
        {
          error("I4", "the file puts bytes into '\(section.name)', which shall be zero")
        }
      }
    }
    let sorted = loaded.sorted { ($0.address, $0.index) < ($1.address, $1.index) }
    for (a, b) in zip(sorted, sorted.dropFirst()) where a.memoryRange.upperBound > b.address {
      let overlay = image.loads.filter { $0.memoryRange.overlaps(a.memoryRange) }.count > 1
      if !overlay || image.isHosted {
        error("I4", "the sections '\(a.name)' and '\(b.name)' overlap in memory")
      }
    }
    var files = image.sections.dropFirst().filter { $0.hasFileBytes && $0.size > 0 }
    files.sort { ($0.offset, $0.index) < ($1.offset, $1.index) }
    for (a, b) in zip(files, files.dropFirst()) where a.fileRange.upperBound > b.offset {
      error("I4", "the sections '\(a.name)' and '\(b.name)' overlap in the file")
    }
    let headers: [(String, Range<UInt64>)] = [
      ("the ELF header", 0..<UInt64(image.format.headerSize)),
      ("the program header table", image.segmentTableRange),
      ("the section header table", image.sectionTableRange),
    ]
    for section in files {
      for (name, range) in headers where !range.isEmpty && section.fileRange.overlaps(range) {
        error("I10", "the section '\(section.name)' overlaps \(name)")
      }
    }
    for (a, b) in zip(headers, headers.dropFirst()) where a.1.overlaps(b.1) {
      error("I10", "\(b.0) overlaps \(a.0)")
    }
  }

  // MARK: I5

  private mutating func checkDynamic() {
    guard image.dynamicRange != nil else { return }
    guard image.allDynamicEntries.contains(where: { $0.tag == DT.NULL }) else {
      return error("I5", "the dynamic section has no DT_NULL")
    }
    let named: [(Int64, String, UInt32?)] = [
      (DT.SYMTAB, "DT_SYMTAB", SHT.DYNSYM), (DT.STRTAB, "DT_STRTAB", SHT.STRTAB),
      (DT.GNU_HASH, "DT_GNU_HASH", SHT.GNU_HASH), (DT.HASH, "DT_HASH", SHT.HASH),
      (DT.VERSYM, "DT_VERSYM", SHT.GNU_VERSYM), (DT.VERNEED, "DT_VERNEED", SHT.GNU_VERNEED),
      (DT.VERDEF, "DT_VERDEF", SHT.GNU_VERDEF),
    ]
    if image.sections.count > 1 {
      for (tag, name, type) in named {
        guard let value = image.dynamicValue(tag) else { continue }
        if !image.sections.contains(where: { $0.isLoaded && $0.type == type && $0.address == value }
        ) {
          error("I5", "\(name) \(hex(value)) names no section")
        }
      }
    }
    guard image.dynamicValue(DT.STRTAB) != nil else { return }
    guard let strings = image.dynamicStrings else {
      return error("I5", "DT_STRTAB and DT_STRSZ lie outside the file")
    }
    for entry in image.dynamicEntries where Image.stringTags.contains(entry.tag) {
      if image.dynamicString(entry.value) == nil || entry.value >= UInt64(strings.bytes.count) {
        error("I5", "the string of dynamic entry \(entry.index) does not end inside .dynstr")
      }
    }
  }

  // MARK: I7

  private mutating func checkUnwinding() {
    guard let segment = image.segments.first(where: { $0.type == PT.GNU_EH_FRAME }),
      let view = image.bytes.slice(segment.offset, segment.fileSize), view.count >= 12,
      view[0] == 1
    else { return }
    let order = image.format.order
    // The usual encoding: sdata4 relative to the field, udata4 count, table relative to the header.
    guard view[1] == 0x1b, view[2] == 0x03, view[3] == 0x3b,
      let pointer = view.load(Int32.self, at: 4, order),
      let count = view.load(UInt32.self, at: 8, order)
    else { return }
    let target = segment.address &+ 4 &+ UInt64(bitPattern: Int64(pointer))
    if image.sections.count > 1,
      !image.sections.contains(where: { $0.name == ".eh_frame" && $0.address == target }),
      image.sections.contains(where: { $0.name == ".eh_frame" })
    {
      error("I7", ".eh_frame_hdr points to \(hex(target)), not to .eh_frame")
    }
    guard UInt64(count) * 8 + 12 <= UInt64(view.count) else {
      return error("I7", ".eh_frame_hdr has room for fewer than \(count) entries")
    }
    var last: UInt64?
    for index in 0..<Int(count) {
      guard let start = view.load(Int32.self, at: 12 + index * 8, order) else { break }
      let address = segment.address &+ UInt64(bitPattern: Int64(start))
      if let last, address < last { return error("I7", ".eh_frame_hdr is not sorted") }
      last = address
    }
    if let last,
      !image.loads.contains(where: { $0.flags & PF.X != 0 && $0.memoryRange.contains(last) })
    {
      error("I7", ".eh_frame_hdr names \(hex(last)), which is not executable")
    }
  }

  /// No two parts of the file use the same bytes, except that equal string tables may be one.
  private mutating func checkSharedBytes() {
    var parts: [(range: Range<UInt64>, name: String)] = [
      (0..<UInt64(image.format.headerSize), "the ELF header"),
      (image.segmentTableRange, "the program header table"),
      (image.sectionTableRange, "the section header table"),
    ]
    for section in image.sections.dropFirst() where section.hasFileBytes {
      parts.append((section.fileRange, "'\(section.name)'"))
    }
    parts = parts.filter { !$0.range.isEmpty }
    parts.sort { ($0.range.lowerBound, $0.name) < ($1.range.lowerBound, $1.name) }
    var widest = parts.first
    for part in parts.dropFirst() {
      guard let before = widest else { break }
      if before.range.overlaps(part.range), before.range != part.range {
        error("I4", "\(before.name) and \(part.name) share bytes of the file")
      }
      if part.range.upperBound > before.range.upperBound { widest = part }
    }
    guard let path = image.interpreter?.segment.fileRange else { return }
    // Its own section begins where it does.
    for part in parts
    where part.range.overlaps(path)
      && (part.range.lowerBound != path.lowerBound || !part.name.hasPrefix("'"))
    {
      error("I4", "the interpreter's path and \(part.name) share bytes of the file")
    }
  }

  // MARK: Warnings

  private mutating func checkHoles() {
    guard image.sections.contains(where: { $0.isLoaded }) else { return }
    for hole in image.holes().ranges {
      guard let view = image.bytes(atVirtual: hole.lowerBound, hole.upperBound - hole.lowerBound)
      else { continue }
      // Linkers pad code with trap or nop instructions.
      let isCode = image.loads.contains { $0.flags & PF.X != 0 && $0.memoryRange.overlaps(hole) }
      if !isCode, (0..<view.count).contains(where: { view[$0] != 0 && view[$0] != 0xff }) {
        warning(
          DiagnosticCode.holeData.rawValue,
          "va \(hex(hole.lowerBound))..\(hex(hole.upperBound)) holds data but is in no section")
      }
    }
    if !image.isProgram, image.loads.contains(where: { $0.offset == 0 && $0.fileSize > 0 }) {
      warning(DiagnosticCode.headersLoaded.rawValue, "a segment loads the ELF header")
    }
  }
}
