// --zero-to-bss: data that is all zeros takes no room in the file, as if the compiler had put it into
// `.bss` or `.tbss`.

internal import ELF

extension InputFile {
  /// The sections that relocations change, so that their bytes are not what they seem.
  var relocatedSections: Set<Int> {
    var result: Set<Int> = []
    for index in 0..<sectionCount {
      let header = sectionHeaders[index]
      if [SHT.RELA, SHT.REL, SHT.CREL].contains(header.type) { result.insert(Int(header.info)) }
    }
    return result
  }
}

extension InputSection {
  /// The name by which the map is to know a section of plain data that is zero; nil: it is something else.
  func zeroName(_ name: ByteView) -> ByteView? {
    guard kind.isSuperset(of: [.alloc, .write, .plain]), kind.isDisjoint(with: [.exec, .noBits]),
      fileSize > 0
    else { return nil }
    let other: StaticString
    if kind.contains(.tls) {
      guard name.equals(".tdata") || name.hasPrefix(".tdata.") else { return nil }
      other = ".tbss"
    } else {
      let isPlain = name.equals(".data") || name.hasPrefix(".data.")
      guard isPlain, !name.hasPrefix(".data.rel.ro") else { return nil }
      other = ".bss"
    }
    guard bytes.isZero else { return nil }
    return ByteView(UnsafeRawPointer(other.utf8Start), count: other.utf8CodeUnitCount)
  }

  mutating func dropZeros() {
    kind.insert(.noBits)
    contents = nil
    fileSize = 0
  }
}

extension ByteView {
  /// Whether no bit is set.
  fileprivate var isZero: Bool {
    var offset = 0
    while offset + 8 <= count {
      if load(UInt64.self, at: offset) != 0 { return false }
      offset += 8
    }
    while offset < count {
      if self[offset] != 0 { return false }
      offset += 1
    }
    return true
  }
}
