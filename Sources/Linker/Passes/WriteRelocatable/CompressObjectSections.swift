// -r --compress-debug-sections: debug information becomes smaller in the object.
//
// Before: it is known which symbols relocations name, so what refers to nothing can be buried. After:
// each compressed output section has its final bytes in memory, and their number is its size. Its
// relocations stay as they are: they are about the content, which has their addends where records
// have none. The older form, zlib-gnu, would give sections other names; the gABI's is written
// instead, which every linker of today reads.

internal import ELF
internal import Parallel

extension ObjectOutput {
  func compressDebugSections() {
    var choice = options.debugCompression
    if case .zlibGNU = choice { choice = .zlib(level: nil) }
    guard let compressor = Compressor(choice) else { return }
    for index in 0..<outputs.count where isCompressible(outputs[index]) {
      let output = outputs[index]
      let buffer = Block<UInt8>(count: Int(output.size))
      defer { buffer.release() }
      let bytes = OutputBytes(base: buffer.base, count: buffer.count)
      pool.parallelFor(output.memberCount, grain: 16) { range, _ in
        for position in range {
          self.writeContent(self.members[output.firstMember + position], to: bytes)
        }
      }
      guard let content = compressor.compress(bytes, pool) else {
        log.error(.cannotCompress(output.name.string))
        return
      }
      let compressed = CompressedOutput(
        choice, content, size: output.size, alignment: 1 << UInt64(output.alignmentShift), format)
      guard compressed.size < buffer.count else {
        content.release()
        continue
      }
      compressedOutputs[OutputID(index)] = compressed
      outputs[index].size = UInt64(compressed.size)
      outputs[index].flags |= SHF.COMPRESSED
      outputs[index].alignmentShift = format.is64 ? 3 : 2  // of the header
    }
  }

  private func isCompressible(_ output: ObjectSection) -> Bool {
    output.flags & SHF.ALLOC == 0 && output.hasBytes && output.size > 0
      && output.name.hasPrefix(".debug_")
  }

  /// Writes what a row has of its output section.
  private func writeContent(_ id: SectionID, to bytes: OutputBytes) {
    let section = sections[id]
    let out = bytes.slice(Int(section.offset), Int(section.size))
    copy(section, id, to: out)
    if target.hasAddends {
      return ObjectRelocations(
        self, id, output: OutputBytes(base: bytes.base, count: 0), contents: out
      ).bury()
    }
    // The addends of relocations are in the content, and change with what was joined.
    let records = Block<UInt8>(count: Int(relocationCounts[id]) * target.relocationEntrySize)
    defer { records.release() }
    var writer = ObjectRelocations(
      self, id, output: OutputBytes(base: records.base, count: records.count), contents: out,
      isRehearsal: true)
    writer.write()
  }

  /// Copies the compressed sections to their places.
  func writeCompressedSections(to file: OutputBytes) {
    for (id, compressed) in compressedOutputs.sorted(by: { $0.key < $1.key }) {
      compressed.write(
        to: file.slice(Int(outputs[id.index].fileOffset), compressed.size), pool)
      compressed.content.release()
    }
  }
}
