// A program header table that is full, and between things that cannot move: it is copied into a segment
// of its own at the end of memory, with entries to spare. What reads it there:
//
// - the dynamic linker, for a library, through `e_phoff`: it may lie anywhere in the file, on a page of
//   its own;
// - a program, through AT_PHDR. Kernels before 5.18, and qemu, take for its address `e_phoff` plus the
//   distance of the first PT_LOAD; later ones look for the segment that holds it. So a program's table
//   keeps that distance, and the file gets a hole for the `.bss` in front of it;
// - the start-up code of a PIE through PT_PHDR, whose address says how far the program was moved.

internal import ELF

extension EditSession {
  /// More zeros than this are no price for a program header.
  private static var longestHole: UInt64 { 64 << 20 }

  func moveSegmentTable(for name: String) throws(EditFailure) {
    let format = image.format
    let loads = image.loads
    guard let first = image.segments.first(where: { $0.type == PT.LOAD }),
      let highest = loads.map(\.memoryEnd).max(), image.segments.count < 0xff00
    else { throw noRoom("there is no spare program header for '\(name)'") }
    // One for the table's segment, one for what is wanted, two for later.
    let count = image.segments.count + 4
    let size = count * format.segmentEntrySize
    let page = image.largestAlignment
    let isProgram = image.segments.contains { $0.type == PT.INTERP || $0.type == PT.PHDR }
    // glibc takes the first segment of whose file pages the table is on: no other one may have them.
    var lowest = alignUp(UInt64(loadedEnd), max(4096, min(page, image.shiftAlignment))) ?? 0
    guard var start = alignUp(highest, page) else {
      throw noRoom("there is no address for a longer program header table")
    }
    if isProgram {
      let distance = first.address &- first.offset
      guard start >= distance else {
        throw noRoom("the program header table cannot keep its distance from the first segment")
      }
      // Higher, if the file has something else at that offset.
      if start - distance < lowest {
        start = (alignUp(lowest, page) ?? lowest) &+ distance
        if start % page != 0 { start = alignUp(start, page) ?? start }
      }
      guard start - distance - lowest <= Self.longestHole else {
        throw noRoom(
          "a longer program header table at va \(hex(start)) would make the file "
            + "\(start - distance - lowest) bytes longer")
      }
      lowest = start - distance
    } else {
      start &+= lowest % page
    }
    guard start <= format.addressLimit - UInt64(size) else {
      throw noRoom("there is no address for a longer program header table")
    }
    let offset = try place(
      LoadedBlock(
        bytes: [UInt8](repeating: 0, count: size), alignment: 16, lowest: lowest), sectionEdits())
    let home = newLoad(
      size, at: start, loadAddress: start &+ (first.loadAddress &- first.address), offset: offset,
      alignment: (start &- offset) % page == 0 ? page : 4096)
    var table = image.segments
    for index in table.indices where table[index].type == PT.PHDR {
      table[index].offset = offset
      table[index].address = start
      table[index].loadAddress = home.loadAddress
      table[index].fileSize = UInt64(size)
      table[index].memorySize = UInt64(size)
    }
    table.insert(load: home)
    table += repeatElement(Segment(), count: count - table.count)
    let content = table.flatMap { $0.encoded(format) }
    record(content, of: home)
    working.write(content, at: Int(offset))
    try writeHeader(format.encode(offset, size: format.wordSize), at: format.segmentTableField)
    try writeHeader(format.encode(UInt64(count), size: 2), at: format.segmentCountField)
    try refresh()
    note("program header table moved to va \(hex(start)), 3 entries spare")
  }
}
