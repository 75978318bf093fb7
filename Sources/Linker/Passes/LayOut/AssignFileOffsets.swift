// Gives every output section its place in the file.
//
// Loaded segments come first, each at an offset that equals its address modulo the page size (gABI,
// "Program Loading"), and those that share a page as far apart as in memory: the page is then the same
// for both. Then come what is not loaded, the symbol table, the section headers. Sections get their
// numbers here, in the order of the file.

internal import ELF

extension Layout {
  /// Loaded sections. Their offsets depend on addresses alone, and maps may ask for them.
  func assignLoadedOffsets() {
    var offset = headersAddress == nil ? UInt64(format.headerSize) : 0
    if headersAddress == nil {
      offset += UInt64((segments.count + spareProgramHeaders) * format.segmentEntrySize)
    }
    let alignments = offsetAlignments()
    // The headers are the beginning of the file, wherever options or a map put sections before them.
    let first = loads.firstIndex(where: \.holdsHeaders) ?? 0
    for index in Array(loads.indices[first...]) + loads.indices[..<first] {
      let load = loads[index]
      if index > 0, sharesPage(loads[index - 1], load), load.start >= loads[index - 1].end {
        offset = loads[index - 1].fileOffset &+ (load.start &- loads[index - 1].start)
      } else {
        offset = offset &+ (load.start &- offset) & (alignments[index] &- 1)
      }
      loads[index].fileOffset = offset
      for id in load.outputs { setOffset(of: id, in: loads[index]) }
      offset = offset &+ (load.fileEnd &- load.start)
    }
    let loaded = Set(loads.flatMap(\.outputs))
    for id in placed.compactMap(\.output) where !loaded.contains(id) {
      outputs[id.index].fileOffset = offsetBesideLoads(id)
    }
    loadedEnd = offset
  }

  /// What offset and address of each PT_LOAD agree by; for those that share pages with the ones
  /// behind them, what suits all of them.
  private func offsetAlignments() -> [UInt64] {
    var result = loads.map { max(mappedPageSize, alignment(of: $0)) }
    for index in loads.indices.dropLast().reversed()
    where sharesPage(loads[index], loads[index + 1]) {
      result[index] = max(result[index], result[index + 1])
    }
    return result
  }

  private func setOffset(of id: OutputID, in load: LoadSegment) {
    let output = outputs[id.index]
    outputs[id.index].fileOffset = load.fileOffset &+ (output.address &- load.start)
    outputs[id.index].hasZerosInFile = !output.hasBytes && output.end <= load.fileEnd
  }

  func assignFileOffsets() {
    var offset = loadedEnd
    numberSections()
    guard options.sectionHeaders else {
      fileSize = offset
      return makeSegments(withOffsets: true)
    }
    emitted.plan(self)
    symbolTable.plan(self)
    for index in outputs.indices
    where !outputs[index].isAllocated && outputs[index].type != SHT.NULL {
      offset = (offset &+ outputs[index].alignment &- 1) & ~(outputs[index].alignment &- 1)
      outputs[index].fileOffset = offset
      offset = offset &+ outputs[index].size
    }
    offset = emitted.place(at: offset, target)
    offset = symbolTable.place(at: offset, format)
    offset = (offset + 7) & ~7
    sectionHeaderOffset = offset
    fileSize = offset + UInt64(sectionHeaderCount * format.sectionEntrySize)
    makeSegments(withOffsets: true)
  }

  /// The offset of what has no bytes and no place in a segment (`.tbss`, empty sections): where the
  /// bytes would be, or behind those that are there.
  private func offsetBesideLoads(_ id: OutputID) -> UInt64 {
    let address = outputs[id.index].address
    guard let load = loads.last(where: { $0.start <= address }) else { return 0 }
    return load.fileOffset &+ min(address &- load.start, load.fileEnd &- load.start)
  }

  private func numberSections() {
    var number = 1
    for item in placed {
      guard let id = item.output, outputs[id.index].size > 0 || outputs[id.index].isWanted else {
        continue  // nothing to see; symbols in it belong to a neighbour
      }
      outputs[id.index].headerIndex = number
      headerOrder.append(id)
      number += 1
    }
    for index in outputs.indices
    where !outputs[index].isAllocated && outputs[index].type != SHT.NULL && options.sectionHeaders {
      outputs[index].headerIndex = number
      headerOrder.append(OutputID(index))
      number += 1
    }
    freezeHeaderNumbers()
  }

  /// The program headers again, now that offsets are known.
  private func makeSegments(withOffsets: Bool) {
    let offsets = loads.map(\.fileOffset)
    makeSegments()
    var next = 0
    for index in segments.indices where segments[index].type == PT.LOAD {
      segments[index].offset = offsets[next]
      loads[next].fileOffset = offsets[next]
      next += 1
    }
    if let index = segments.firstIndex(where: { $0.type == PT.PHDR }), let headersAddress {
      let size = UInt64((segments.count + spareProgramHeaders) * format.segmentEntrySize)
      segments[index].offset = UInt64(format.headerSize)
      segments[index].virtualAddress = headersAddress &+ UInt64(format.headerSize)
      segments[index].physicalAddress = segments[index].virtualAddress
      segments[index].fileSize = size
      segments[index].memorySize = size
    }
  }

  var sectionHeaderCount: Int {
    1 + headerOrder.count + emitted.headerCount + symbolTable.headerCount
  }
}
