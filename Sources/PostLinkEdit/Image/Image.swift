// An ELF file, looked at. `Image` decodes the headers of a file (gABI chapters 4 and 5) into
// values and answers questions about the rest from the bytes. Opening one checks every offset,
// size and count, so whatever comes later may add and index: a file that contradicts itself has
// `problems`, `show` lists them, and nothing else touches such a file.

internal import ELF

/// A decoded view of bytes that stay unchanged while it is in use.
struct Image {
  let bytes: ByteView
  private(set) var format = Format.native
  private(set) var type: UInt16 = 0
  private(set) var machine: UInt16 = 0
  private(set) var entry: UInt64 = 0
  private(set) var segmentTableOffset: UInt64 = 0
  private(set) var sectionTableOffset: UInt64 = 0
  private(set) var sectionNameIndex = 0
  /// All entries of the program header table, PT_NULL included.
  private(set) var segments: [Segment] = []
  /// All section headers; the first is the null section. Empty if the file has none.
  private(set) var sections: [Section] = []
  /// What is wrong with the file, in the order of the headers.
  private(set) var problems: [String] = []
  /// The bytes of loaded sections are not here: this is a separate debug file.
  private(set) var isSeparateDebugFile = false
  /// The sound PT_LOAD entries, by virtual address. Empty for a separate debug file.
  private(set) var loads: [Segment] = []
  /// Where the ELF file ends; what follows is the overlay.
  private(set) var end = 0
  /// All entries of `.dynamic`, those behind the first DT_NULL included.
  private(set) var allDynamicEntries: [DynamicEntry] = []
  /// The entries before the first DT_NULL.
  private(set) var dynamicEntries: ArraySlice<DynamicEntry> = []
  /// The dynamic string table: its virtual address and bytes.
  private(set) var dynamicStrings: (address: UInt64, bytes: ByteView)?

  /// How many bytes the names that a file gives its sections, or its dynamic strings, may have
  /// together. Names may share bytes, so a small file can name the square of its size.
  static let namesLimit = 16 << 20

  /// Decodes `bytes`; throws only if they are no ELF file at all.
  init(_ bytes: ByteView) throws(EditFailure) {
    self.bytes = bytes
    guard bytes.count >= 16, bytes[0] == 0x7f, bytes[1] == 0x45, bytes[2] == 0x4c, bytes[3] == 0x46
    else {
      let isArchive = bytes.hasPrefix("!<arch>\n") || bytes.hasPrefix("!<thin>\n")
      if isArchive {
        throw EditFailure(
          .relocatable, "the file is an archive", hint: "edit the linked program instead")
      }
      throw EditFailure(.malformed, "not an ELF file")
    }
    guard let format = Format(identification: bytes) else {
      throw EditFailure(.malformed, "unknown ELF class or byte order")
    }
    self.format = format
    guard let header = FileHeader(bytes, format, at: 0) else {
      throw EditFailure(.malformed, "the ELF header is cut off")
    }
    type = header.type
    machine = header.machine
    entry = header.entry
    segmentTableOffset = header.programHeaderOffset
    sectionTableOffset = header.sectionHeaderOffset
    var segmentCount = Int(header.programHeaderCount)
    var sectionCount = Int(header.sectionHeaderCount)
    sectionNameIndex = Int(header.sectionNameIndex)

    // Extended numbering (gABI, "e_shnum", "e_shstrndx", "e_phnum"): the null section has it.
    var first: Section?
    if sectionTableOffset != 0 {
      if Int(header.sectionHeaderEntrySize) != format.sectionEntrySize {
        problems.append(
          "e_shentsize is \(header.sectionHeaderEntrySize), not \(format.sectionEntrySize)")
        sectionTableOffset = 0
        sectionCount = 0
      } else {
        first = Int(exactly: sectionTableOffset).flatMap {
          Section(bytes, format, at: $0, index: 0)
        }
        if first == nil { problems.append("the section header table lies outside the file") }
        if let first, sectionCount == 0 { sectionCount = Int(clamping: first.size) }
        if sectionNameIndex == Int(SHN.XINDEX) { sectionNameIndex = Int(first?.link ?? 0) }
      }
    } else if sectionCount != 0 {
      problems.append("e_shnum is \(sectionCount) without a section header table")
      sectionCount = 0
    }
    if segmentCount == 0xffff, let first { segmentCount = Int(first.info) }

    readSections(first == nil ? 0 : sectionCount)
    readSegments(segmentCount, entrySize: Int(header.programHeaderEntrySize))
    findEnd()
    readDynamic()
  }

