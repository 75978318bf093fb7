// --separate-debug-file: debug information goes into a file beside the output, which names it in
// `.gnu_debuglink` as debuggers want it ("Debugging Information in Separate Files", GDB's manual).
//
// The link is that of one ELF file, in memory; its sections are divided at the end. The output keeps all
// that is loaded and the symbol table. The debug file has every section header, so that addresses and
// numbers mean the same in both; of what is loaded it holds the beginning up to the last note, for the
// build-id.

internal import CZlib
internal import ELF
internal import Glibc

struct SeparateDebugFile {
  /// Sections of the whole that one of the two files has, in order.
  private struct Part {
    var headers: [SectionHeader] = []
    /// Where the bytes of each are in the whole; nil: they are not in this file.
    var sources: [ByteView?] = []
    /// For each section of the whole its number here; 0: it has none.
    var numbers: [UInt32]
    /// Bytes that are copied as they are, from the start of the file.
    var begin = 0
    var headerOffset = 0

    var size: Int { headerOffset }
  }

  private let whole: ByteView
  private let header: FileHeader
  private let format: Format
  private var main: Part
  private var debug: Part
  private var link: [UInt8]
  private let names: [UInt8]

  var mainSize: Int { main.size + main.headers.count * format.sectionEntrySize }
  var debugSize: Int { debug.size + debug.headers.count * format.sectionEntrySize }

  private static var linkName: String { ".gnu_debuglink" }

  /// Divides a finished output. `loadedEnd`: behind what is loaded.
  init?(_ whole: ByteView, loadedEnd: Int, debugPath: String) {
    var file = InputFile()
    file.bytes = whole
    guard let header = FileHeader(whole), header.sectionHeaderCount > 0,
      (try? file.readSectionHeaders()) != nil
    else { return nil }
    self.whole = whole
    self.header = header
    format = header.format
    let all = file.sectionHeaders
    main = Part(numbers: Array(repeating: 0, count: all.count))
    debug = Part(numbers: Array(repeating: 0, count: all.count))
    let fileName = debugPath.split(separator: "/").last.map(String.init) ?? debugPath
    link = Array(fileName.utf8) + [0]
    link += [UInt8](repeating: 0, count: -link.count & 3 + 4)
    names =
      [UInt8](file.sectionNames.buffer) + Array(SeparateDebugFile.linkName.utf8) + [0]
    main.begin = loadedEnd
    debug.begin = format.headerSize + Int(header.programHeaderCount) * format.segmentEntrySize
    for index in 0..<all.count
    where all[index].flags & SHF.ALLOC != 0 && all[index].type == SHT.NOTE {
      debug.begin = max(debug.begin, Int(clamping: all[index].offset &+ all[index].size))
    }
    for index in 0..<all.count {
      let section = all[index]
      let bytes = file.contents(section)
      let isLast = index == all.count - 1  // the names of sections
      if isLast { addLink(file.sectionNames.count) }
      if !SeparateDebugFile.isDebug(file, section) {
        main.numbers[index] = UInt32(main.headers.count)
        add(section, section.flags & SHF.ALLOC != 0 ? nil : bytes, to: &main)
      }
      debug.numbers[index] = UInt32(debug.headers.count)
      add(kept(section), section.flags & SHF.ALLOC != 0 ? nil : bytes, to: &debug)
    }
    SeparateDebugFile.place(&main, names: names.count)
    SeparateDebugFile.place(&debug, names: names.count)
  }

  private static func isDebug(_ file: InputFile, _ section: SectionHeader) -> Bool {
    let name = file.sectionName(section)
    return section.flags & SHF.ALLOC == 0
      && (name.hasPrefix(".debug_") || name.hasPrefix(".zdebug_") || name.equals(".gdb_index"))
  }

  /// A section header of the debug file.
  private func kept(_ section: SectionHeader) -> SectionHeader {
    guard section.flags & SHF.ALLOC != 0, section.type != SHT.NOTE else { return section }
    var section = section
    section.type = SHT.NOBITS
    return section
  }

  private func add(_ section: SectionHeader, _ bytes: ByteView?, to part: inout Part) {
    part.headers.append(section)
    part.sources.append(section.type == SHT.NULL ? nil : bytes)
  }

