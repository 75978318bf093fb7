// Mergeable sections cut into pieces, and what is kept of them. MergeStrings fills these tables;
// whoever meets a reference into such a section asks them where the byte is now.

internal import CShims
internal import ELF

/// A piece that is kept, in its shard.
struct MergedPiece: BitwiseCopyable, @unchecked Sendable {
  // Sendable: the pointer leads to a mapped input, which nobody writes.

  var bytes: UnsafeRawPointer
  /// In the shard; merged sections have at most 4 GiB.
  var offset: UInt32
  var size: UInt32
}

/// A piece as its input section has it.
struct PiecePlace: BitwiseCopyable, Sendable {
  /// Where it begins in the input section.
  var offset: UInt32
  /// Where the piece that it was merged into lies in the merged section.
  var place: UInt32
}

/// The pieces of all merged input sections. Plain memory only, so that a loop may hold a copy.
struct MergePieces: BitwiseCopyable, @unchecked Sendable {
  // Sendable: filled by passes that own their rows, then read.

  /// For each merged section, its place in the list; 0: not merged.
  var numbers = Column<SectionID, UInt32>(count: 0)
  /// By section number: its pieces, and its group.
  var ranges = Block<PieceRange>(count: 0)
  /// The address of each group, once there are addresses.
  private(set) var groupAddresses = Block<UInt64>(count: 0)

  struct PieceRange: Sendable, BitwiseCopyable {
    var section: SectionID
    var group: UInt32
    /// In the order of their offsets.
    var pieces = Block<PiecePlace>.empty
    /// For every 64 bytes of the section, the number of the piece that holds the first of them:
    /// shortens the search.
    var buckets = Block<UInt32>.empty
    /// Bytes of the input section.
    var size: UInt64 = 0
  }

  static var bucketShift: UInt64 { 6 }

  @inline(__always) func isMerged(_ section: SectionID) -> Bool {
    section.index < numbers.count && numbers[section] != 0
  }

  /// The group that a merged section is in.
  func group(of section: SectionID) -> Int { Int(ranges[Int(numbers[section]) - 1].group) }

  /// Whether `offset` leads out of a merged section: only its end is a place beside its bytes.
  @inline(__always) func isOutside(_ section: SectionID, _ offset: UInt64) -> Bool {
    offset > ranges[Int(numbers[section]) - 1].size
  }

  /// The address of byte `offset` of a merged section.
  func address(_ section: SectionID, _ offset: UInt64) -> UInt64 {
    pieces(of: section).address(offset)
  }

  /// The same before there are addresses: the group, and the place in it.
  func place(_ section: SectionID, _ offset: UInt64) -> (group: UInt32, offset: UInt64) {
    let range = ranges[Int(numbers[section]) - 1]
    let pieces = SectionOfPieces(
      pieces: range.pieces, buckets: range.buckets, group: 0, size: range.size)
    return (range.group, pieces.address(offset))
  }

  /// All pieces of a merged section, in the order of their offsets.
  func allPieces(of section: SectionID) -> Block<PiecePlace> {
    ranges[Int(numbers[section]) - 1].pieces
  }

  /// The size of a merged section as its input has it.
  func size(of section: SectionID) -> UInt64 { ranges[Int(numbers[section]) - 1].size }

  /// What is to be known of one merged section, for loops that have many references to it.
  @inline(__always) func pieces(of section: SectionID) -> SectionOfPieces {
    let range = ranges[Int(numbers[section]) - 1]
    return SectionOfPieces(
      pieces: range.pieces, buckets: range.buckets, group: groupAddresses[Int(range.group)],
      size: range.size)
  }

  /// Tells where the groups are.
  mutating func setAddresses(_ addresses: [UInt64]) {
    groupAddresses = Block(count: addresses.count)
    for (index, address) in addresses.enumerated() { groupAddresses[index] = address }
  }
}

/// The pieces of one merged section.
struct SectionOfPieces: BitwiseCopyable, Sendable {
  fileprivate let pieces: Block<PiecePlace>
  fileprivate let buckets: Block<UInt32>
  /// The address of the group.
  fileprivate let group: UInt64
  /// Bytes of the input section: references to more lead out of it.
  let size: UInt64

  static var none: SectionOfPieces {
    SectionOfPieces(pieces: .empty, buckets: .empty, group: 0, size: 0)
  }

  var isEmpty: Bool { pieces.count == 0 }
  var count: Int { pieces.count }

  /// Fetches the tables, for somebody who has so many references that most of them are needed: they
  /// come one line after the other then, and not one by one as references meet them.
  func fetch() {
    for index in stride(from: 0, to: buckets.count, by: 16) { swold_prefetch(buckets.base + index) }
    for index in stride(from: 0, to: pieces.count, by: 8) { swold_prefetch(pieces.base + index) }
  }

  /// The address of byte `offset`.
  @inline(__always) func address(_ offset: UInt64) -> UInt64 {
    isEmpty ? 0 : address(offset, inBucketOf: min(offset, size))
  }

  /// The same for a section that is not empty, and an offset that does not lead out of it.
  @inline(__always) func address(inside offset: UInt64) -> UInt64 {
    assert(!isEmpty && offset <= size)
    return address(offset, inBucketOf: offset)
  }

  @inline(__always)
  private func address(_ offset: UInt64, inBucketOf start: UInt64) -> UInt64 {
    var piece = Int(buckets[Int(truncatingIfNeeded: start >> MergePieces.bucketShift)])
    while piece &+ 1 < pieces.count && UInt64(pieces[piece &+ 1].offset) <= offset { piece &+= 1 }
    let found = pieces[piece]
    return group &+ UInt64(found.place) &+ (offset &- UInt64(found.offset))
  }
}

/// One group: what is kept of it.
final class MergedSection: @unchecked Sendable {
  // Sendable: each shard is filled by one worker.

  struct Key: Hashable, Sendable {
    var rule: UInt32
    /// For what no rule takes.
    var name: String
    var entrySize: UInt64
    var isStrings: Bool
    var isAllocated: Bool
  }

  let key: Key
  /// The row that stands for the group.
  var row = SectionID.none
  var kind: InputSectionKind
  var members: [SectionID] = []
  var shards: [MergedShard] = []
  var size: UInt64 = 0
  var alignmentShift: UInt8 = 0

  init(_ key: Key, _ kind: InputSectionKind) {
    self.key = key
    self.kind = kind
  }
}

/// The kept pieces of a group that one worker entered.
struct MergedShard: BitwiseCopyable, Sendable {
  /// With room for more.
  var pieces: Block<MergedPiece>
  var count: Int
  var size: UInt64
  var alignmentShift: UInt8
  /// Where it begins in the merged section.
  var offset: UInt64 = 0

  /// Writes the pieces, and zeros between them.
  func write(to out: OutputBytes) {
    var end = 0
    // Pieces are in the order of their offsets, so the gaps between them are known.
    for index in 0..<count {
      let piece = pieces[index]
      let start = Int(piece.offset)
      if start > end { out.fill(0, end..<start) }
      out.copy(ByteView(piece.bytes, count: Int(piece.size)), at: start)
      end = start + Int(piece.size)
    }
  }
}
