// --compress-debug-sections: debug information becomes smaller in the file; --compress-sections: other
// sections that are not loaded.
//
// Before: all addresses are known, and sizes of sections, but not yet their places in the file. After:
// each compressed output section has its final bytes in memory, and their number is its size; they
// are copied to the output with everything else. A section that does not become smaller stays as it is.
//
// The content is made here as it otherwise is in the output (CopyAndRelocate), one section after the
// other, so that only one is in memory as a whole.

internal import ELF
internal import Parallel
internal import Text

extension Layout {
  func compressDebugSections() {
    guard options.debugCompression != .none || !options.sectionCompressions.isEmpty,
      options.sectionHeaders
    else { return }
    let patterns = options.sectionCompressions.map { (Glob($0.pattern), $0.choice) }
    let context = ApplyContext(self)
    for index in outputs.indices {
      let output = outputs[index]
      guard !output.isAllocated, output.type != SHT.NULL, output.hasBytes, output.size > 0,
        output.name != SyntheticKind.gdbIndex.name(target)
      else {
        continue
      }
      let own = patterns.last { $0.0.matches(output.name) }?.1
      let choice = own ?? (output.name.hasPrefix(".debug_") ? options.debugCompression : .none)
      compress(OutputID(index), as: choice, context)
    }
  }

  private func compress(
    _ id: OutputID, as choice: DebugCompression, _ context: ApplyContext
  ) {
    guard let compressor = Compressor(choice) else { return }
    let output = outputs[id.index]
    let buffer = Block<UInt8>(count: Int(output.size))
    defer { buffer.release() }
    let bytes = OutputBytes(base: buffer.base, count: buffer.count)
    writeContent(of: id, to: bytes, context)
    guard let content = compressor.compress(bytes, pool) else {
      log.error(.cannotCompress(output.name))
      return
    }
    let compressed = CompressedOutput(
      choice, content, size: output.size, alignment: output.alignment,
      format)
    guard compressed.size < buffer.count else { return content.release() }
    compressedOutputs[id] = compressed
    outputs[id.index].size = UInt64(compressed.size)
    if choice == .zlibGNU {
      outputs[id.index].name = ".z" + output.name.dropFirst()
    } else {
      outputs[id.index].flags |= SHF.COMPRESSED
      outputs[id.index].alignment = UInt64(format.wordSize)  // of the header
    }
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

extension Compressor {
  /// nil if nothing is to be compressed.
  init?(_ choice: DebugCompression) {
    switch choice {
    case .none: return nil
    case .zlib(let level): format = .zlib(level: level ?? -1)
    case .zstd(let level): format = .zstd(level: level ?? 0)
    case .zlibGNU: format = .zlib(level: -1)
    }
  }
}

extension Message {
  static func cannotCompress(_ section: String) -> Message {
    Message(
      "cannotCompress",
      "cannot compress section \(section): out of memory; leave out --compress-debug-sections")
  }
}