  private mutating func addLink(_ nameOffset: Int) {
    var section = SectionHeader()
    section.nameOffset = UInt32(nameOffset)
    section.type = SHT.PROGBITS
    section.size = UInt64(link.count)
    section.alignment = 4
    main.headers.append(section)
    main.sources.append(nil)
  }

  /// Gives what is behind the beginning its place.
  private static func place(_ part: inout Part, names: Int) {
    var offset = part.begin
    let last = part.headers.count - 1
    for index in part.headers.indices {
      let isLink = part.sources[index] == nil && part.headers[index].flags & SHF.ALLOC == 0
      if index == last { part.headers[index].size = UInt64(names) }
      guard part.sources[index] != nil || isLink && part.headers[index].type == SHT.PROGBITS else {
        continue
      }
      let alignment = Int(clamping: max(part.headers[index].alignment, 1))
      offset = (offset + alignment - 1) / alignment * alignment
      part.headers[index].offset = UInt64(offset)
      offset += Int(clamping: part.headers[index].size)
    }
    part.headerOffset = (offset + 7) & ~7
  }

  // MARK: Writing

  /// Writes the debug file. The output has a sum of it, so it is written first.
  mutating func writeDebug(to out: OutputBytes) {
    write(debug, to: out)
    for index in 0..<Int(header.programHeaderCount) {
      guard
        var segment = ProgramHeader(
          whole, format, at: format.headerSize + index * format.segmentEntrySize)
      else { continue }
      let begin = UInt64(debug.begin)
      if segment.offset &+ segment.fileSize > begin {
        segment.fileSize = segment.offset < begin ? begin - segment.offset : 0
      }
      if segment.fileSize == 0 { segment.offset = 0 }
      out.store(segment, entry: index, from: format.headerSize, format)
    }
    var sum = crc32(0, nil, 0)
    sum = crc32_z(sum, out.base.assumingMemoryBound(to: UInt8.self), out.count)
    let bytes = format.encode(UInt64(sum), size: 4)
    link.replaceSubrange(link.count - 4..<link.count, with: bytes)
  }

  func writeMain(to out: OutputBytes) {
    write(main, to: out)
    let position = main.headers.count - 2
    out.copy(link, at: Int(main.headers[position].offset))
  }

  private func write(_ part: Part, to out: OutputBytes) {
    if let begin = whole.slice(0, part.begin) { out.copy(begin) }
    var header = header
    header.sectionHeaderOffset = UInt64(part.headerOffset)
    let last = part.headers.count - 1
    let null = header.setSections(count: part.headers.count, nameIndex: last)
    out.copy(header.encoded(format))
    for (index, section) in part.headers.enumerated() {
      var section = index == 0 ? null : section
      if index == last {
        out.copy(names, at: Int(section.offset))
      } else if let bytes = part.sources[index] {
        out.copy(bytes, at: Int(section.offset))
        if section.type == SHT.SYMTAB { renumber(section, part, out) }
      }
      if index > 0 {
        section.link = number(section.link, part)
        if section.flags & SHF.INFO_LINK != 0 { section.info = number(section.info, part) }
      }
      out.store(section, entry: index, from: part.headerOffset, format)
    }
  }

  private func number(_ old: UInt32, _ part: Part) -> UInt32 {
    old < part.numbers.count ? part.numbers[Int(old)] : 0
  }

  /// Symbols of sections whose numbers are others.
  private func renumber(_ section: SectionHeader, _ part: Part, _ out: OutputBytes) {
    let size = format.symbolEntrySize
    for index in 0..<Int(section.size) / size {
      guard var symbol = Symbol(out.view, format, at: Int(section.offset) + index * size),
        symbol.sectionIndex != SHN.UNDEF, symbol.sectionIndex < SHN.LORESERVE
      else { continue }
      let new = UInt16(truncatingIfNeeded: number(UInt32(symbol.sectionIndex), part))
      guard new != symbol.sectionIndex else { continue }
      // What was in debug information is a number now.
      symbol.sectionIndex = new == 0 ? SHN.ABS : new
      out.store(symbol, entry: index, from: Int(section.offset), format)
    }
  }
}
