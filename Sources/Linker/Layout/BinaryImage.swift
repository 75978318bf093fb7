// --oformat=binary: the loaded bytes alone, as a boot loader or a programmer of flash memory wants them.
//
// The link is that of an ELF file without headers in memory; of it only the bytes are kept that have a
// load address, from the lowest to the highest, with zeros between them. What has no bytes (`.bss`) is
// written only if bytes follow in the same PT_LOAD, as by GNU ld and objcopy.

internal import ELF

struct BinaryImage {
  /// A stretch of the ELF file and where it goes.
  private struct Part {
    var offset: UInt64
    var size: UInt64
    var loadAddress: UInt64
    /// Its first and its last section.
    var first: OutputID
    var last: OutputID
  }

  private var parts: [Part] = []
  private var start: UInt64 = 0
  private(set) var size: UInt64 = 0

  /// More zeros than anybody wants to store: the mark of a load address that was forgotten.
  private static var largestGap: UInt64 { 256 << 20 }

  /// nil: the image would be absurdly large, which is reported.
  init?(_ layout: Layout) {
    for load in layout.loads {
      let filled = load.outputs.filter { layout.outputs[$0.index].hasBytes }
      guard let first = filled.first, let last = filled.last else { continue }
      let output = layout.outputs[first.index]
      parts.append(
        Part(
          offset: output.fileOffset, size: load.fileEnd &- output.address,
          loadAddress: output.loadAddress, first: first, last: last))
    }
    parts.sort { ($0.loadAddress, $0.offset) < ($1.loadAddress, $1.offset) }
    start = parts.first?.loadAddress ?? 0
    var end = start
    var before: Part?
    for part in parts {
      if let before, part.loadAddress > end, part.loadAddress - end > BinaryImage.largestGap {
        layout.log.error(
          .gapInBinary(
            layout.options.outputPath, layout.outputs[before.last.index],
            layout.outputs[part.first.index], part.loadAddress - end))
        return nil
      }
      if part.loadAddress.addingSaturated(part.size) >= end { before = part }
      end = max(end, part.loadAddress.addingSaturated(part.size))
    }
    size = end - start
  }

  /// Copies the bytes out of the ELF file.
  func copy(from file: OutputBytes, to image: OutputBytes) {
    for part in parts {
      let bytes = file.slice(Int(part.offset), Int(part.size)).view
      image.copy(bytes, at: Int(part.loadAddress - start))
    }
  }
}

extension Message {
  static func gapInBinary(
    _ path: String, _ first: OutputSection, _ second: OutputSection, _ gap: UInt64
  ) -> Message {
    func place(_ section: OutputSection) -> String {
      "\(section.name), stored at 0x\(String(section.loadAddress, radix: 16))"
    }
    return Message(
      "gapInBinary",
      "\(path): --oformat=binary would write \(byteCount(gap)) of zeros between \(place(first)), "
        + "and \(place(second)); give them load addresses side by side")
  }
}
