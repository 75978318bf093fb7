// What a loader or a flash programmer makes of a file, computed a second time: nothing here comes
// from PostLinkEdit, so the two cannot be wrong together.

import Testing

/// The PT_LOAD entries of an ELF file with their bytes.
struct LoadedImage {
  struct Part {
    var address: UInt64
    var loadAddress: UInt64
    var memorySize: UInt64
    var bytes: [UInt8]
  }
  private(set) var parts: [Part] = []
  /// File offset and size of the two headers that lie in memory.
  private var headers: [Range<UInt64>] = []
  private var offsets: [(address: UInt64, offset: UInt64, size: UInt64)] = []
  /// The addresses of `.dynsym`.
  private(set) var dynamicSymbols: Range<UInt64> = 0..<0

  /// Nil if the file is cut off or no ELF file.
  init?(_ file: [UInt8]) {
    guard file.count > 52, file[0] == 0x7f else { return nil }
    let wide = file[4] == 2
    let big = file[5] == 2
    func number(_ at: Int, _ size: Int) -> UInt64? {
      guard at >= 0, at + size <= file.count else { return nil }
      let field = big ? Array(file[at..<at + size]) : file[at..<at + size].reversed()
      return field.reduce(0) { $0 << 8 | UInt64($1) }
    }
    func word(_ at: Int) -> UInt64? { number(at, wide ? 8 : 4) }
    guard let table = word(wide ? 32 : 28), let count = number(wide ? 56 : 44, 2) else {
      return nil
    }
    let entry = wide ? 56 : 32
    headers = [0..<(wide ? 64 : 52), table..<(table + count * UInt64(entry))]
    // Where p_offset, p_vaddr, p_paddr, p_filesz and p_memsz lie in an entry.
    let fields = wide ? [8, 16, 24, 32, 40] : [4, 8, 12, 16, 20]
    for index in 0..<Int(count) {
      let start = Int(table) + index * entry
      guard number(start, 4) == 1 else { continue }
      let values = fields.compactMap { word(start + $0) }
      guard values.count == 5, values[0] + values[3] <= UInt64(file.count) else { return nil }
      parts.append(
        Part(
          address: values[1], loadAddress: values[2], memorySize: values[4],
          bytes: Array(file[Int(values[0])..<Int(values[0] + values[3])])))
      offsets.append((values[1], values[0], values[3]))
    }
    guard let sections = word(wide ? 40 : 32), let number2 = number(wide ? 60 : 48, 2) else {
      return
    }
    for index in 0..<Int(number2) {
      let start = Int(sections) + index * (wide ? 64 : 40)
      if number(start + 4, 4) == 11, let address = word(start + (wide ? 16 : 12)),
        let size = word(start + (wide ? 32 : 20))
      {
        dynamicSymbols = address..<(address + size)
      }
    }
  }

  /// The bytes in memory that come from the file, or nil if some do not.
  func bytes(at address: UInt64, _ count: Int) -> [UInt8]? {
    for part in parts where address >= part.address {
      let start = address - part.address
      if start + UInt64(count) <= UInt64(part.bytes.count) {
        return Array(part.bytes[Int(start)..<Int(start) + count])
      }
    }
    return nil
  }

  /// Where, in the part at `address`, the ELF header and the program headers lie.
  func headerBytes(at address: UInt64) -> IndexSet {
    var result = IndexSet()
    for (start, offset, size) in offsets where start == address {
      for header in headers where header.overlaps(offset..<(offset + max(size, 1))) {
        let part = header.clamped(to: offset..<(offset + size))
        result.ranges.append(Int(part.lowerBound - offset)..<Int(part.upperBound - offset))
      }
    }
    return result
  }

  struct IndexSet {
    var ranges: [Range<Int>] = []
    func contains(_ index: Int) -> Bool { ranges.contains { $0.contains(index) } }
  }

  /// Addresses whose bytes are not in `other`, or are others there. Parts may have been joined.
  func differences(from other: LoadedImage) -> [UInt64] {
    var result: [UInt64] = []
    for part in parts {
      if let same = other.bytes(at: part.address, part.bytes.count) {
        for index in part.bytes.indices where part.bytes[index] != same[index] {
          result.append(part.address + UInt64(index))
        }
        continue
      }
      for index in part.bytes.indices {
        let address = part.address + UInt64(index)
        if other.bytes(at: address, 1) != [part.bytes[index]] { result.append(address) }
      }
    }
    return result
  }

  /// The flat image from the lowest to the highest load address.
  func flat(fill: UInt8) -> [UInt8] {
    let full = parts.filter { !$0.bytes.isEmpty }
    guard let low = full.map(\.loadAddress).min(),
      let high = full.map({ $0.loadAddress + UInt64($0.bytes.count) }).max()
    else { return [] }
    var result = [UInt8](repeating: fill, count: Int(high - low))
    for part in full {
      let start = Int(part.loadAddress - low)
      result.replaceSubrange(start..<start + part.bytes.count, with: part.bytes)
    }
    return result
  }
}

@Suite struct LoadedImageTests {
  /// The harness itself, against the tools that make flat images.
  @Test func agreesWithObjcopy() throws {
    let box = Sandbox()
    box.buildFirmware("fw.elf", slots: false)
    box.write(
      "flat.py",
      """
      import sys
      base, data = 0, {}
      for line in open('f.hex'):
        raw = bytes.fromhex(line[1:].strip())
        size, address, kind = raw[0], raw[1] << 8 | raw[2], raw[3]
        if kind == 4: base = int.from_bytes(raw[4:6], 'big') << 16
        if kind == 2: base = int.from_bytes(raw[4:6], 'big') << 4
        if kind == 0:
          for i in range(size): data[base + address + i] = raw[4 + i]
      low = min(data)
      out = bytearray(max(data) - low + 1)
      for a, b in data.items(): out[a - low] = b
      open('f.hexbin', 'wb').write(out)
      """)
    box.check(
      "objcopy -O binary fw.elf f.bin; llvm-objcopy-19 -O ihex fw.elf f.hex; python3 flat.py")
    let image = try #require(LoadedImage(box.read("fw.elf")))
    #expect(image.flat(fill: 0) == box.read("f.bin"))
    #expect(image.flat(fill: 0) == box.read("f.hexbin"))
  }
}
