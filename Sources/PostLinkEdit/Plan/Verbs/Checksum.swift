// digest: a checksum over ranges, stored in a place. The ranges are walked by load address, as a
// flash programmer sees them; what no segment holds is a hole and must be named, because erased
// flash reads 0xff and nobody should guess.

internal import ELF

extension EditSession {
  /// The default limit of a walk over load addresses, in bytes.
  static let defaultSpan: UInt64 = 64 << 20

  /// The limit of a walk that is kept in memory.
  static func spanLimit(_ span: UInt64?) -> UInt64 { min(span ?? defaultSpan, 4 << 30) }

  /// The bytes that a coverage reads, in order, and the virtual addresses they came from.
  /// - Parameter excluded: virtual addresses that are left out, or read as fill.
  func collect(
    _ coverage: Coverage, into target: Range<UInt64>?, allowHoles: Bool = false
  ) throws(EditFailure) -> (bytes: [UInt8], covered: RangeSet) {
    let space: AddressSpace = coverage.virtual ? .virtual : .load
    var walk = RangeSet()
    for range in coverage.ranges {
      walk.formUnion(try convert(range, space, coverage.holes == .skip))
    }
    var except = RangeSet()
    for range in coverage.except { except.formUnion(try convert(range, space, true)) }
    // The place of the result is never an input, except as fill.
    var asFill: [Slot] = []
    if let target {
      if coverage.slots == .asFill {
        if let slot = try image.slots().first(where: { $0.range.overlaps(target) }) {
          asFill.append(slot)
        }
      } else {
        except.formUnion(translate(target, space))
      }
    }
    for slot in try image.slots() {
      switch coverage.slots {
      case .asIs: break
      case .asFill: if !asFill.contains(where: { $0.name == slot.name }) { asFill.append(slot) }
      case .skip: except.formUnion(translate(slot.range, space))
      }
    }
    walk = walk.subtracting(except)
    // Skipped holes cost nothing, others are bytes of the walk.
    let limit =
      coverage.holes == .skip
      ? coverage.span ?? EditSession.defaultSpan : EditSession.spanLimit(coverage.span)
    if let bounds = walk.bounds, bounds.upperBound - bounds.lowerBound > limit {
      throw EditFailure(
        .span,
        "the range \(hex(bounds.lowerBound))..\(hex(bounds.upperBound)) is wider than \(limit) bytes",
        hint: "name a smaller range, or say span=BYTES")
    }

    struct Piece {
      var range: Range<UInt64>
      var address: UInt64
      var bytes: ByteView
    }
    var pieces: [Piece] = []
    if coverage.virtual {
      for segment in image.loads {
        guard let view = image.bytes.slice(segment.offset, segment.fileSize) else { continue }
        pieces.append(Piece(range: segment.backedRange, address: segment.address, bytes: view))
      }
    } else {
      for piece in try image.loadImage() {
        pieces.append(
          Piece(range: piece.loadAddress..<piece.end, address: piece.address, bytes: piece.bytes))
      }
    }
    var result: [UInt8] = []
    var covered = RangeSet()
    for range in walk.ranges {
      var cursor = range.lowerBound
      while cursor < range.upperBound {
        let piece = pieces.first { $0.range.contains(cursor) }
        if let piece {
          let end = min(range.upperBound, piece.range.upperBound)
          let skip = cursor - piece.range.lowerBound
          if let view = piece.bytes.slice(skip, end - cursor) {
            result.append(contentsOf: view.array)
          }
          covered.insert(piece.address + skip, piece.address + skip + (end - cursor))
          cursor = end
          continue
        }
        let next = pieces.map(\.range.lowerBound).filter { $0 > cursor }.min() ?? .max
        let end = min(range.upperBound, next)
        switch coverage.holes {
        case .byte(let byte):
          result.append(contentsOf: repeatElement(byte, count: Int(end - cursor)))
        case .skip: break
        case nil:
          throw EditFailure(
            .holeDigest,
            "\(space.rawValue) \(hex(cursor))..\(hex(end)) is in no segment",
            hint: "say what the memory holds there: holes=0xFF, or holes=skip")
        }
        cursor = end
      }
    }
    for slot in asFill { overlayFill(slot, space, walk, &result, coverage, pieces.map(\.range)) }
    return (result, covered)
  }

