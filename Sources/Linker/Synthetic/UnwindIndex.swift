// Tables that are searched for the function around an address: `.ARM.exidx` (Exception Handling ABI
// for the Arm Architecture, "Index table entries").
//
// An entry of two words has the distance to a function and how to unwind its frame. It holds up to the
// next entry, so the table must be in the order of the code, whatever the order of sections; and what
// has no entry must be told apart by one that says so, or it would be taken for a part of the function
// before it. Compilers write a piece for each section of code. The pieces stand in the output like any
// sections, with one more for the stops (UnwindIndex+Merging); the whole is sorted when all of it is
// written.

internal import ELF

/// The sections of such a table.
struct UnwindIndexSection: Sendable {
  let name: String
  /// `sh_type`
  let type: UInt32
  /// The type of the relocations that entries have: a distance.
  let distance: UInt32
  /// How the names of the sections begin that entries refer to.
  let tables: StaticString
}

/// Where what is known about frames ends.
enum UnwindStop: Sendable {
  /// A section without entries.
  case section(SectionID)
  /// The end of an output section.
  case end(OutputID)
}

extension Selection {
  /// Whether anything live has entries.
  var hasUnwindIndex: Bool {
    guard inputs.target.unwindIndexType != 0 else { return false }
    return linkOrderDependents.values.contains { $0.contains(where: isUnwindIndex) }
  }

  /// Whether a section with SHF_LINK_ORDER is a piece of the table that reaches the output.
  func isUnwindIndex(_ id: SectionID) -> Bool {
    let section = sections[id]
    return isLive(id) && section.size > 0
      && files[section.file.index].sectionHeaders[Int(section.index)].type
        == inputs.target.unwindIndexType
  }
}

extension Layout {
  /// Writes the stops and sorts the tables, once everything else stands in them.
  func sortUnwindIndex(in file: OutputBytes) {
    guard target.unwindIndexType != 0 else { return }
    for output in outputs where output.type == target.unwindIndexType && output.isAllocated {
      guard output.size % UnwindEntry.size == 0 else {
        let broken = output.members.first {
          !selection.sections[$0].size.isMultiple(of: UnwindEntry.size)
        }
        let file = broken.map { selection.inputs.displayName(selection.sections[$0].file) }
        log.error(.brokenUnwindIndex(file ?? options.outputPath, output.name))
        continue
      }
      sort(file.slice(Int(output.fileOffset), Int(output.size)), output)
    }
  }

  private func sort(_ table: OutputBytes, _ output: OutputSection) {
    var stops: Range<UInt64> = 0..<0
    if let row = selection.syntheticRows[.unwindStops],
      outputs[selection.sections[row].output.index].name == output.name
    {
      let offset = selection.sections[row].offset
      stops = offset..<offset &+ unwindStopsSize
    }
    var entries: [UnwindEntry] = []
    entries.reserveCapacity(Int(output.size / UnwindEntry.size))
    for offset in stride(from: UInt64(0), to: output.size, by: Int(UnwindEntry.size)) {
      guard !stops.contains(offset) else {
        let number = Int((offset - stops.lowerBound) / UnwindEntry.size)
        entries.append(UnwindEntry(stopAt: address(of: unwindStops[number])))
        continue
      }
      entries.append(UnwindEntry(table, at: offset, output.address &+ offset))
    }
    // Where a stop meets the beginning of a function, the last of the two counts.
    entries.sort { ($0.function, $0.rank) < ($1.function, $1.rank) }
    for (index, entry) in entries.enumerated() {
      let offset = UInt64(index) * UnwindEntry.size
      if !entry.store(to: table, at: offset, output.address &+ offset) {
        return log.error(.unwindIndexOutOfReach(output.name))
      }
    }
  }

  private func address(of stop: UnwindStop) -> UInt64 {
    switch stop {
    case .section(let id): address(of: selection.sections[id])
    case .end(let output): outputs[output.index].end
    }
  }
}

/// An entry, independent of its place.
struct UnwindEntry {
  static var size: UInt64 { 8 }
  /// EXIDX_CANTUNWIND
  static var cannotUnwind: UInt32 { 1 }

  let function: UInt64
  /// The second word, if it is no distance; else the address that it leads to.
  private let content: UInt64
  private let isDistance: Bool
  let rank: Int

  init(stopAt address: UInt64) {
    function = address
    content = UInt64(UnwindEntry.cannotUnwind)
    isDistance = false
    rank = 0
  }

  init(_ table: OutputBytes, at offset: UInt64, _ place: UInt64) {
    let first = table.load(UInt32.self, at: Int(offset))
    let second = table.load(UInt32.self, at: Int(offset) + 4)
    function = UnwindEntry.target(of: first, place)
    isDistance = second != UnwindEntry.cannotUnwind && second >> 31 == 0
    content = isDistance ? UnwindEntry.target(of: second, place &+ 4) : UInt64(second)
    rank = 1
  }

  /// Where 31 bits with a sign lead to.
  private static func target(of word: UInt32, _ place: UInt64) -> UInt64 {
    let distance = Int64(Int32(bitPattern: word << 1) >> 1)
    return (place &+ UInt64(bitPattern: distance)) & 0xffff_ffff
  }

  private static func distance(_ target: UInt64, _ place: UInt64) -> UInt32? {
    let distance = Int32(truncatingIfNeeded: Int64(bitPattern: target &- place))
    guard distance >= -(1 << 30), distance < 1 << 30 else { return nil }
    return UInt32(bitPattern: distance) & 0x7fff_ffff
  }

  func store(to table: OutputBytes, at offset: UInt64, _ place: UInt64) -> Bool {
    guard let first = UnwindEntry.distance(function, place),
      let second = isDistance
        ? UnwindEntry.distance(content, place &+ 4) : UInt32(truncatingIfNeeded: content)
    else { return false }
    table.store(first, at: Int(offset))
    table.store(second, at: Int(offset) + 4)
    return true
  }
}

extension Message {
  static func brokenUnwindIndex(_ file: String, _ section: String) -> Message {
    Message(
      "brokenUnwindIndex",
      "\(file): section \(section) has a size that is no multiple of 8, the size of its entries; "
        + "the file is broken")
  }

  static func unwindIndexOutOfReach(_ section: String) -> Message {
    Message(
      "unwindIndexOutOfReach",
      "\(section): is more than 1 GiB away from code that it describes; place it closer")
  }
}
