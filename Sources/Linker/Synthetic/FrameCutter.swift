// Cuts an input `.eh_frame` into its records: CIEs, FDEs and terminators, each with the relocations
// that lie in it (LSB Core, "Exception Frames"). Final links and -r share it.

internal import ELF

/// One record of an input section.
struct CutFrame: BitwiseCopyable, Sendable {
  /// Where it lies in the section, length word included.
  var offset: UInt32
  var size: UInt32
  /// Its relocations, in the order of offsets.
  var relocationStart: UInt32
  var relocationCount: UInt32
  var kind: Kind

  enum Kind: BitwiseCopyable, Equatable, Sendable {
    /// A length of zero.
    case terminator
    case cie
    /// The number of its CIE, counted from the section's first.
    case fde(cie: UInt32)
  }
}

/// Why a section cannot be cut, and where.
struct FrameDefect: Error {
  let offset: Int
  let reason: String
}

struct FrameCutter {
  /// Bytes of an address.
  private let wordSize: Int
  /// CIEs that were met, in the order of their offsets.
  private var cies: [Int] = []
  /// The last of them, which the next FDE most often has; before the first, what no offset is (a record
  /// may name a place before the section).
  private var lastCIE = Int.min

  private init(wordSize: Int) { self.wordSize = wordSize }

  /// Calls `body` with each record of `bytes`; `relocations` are sorted by offset.
  @inline(__always) static func cut(
    _ bytes: ByteView, _ relocations: RecordView<Rela>, wordSize: Int, _ body: (CutFrame) -> Void
  ) throws(FrameDefect) {
    guard bytes.count < Int(Int32.max) else {
      throw FrameDefect(offset: 0, reason: "is larger than 2 GiB")
    }
    var cutter = FrameCutter(wordSize: wordSize)
    var offset = 0
    var relocation = 0
    while offset < bytes.count {
      let (size, kind) = try cutter.record(bytes, at: offset)
      let first = relocation
      while relocation < relocations.count
        && relocations[relocation].offset < UInt64(offset + size)
      {
        relocation += 1
      }
      if let reason = FrameCutter.defect(kind, relocations, first..<relocation, offset) {
        throw FrameDefect(offset: offset, reason: reason)
      }
      body(
        CutFrame(
          offset: UInt32(offset), size: UInt32(size), relocationStart: UInt32(first),
          relocationCount: UInt32(relocation - first), kind: kind))
      offset += size
    }
    if relocation < relocations.count {
      throw FrameDefect(offset: bytes.count, reason: "has a relocation behind its records")
    }
  }

  /// What is wrong with the relocations of a record. A function that is gone leaves R_*_NONE in
  /// some linkers' -r, or nothing.
  @inline(__always) private static func defect(
    _ kind: CutFrame.Kind, _ relocations: RecordView<Rela>, _ range: Range<Int>, _ offset: Int
  ) -> String? {
    switch kind {
    case .terminator: return nil
    case .cie:
      return range.count <= 1 ? nil : "has a CIE with more relocations than a personality needs"
    case .fde:
      guard !range.isEmpty, relocations[range.lowerBound].offset != UInt64(offset + 8) else {
        return nil
      }
      return "has an FDE whose first relocation is not its function"
    }
  }

  /// Size and kind of the record at `offset`.
  private mutating func record(
    _ bytes: ByteView, at offset: Int
  ) throws(FrameDefect) -> (size: Int, kind: CutFrame.Kind) {
    guard let length = bytes.load(UInt32.self, at: offset) else {
      throw FrameDefect(offset: offset, reason: "ends in the middle of a record")
    }
    if length == 0 { return (4, .terminator) }
    guard length != UInt32.max else {
      throw FrameDefect(
        offset: offset, reason: "has a 64-bit record, which no compiler makes")
    }
    let size = Int(length) + 4
    guard size >= 8, size <= bytes.count - offset,
      let distance = bytes.load(UInt32.self, at: offset + 4)
    else {
      throw FrameDefect(
        offset: offset, reason: "has a record of \(length) bytes that does not fit")
    }
    if distance == 0 {
      if let reason = FrameDescription.defect(
        in: bytes, from: offset, to: offset + size, wordSize: wordSize)
      {
        throw FrameDefect(offset: offset, reason: reason)
      }
      cies.append(offset)
      lastCIE = offset
      return (size, .cie)
    }
    guard let cie = number(ofCIE: offset + 4 - Int(distance)) else {
      throw FrameDefect(offset: offset, reason: "has an FDE whose CIE is not before it")
    }
    // Length, distance to the CIE, and place and size of the function in four bytes each at least.
    guard size >= 16 else {
      throw FrameDefect(offset: offset, reason: "has an FDE of \(length) bytes, too few for one")
    }
    return (size, .fde(cie: UInt32(cie)))
  }

  /// The number of the CIE at `offset`.
  @inline(__always) private func number(ofCIE offset: Int) -> Int? {
    offset == lastCIE ? cies.count - 1 : search(offset)
  }

  private func search(_ offset: Int) -> Int? {
    var low = 0
    var high = cies.count
    while low < high {
      let middle = (low + high) / 2
      if cies[middle] < offset { low = middle + 1 } else { high = middle }
    }
    return low < cies.count && cies[low] == offset ? low : nil
  }
}