  private mutating func readSections(_ count: Int) {
    guard count > 0 else { return }
    let (size, overflow) = count.multipliedReportingOverflow(by: format.sectionEntrySize)
    guard !overflow, bytes.slice(sectionTableOffset, UInt64(size)) != nil else {
      problems.append("the section header table lies outside the file")
      return
    }
    sections.reserveCapacity(count)
    for index in 0..<count {
      let position = Int(sectionTableOffset) + index * format.sectionEntrySize
      guard let section = Section(bytes, format, at: position, index: index) else { break }
      sections.append(section)
    }
    var names = ByteView()
    if sectionNameIndex < sections.count, sectionNameIndex > 0,
      let table = contents(of: sections[sectionNameIndex])
    {
      names = table
    } else if sectionNameIndex != 0 {
      problems.append("e_shstrndx \(sectionNameIndex) names no string table")
    }
    if sections[0].type != SHT.NULL { problems.append("section 0 is not the null section") }
    let loaded = sections.filter { $0.isLoaded && $0.type != SHT.NOTE }
    isSeparateDebugFile = !loaded.isEmpty && loaded.allSatisfy { $0.type == SHT.NOBITS }
    var budget = Image.namesLimit
    for index in sections.indices {
      let section = sections[index]
      if !names.isEmpty || section.nameOffset != 0 {
        if let name = names.cString(at: Int(section.nameOffset), longest: budget) {
          sections[index].name = name.string
          budget -= name.count
        } else {
          problems.append("the name of section \(index) lies outside the string table")
        }
      }
      if index == 0 { continue }
      let label = "section \(index) '\(sections[index].name)'"
      if section.hasFileBytes, bytes.slice(section.offset, section.size) == nil {
        problems.append("\(label) lies outside the file")
      }
      if section.address.addingReportingOverflow(section.size).overflow {
        problems.append("\(label) wraps around the address space")
      }
      if section.alignment > 1, section.alignment & (section.alignment - 1) != 0 {
        problems.append("\(label) has the alignment \(section.alignment)")
      }
      if Int(section.link) >= count { problems.append("\(label) has a bad sh_link") }
    }
  }

  private mutating func readSegments(_ count: Int, entrySize: Int) {
    guard count > 0, segmentTableOffset != 0 else {
      if count > 0 { problems.append("e_phnum is \(count) without a program header table") }
      return
    }
    guard entrySize == format.segmentEntrySize else {
      problems.append("e_phentsize is \(entrySize), not \(format.segmentEntrySize)")
      return
    }
    guard bytes.slice(segmentTableOffset, UInt64(count * entrySize)) != nil else {
      problems.append("the program header table lies outside the file")
      return
    }
    for index in 0..<count {
      let position = Int(segmentTableOffset) + index * entrySize
      guard let segment = Segment(bytes, format, at: position, index: index) else { break }
      segments.append(segment)
      if segment.type == PT.NULL { continue }
      let label = "program header \(index)"
      let known = problems.count
      if !isSeparateDebugFile, bytes.slice(segment.offset, segment.fileSize) == nil {
        problems.append("\(label) lies outside the file")
      }
      guard segment.type == PT.LOAD else { continue }
      let limit = format.addressLimit
      if segment.address.addingReportingOverflow(segment.memorySize).overflow
        || segment.address &+ segment.memorySize &- (segment.memorySize > 0 ? 1 : 0) > limit
        || segment.loadAddress.addingReportingOverflow(segment.memorySize).overflow
      {
        problems.append("\(label) wraps around the address space")
      }
      if segment.fileSize > segment.memorySize, !isSeparateDebugFile {
        problems.append("\(label) has more bytes in the file than in memory")
      }
      if segment.alignment > 1, segment.alignment & (segment.alignment - 1) != 0 {
        problems.append("\(label) has the alignment \(segment.alignment)")
      }
      if problems.count == known, !isSeparateDebugFile { loads.append(segment) }
    }
    loads.sort { ($0.address, $0.index) < ($1.address, $1.index) }
  }