  /// Replaces the bytes of a slot in a collected stream by its fill.
  private func overlayFill(
    _ slot: Slot, _ space: AddressSpace, _ walk: RangeSet, _ bytes: inout [UInt8],
    _ coverage: Coverage, _ present: [Range<UInt64>]
  ) {
    let backed = present.reduce(into: RangeSet()) { $0.insert($1) }
    var position = 0
    let places = translate(slot.range, space)
    guard let base = places.bounds?.lowerBound else { return }
    for range in walk.ranges {
      var parts = [range]
      if coverage.holes == .skip { parts = backed.intersection(range).ranges }
      for part in parts {
        for hit in places.intersection(part).ranges {
          for address in hit {
            let index = position + Int(address - part.lowerBound)
            if index < bytes.count {
              bytes[index] = slot.fill[Int(truncatingIfNeeded: address - base)]
            }
          }
        }
        position += Int(part.upperBound - part.lowerBound)
      }
    }
  }

  /// A range as a set of addresses of a space.
  private func convert(
    _ specification: RangeSpecification, _ space: AddressSpace, _ leavesOutGaps: Bool
  ) throws(EditFailure) -> RangeSet {
    let found = try resolve(specification)
    if found.space == space { return RangeSet(found.range) }
    if found.space == .file {
      throw EditFailure(.value, "the range is not loaded and has no addresses")
    }
    var result = RangeSet()
    if found.space == .virtual {
      result =
        leavesOutGaps
        ? storedRanges(ofVirtual: found.range) : try loadRanges(ofVirtual: found.range)
    } else {
      for segment in image.loads where segment.loadRange.overlaps(found.range) {
        let part = segment.loadRange.clamped(to: found.range)
        let start = segment.address + (part.lowerBound - segment.loadAddress)
        result.insert(start, start + (part.upperBound - part.lowerBound))
      }
    }
    guard !result.isEmpty || found.range.isEmpty else {
      throw EditFailure(.notInFile, "the range has no bytes in the file")
    }
    return result
  }

  /// Virtual addresses in a space.
  private func translate(_ range: Range<UInt64>, _ space: AddressSpace) -> RangeSet {
    space == .load ? storedRanges(ofVirtual: range) : RangeSet(range)
  }

  /// `digest ALG over=RANGES into=PLACE`
  func digest(
    _ algorithm: DigestAlgorithm, _ coverage: Coverage, _ place: EditPlace, _ endian: Endianness?,
    _ word: Int
  ) throws(EditFailure) {
    let target = try resolve(place)
    guard target.space == .virtual else {
      throw EditFailure(.value, "the result of a digest goes to loaded bytes")
    }
    guard target.address <= .max - UInt64(algorithm.size) else {
      throw EditFailure(.notInFile, "\(target.label) lies beyond all memory")
    }
    let range = target.address..<(target.address + UInt64(algorithm.size))
    let input = try collect(coverage, into: range)
    let order: ByteOrder =
      switch endian {
      case .little: .little
      case .big: .big
      case nil: image.format.order
      }
    let value = algorithm.compute(
      input.bytes, word: word, wordOrder: image.format.order, order: order)
    if image.loads.contains(where: { $0.fileRange.contains(0) }), !image.isProgram {
      warn(.headersLoaded, "a segment loads the ELF header, so header edits change the digest")
    }
    // An unsized symbol or an address has no object to be shorter than.
    if let room = target.room, target.needsPadding, room != UInt64(value.count) {
      throw EditFailure(
        .slotOverflow, "\(target.label) has \(room) bytes, the digest has \(value.count)")
    }
    if try store(value, at: target) {
      note("\(hex(value)) over \(input.bytes.count) bytes at \(target.label)")
    }
    var covered = input.covered
    covered = covered.subtracting(RangeSet(range))
    self.coverage.append(
      Covered(what: "'digest'\(edit.location.map { " at \($0)" } ?? "")", ranges: covered))
  }
}
