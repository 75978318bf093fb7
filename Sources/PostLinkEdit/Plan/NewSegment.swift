// The program header of bytes that an edit has placed where no segment was: inserted sections, what stood
// behind the program header table, the table itself. It is planned and reported where it is made.

internal import ELF

extension EditSession {
  /// A PT_LOAD of `count` new bytes, which are at `offset` of the file.
  /// - Parameter flags: PF_R and what else is granted.
  func newLoad(
    _ count: Int, at address: UInt64, loadAddress: UInt64, offset: UInt64, alignment: UInt64,
    flags: UInt32 = PF.R
  ) -> Segment {
    var load = Segment()
    load.type = PT.LOAD
    load.flags = flags
    load.offset = offset
    load.address = address
    load.loadAddress = loadAddress
    load.fileSize = UInt64(count)
    load.memorySize = load.fileSize
    load.alignment = alignment
    plan.grown.insert(load.memoryRange)
    return load
  }

  /// Reports the bytes of a new PT_LOAD.
  func record(_ content: [UInt8], of load: Segment) {
    reports[reports.count - 1].writes.append(
      WriteRecord(
        virtualAddress: load.address, loadAddress: load.loadAddress, offset: load.offset, old: [],
        new: content))
  }
}

extension [Segment] {
  /// Puts a PT_LOAD where the order of addresses wants it.
  mutating func insert(load: Segment) {
    let position =
      lastIndex { $0.type == PT.LOAD && $0.address < load.address }.map { $0 + 1 }
      ?? firstIndex { $0.type == PT.LOAD } ?? count
    insert(load, at: position)
  }
}