  private mutating func readDynamic() {
    allDynamicEntries = decodeDynamicEntries()
    dynamicEntries = allDynamicEntries.prefix { $0.tag != DT.NULL }
    if let address = dynamicValue(DT.STRTAB), let size = dynamicValue(DT.STRSZ),
      let view = bytes(atVirtual: address, size)
    {
      dynamicStrings = (address, view)
    }
    var budget = Image.namesLimit
    guard let strings = dynamicStrings?.bytes else { return }
    for offset in namedDynamicStrings() {
      guard let position = Int(exactly: offset), position < strings.count else { continue }
      let name = strings.cString(at: position, longest: budget)
      budget -= name?.count ?? min(budget, strings.count - position)
      guard budget > 0 else {
        dynamicStrings = nil
        return problems.append("the dynamic strings share too many bytes")
      }
    }
  }

  private mutating func findEnd() {
    var last = UInt64(format.headerSize)
    if !segments.isEmpty {
      last = max(last, segmentTableOffset + UInt64(segments.count * format.segmentEntrySize))
    }
    // The null section is there even if it counts no others.
    if sectionTableOffset != 0 {
      let size = UInt64(max(sections.count, 1) * format.sectionEntrySize)
      last = max(last, bytes.slice(sectionTableOffset, size) == nil ? 0 : sectionTableOffset + size)
    }
    for section in sections.dropFirst() where section.hasFileBytes {
      last = max(last, section.fileRange.upperBound)
    }
    if !isSeparateDebugFile {
      for segment in segments where segment.type != PT.NULL {
        last = max(last, segment.fileRange.upperBound)
      }
    }
    end = min(Int(clamping: last), bytes.count)
  }

  // MARK: Questions

  /// Has an interpreter or a dynamic section: a dynamic linker reads it.
  var isHosted: Bool { segments.contains { $0.type == PT.INTERP || $0.type == PT.DYNAMIC } }

  /// The bytes behind the ELF file's own end.
  var overlay: ByteView { bytes.suffix(from: end) ?? ByteView() }

  /// The bytes of the program header table in the file.
  var segmentTableRange: Range<UInt64> {
    segmentTableOffset..<segmentTableOffset &+ UInt64(segments.count * format.segmentEntrySize)
  }
  var sectionTableRange: Range<UInt64> {
    sectionTableOffset..<sectionTableOffset &+ UInt64(sections.count * format.sectionEntrySize)
  }

  /// The file bytes of a section; nil if they are not inside, empty for NOBITS.
  func contents(of section: Section) -> ByteView? {
    section.hasFileBytes ? bytes.slice(section.offset, section.size) : ByteView()
  }

  /// The sections called `name`.
  func sections(named name: String) -> [Section] { sections.filter { $0.name == name } }

  /// The only section called `name`.
  func section(named name: String) throws(EditFailure) -> Section {
    let found = sections(named: name)
    guard let section = found.first else {
      throw EditFailure(
        .notFound, "there is no section '\(name)'",
        hint: sections.isEmpty ? "the file has no section headers; use va:" : nil)
    }
    guard found.count == 1 else {
      throw EditFailure(.ambiguous, "\(found.count) sections are called '\(name)'")
    }
    return section
  }

  /// The largest alignment of a loaded segment.
  var largestAlignment: UInt64 { loads.map(\.alignment).max().map { max($0, 1) } ?? 1 }
}
