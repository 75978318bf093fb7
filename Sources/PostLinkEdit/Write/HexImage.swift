// Image formats of flash programmers: Intel hex, Motorola S-records, UF2 and Verilog memory
// files, written from chunks with load addresses.

internal import ELF

/// Writers of image formats.
enum HexImage {
  private static let digits = Array("0123456789ABCDEF".utf8)

  private static func append(_ byte: UInt8, to out: inout [UInt8]) {
    out.append(digits[Int(byte >> 4)])
    out.append(digits[Int(byte & 15)])
  }

  private static func check(_ chunks: [Chunk], _ format: String) throws(EditFailure) {
    for chunk in chunks where chunk.end > 1 << 32 || chunk.end < chunk.address {
      throw EditFailure(
        .value, "lma \(hex(chunk.address)) does not fit the 32-bit addresses of \(format)",
        hint: "select a part with range=")
    }
  }

  /// Intel hex with records 00, 01, 04 and 05; CR LF ends a line, as GNU objcopy writes it.
  static func intel(
    _ chunks: [Chunk], entry: UInt64?, record: Int
  ) throws(EditFailure) -> [UInt8] {
    try check(chunks, "Intel hex")
    var out: [UInt8] = []
    func line(_ type: UInt8, _ address: UInt16, _ data: ArraySlice<UInt8>) {
      out.append(UInt8(ascii: ":"))
      var sum: UInt8 = 0
      for byte in [UInt8(data.count), UInt8(address >> 8), UInt8(address & 255), type] + data {
        append(byte, to: &out)
        sum &+= byte
      }
      append(0 &- sum, to: &out)
      out.append(carriageReturn)
      out.append(newline)
    }
    var high: UInt64 = 0
    for chunk in chunks {
      var cursor = 0
      while cursor < chunk.bytes.count {
        let address = chunk.address + UInt64(cursor)
        if address >> 16 != high {
          high = address >> 16
          line(4, 0, [UInt8(high >> 8 & 255), UInt8(high & 255)])
        }
        // A record never crosses a 64 KiB boundary.
        let room = Int(0x1_0000 - (address & 0xffff))
        let count = min(record, chunk.bytes.count - cursor, room)
        line(0, UInt16(address & 0xffff), chunk.bytes[cursor..<(cursor + count)])
        cursor += count
      }
    }
    if let entry, entry != 0, entry < 1 << 32 {
      line(5, 0, Format.encode(entry, size: 4, .big)[...])
    }
    line(1, 0, [])
    return out
  }

  /// Motorola S-records: S1, S2 or S3 by the highest address.
  static func motorola(
    _ chunks: [Chunk], entry: UInt64?, record: Int, header: String
  ) throws(EditFailure) -> [UInt8] {
    try check(chunks, "S-records")
    let highest = max(
      chunks.map { $0.end &- 1 }.max() ?? 0, entry.map { $0 < 1 << 32 ? $0 : 0 } ?? 0)
    let size = highest < 1 << 16 ? 2 : highest < 1 << 24 ? 3 : 4
    var out: [UInt8] = []
    func line(_ type: Int, _ address: [UInt8], _ data: ArraySlice<UInt8>) {
      out.append(UInt8(ascii: "S"))
      out.append(digits[type])
      var sum: UInt8 = 0
      for byte in [UInt8(address.count + data.count + 1)] + address + data {
        append(byte, to: &out)
        sum &+= byte
      }
      append(~sum, to: &out)
      out.append(carriageReturn)
      out.append(newline)
    }
    line(0, [0, 0], Array(header.utf8.prefix(40))[...])
    let limit = min(record, 255 - size - 1)
    for chunk in chunks {
      for start in stride(from: 0, to: chunk.bytes.count, by: limit) {
        let end = min(start + limit, chunk.bytes.count)
        line(
          size - 1, Format.encode(chunk.address + UInt64(start), size: size, .big),
          chunk.bytes[start..<end])
      }
    }
    let start = entry.map { $0 < 1 << 32 ? $0 : 0 } ?? 0
    line(11 - size, Format.encode(start, size: size, .big), [])
    return out
  }

  /// UF2: blocks of 512 bytes that carry 256 aligned bytes each.
  static func uf2(_ chunks: [Chunk], family: UInt32?) throws(EditFailure) -> [UInt8] {
    try check(chunks, "UF2")
    var pages: [(address: UInt64, bytes: [UInt8])] = []
    for chunk in chunks {
      var cursor = chunk.address
      while cursor < chunk.end {
        let page = cursor & ~255
        let count = min(page + 256, chunk.end) - cursor
        if pages.last?.address != page {
          pages.append((page, [UInt8](repeating: 0, count: 256)))
        }
        let source = Int(cursor - chunk.address)
        let target = Int(cursor - page)
        pages[pages.count - 1].bytes.replaceSubrange(
          target..<(target + Int(count)), with: chunk.bytes[source..<(source + Int(count))])
        cursor += count
      }
    }
    var out: [UInt8] = []
    func word(_ value: UInt32) { out += Format.encode(UInt64(value), size: 4, .little) }
    for (number, page) in pages.enumerated() {
      word(0x0a32_4655)
      word(0x9e5d_5157)
      word(family == nil ? 0 : 0x2000)
      word(UInt32(page.address))
      word(256)
      word(UInt32(number))
      word(UInt32(pages.count))
      word(family ?? 0)
      out += page.bytes
      out += [UInt8](repeating: 0, count: 220)
      word(0x0ab1_6f30)
    }
    return out
  }

  /// A Verilog `$readmemh` file: `@ADDRESS` in words, then one word of hex digits a line.
  static func vmem(_ chunks: [Chunk], width: Int) -> [UInt8] {
    var out: [UInt8] = []
    for chunk in chunks {
      out += Array("@\(String(chunk.address / UInt64(width), radix: 16, uppercase: true))\n".utf8)
      for start in stride(from: 0, to: chunk.bytes.count, by: width) {
        for byte in chunk.bytes[start..<min(start + width, chunk.bytes.count)] {
          append(byte, to: &out)
        }
        out.append(newline)
      }
    }
    return out
  }
}
