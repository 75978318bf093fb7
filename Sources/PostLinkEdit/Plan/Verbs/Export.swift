// export: images made from the load image. Segments decide, never sections: what a programmer
// writes into flash is p_paddr and p_filesz of each PT_LOAD.

internal import ELF

/// A run of bytes with a load address.
struct Chunk: Equatable {
  var address: UInt64
  var bytes: [UInt8]
  var end: UInt64 { address &+ UInt64(bytes.count) }
}

extension EditSession {
  /// `export FORMAT to=FILE`
  func export(
    _ format: ExportFormat, _ coverage: Coverage?, _ options: ExportOptions, to path: String
  ) throws(EditFailure) {
    let content: [UInt8]
    if format == .tbs, let coverage {
      content = try collect(coverage, into: nil).bytes
    } else {
      let chunks = try exportChunks(options, flat: format == .bin)
      let entry = options.entry ? image.entry : nil
      switch format {
      case .bin: content = chunks.first?.bytes ?? []
      case .ihex: content = try HexImage.intel(chunks, entry: entry, record: options.record ?? 16)
      case .srec:
        let name = path.split(separator: "/").last.map(String.init) ?? path
        content = try HexImage.motorola(
          chunks, entry: entry, record: options.record ?? 16, header: options.header ?? name)
      case .uf2: content = try HexImage.uf2(chunks, family: options.family)
      case .vmem: content = HexImage.vmem(chunks, width: max(options.width, 1))
      case .tbs: content = []
      }
    }
    sideFiles.append(SideFile(path: path, bytes: content))
    note("\(format.rawValue) to \(path), \(content.count) bytes")
  }

  /// The load image, cut, filled, padded, swapped and banked as asked.
  private func exportChunks(
    _ options: ExportOptions, flat: Bool
  ) throws(EditFailure) -> [Chunk] {
    var chunks: [Chunk] = []
    var skip = RangeSet()
    for range in options.skip { skip.formUnion(try loadRanges(range)) }
    var only: RangeSet?
    for range in options.range {
      var set = only ?? RangeSet()
      set.formUnion(try loadRanges(range))
      only = set
    }
    for piece in try selectedPieces(only) {
      var kept = RangeSet(piece.loadAddress..<piece.end).subtracting(skip)
      if let only {
        kept = only.ranges.reduce(into: RangeSet()) { $0.formUnion(kept.intersection($1)) }
      }
      for part in kept.ranges {
        let view = piece.bytes.slice(
          part.lowerBound - piece.loadAddress, part.upperBound - part.lowerBound)
        chunks.append(Chunk(address: part.lowerBound, bytes: view?.array ?? []))
      }
    }
    chunks.sort { $0.address < $1.address }
    guard let first = chunks.first, let last = chunks.last else {
      throw EditFailure(.notInFile, "there is nothing to export in this range")
    }
    let flattens =
      flat || options.fill != nil || options.padTo != nil || options.bank != nil
      || options.swap != nil
    if flattens {
      let start = options.base ?? first.address
      guard start <= first.address else {
        throw EditFailure(.value, "base=\(hex(start)) lies behind the image's first byte")
      }
      let end = max(last.end, options.padTo ?? 0)
      if let goal = options.padTo, goal < last.end {
        throw EditFailure(
          .value, "the image ends at lma \(hex(last.end)), behind pad-to=\(hex(goal))")
      }
      let limit = EditSession.spanLimit(options.span)
      guard end - start <= limit else {
        throw EditFailure(
          .span, "the image spans \(end - start) bytes, from lma \(hex(start)) to \(hex(end))",
          hint: "select a part with range=, or say span=BYTES")
      }
      if options.fill == nil {
        var present = RangeSet()
        for chunk in chunks { present.insert(chunk.address..<chunk.end) }
        if let gap = present.gaps(in: start..<end).first {
          throw EditFailure(
            .holeDigest,
            "lma \(hex(gap.lowerBound))..\(hex(gap.upperBound)) is in no segment, so the image "
              + "needs a byte to put there",
            hint: "fill=0xFF is what erased flash reads, fill=0 is what objcopy writes")
        }
      }
      var image = [UInt8](repeating: options.fill ?? 0, count: Int(end - start))
      for chunk in chunks {
        let offset = Int(chunk.address - start)
        image.replaceSubrange(offset..<(offset + chunk.bytes.count), with: chunk.bytes)
      }
      if let swap = options.swap {
        guard image.count % swap == 0 else {
          throw EditFailure(
            .value, "\(image.count) bytes are no whole number of \(swap)-byte units",
            hint: "add pad-to=")
        }
        for index in stride(from: 0, to: image.count, by: swap) {
          image[index..<(index + swap)].reverse()
        }
      }
      var address = start
      if let bank = options.bank {
        let unit = options.width * bank.count
        guard image.count % unit == 0 else {
          throw EditFailure(
            .value, "\(image.count) bytes are no whole number of \(unit)-byte rows",
            hint: "add pad-to=")
        }
        var part: [UInt8] = []
        part.reserveCapacity(image.count / bank.count)
        for row in stride(from: bank.index * options.width, to: image.count, by: unit) {
          part += image[row..<(row + options.width)]
        }
        image = part
        address = start / UInt64(bank.count)
      }
      chunks = [Chunk(address: address, bytes: image)]
    } else if options.base != nil {
      throw EditFailure(.value, "base= needs a flat image", hint: "add fill=")
    }
    return chunks
  }

  /// The pieces that a selection meets; others may overlap each other without harm.
  private func selectedPieces(_ only: RangeSet?) throws(EditFailure) -> [Image.LoadPiece] {
    guard let only else { return try image.loadImage() }
    do throws(EditFailure) {
      return try image.loadImage()
    } catch {
      // Overlays: a selection may still be unambiguous.
      let met = image.loads.filter { only.firstOverlap($0.loadRange) != nil }
      for (index, first) in met.enumerated() {
        for second in met[(index + 1)...] where first.loadRange.overlaps(second.loadRange) {
          throw error
        }
      }
      return met.compactMap { segment in
        image.bytes.slice(segment.offset, segment.fileSize).map {
          Image.LoadPiece(loadAddress: segment.loadAddress, address: segment.address, bytes: $0)
        }
      }
    }
  }

  /// A range as load addresses.
  private func loadRanges(_ range: RangeSpecification) throws(EditFailure) -> RangeSet {
    let found = try resolve(range)
    switch found.space {
    case .load: return RangeSet(found.range)
    case .file: throw EditFailure(.value, "the range is not loaded and cannot be exported")
    case .virtual:
      return storedRanges(ofVirtual: found.range)
    }
  }
}
