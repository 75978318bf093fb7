// The bytes between things: `fill` of sections, groups, slots and regions.
//
// Runs before the sections are copied, so that it may write whole ranges: what is content is
// overwritten afterwards. Sections without `fill`, groups and slots are none of its business; their
// gaps are written with the sections.

internal import ELF
internal import MapLang

extension Layout {
  func fillPadding(_ file: OutputBytes) {
    for id in headerOrder where outputs[id.index].hasBytes && outputs[id.index].size > 0 {
      let output = outputs[id.index]
      let part = file.slice(Int(output.fileOffset), Int(output.size))
      if let slot = output.slot {
        fill(part, 0..<output.size, selection.map[slot].fill.pattern(target))
        writeWords(of: slot, part, at: 0)
      } else if let contents = contents[id], let mapped = output.mapSection {
        fill(part, output, selection.map[mapped], contents)
      }
    }
    let fills = selection.map.regions.contains { $0.fill != nil }
    guard fills || options.filler != nil else { return }
    for load in loads {
      let own = memories[load.memory].region.flatMap { selection.map[$0].fill?.pattern(target) }
      if let pattern = own ?? options.filler.map({ FillPattern($0) }) {
        fillBetween(load, pattern, file)
      }
    }
  }

  private func fill(
    _ part: OutputBytes, _ output: OutputSection, _ section: MapSection,
    _ contents: SectionContents
  ) {
    let filler = output.flags & SHF.EXECINSTR != 0 ? target.trap : FillPattern(0)
    fill(part, 0..<output.size, section.fill?.pattern(target) ?? filler)
    for block in contents.blocks where block.fill != nil {
      fill(part, block.range, block.fill?.pattern(target) ?? filler)
    }
    for slot in contents.slots {
      fill(
        part, slot.offset..<slot.offset &+ slot.size,
        selection.map[slot.slot].fill.pattern(target))
      writeWords(of: slot.slot, part, at: slot.offset)
    }
  }

  /// The values that a slot begins with, in the byte order of the target.
  private func writeWords(of slot: SlotID, _ part: OutputBytes, at start: UInt64) {
    guard let values = slotWords[slot] else { return }
    var offset = start
    for (word, value) in zip(selection.map[slot].words, values) {
      let end = offset.addingSaturated(UInt64(word.size))
      guard end <= UInt64(part.count) else { return }
      part.slice(Int(offset), word.size).copy(
        Format.encode(value, size: word.size, format.order))
      offset = end
    }
  }

  private func fill(_ part: OutputBytes, _ range: Range<UInt64>, _ pattern: FillPattern) {
    guard range.upperBound <= UInt64(part.count) else { return }
    let start = Int(range.lowerBound)
    if let byte = pattern.singleByte { return part.fill(byte, start..<Int(range.upperBound)) }
    for offset in start..<Int(range.upperBound) { part.store(pattern[offset - start], at: offset) }
  }

  /// `fill` of a region, --filler: between the sections of one segment.
  private func fillBetween(_ load: LoadSegment, _ pattern: FillPattern, _ file: OutputBytes) {
    let end = load.fileOffset &+ (load.fileEnd &- load.start)
    guard end <= UInt64(file.count) else { return }
    var cursor = load.fileOffset
    for id in load.outputs where outputs[id.index].hasBytes || outputs[id.index].hasZerosInFile {
      let output = outputs[id.index]
      if output.fileOffset > cursor && !(load.holdsHeaders && cursor == load.fileOffset) {
        fill(file, cursor..<output.fileOffset, pattern)
      }
      cursor = max(cursor, output.fileOffset &+ output.size)
    }
  }
}
