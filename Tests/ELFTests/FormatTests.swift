// Records in each class and byte order: what is written is read again, and lies where the gABI says.

import ELF
import Testing

@Suite struct FormatTests {
  static let formats = [
    Format(is64: true, order: .little), Format(is64: true, order: .big),
    Format(is64: false, order: .little), Format(is64: false, order: .big),
  ]

  private func expectRoundTrip<R: FileRecord & Equatable>(_ record: R, _ format: Format) {
    let bytes = record.encoded(format)
    #expect(bytes.count == R.size(in: format))
    bytes.withUnsafeBytes { buffer in
      let view = unsafe ByteView(buffer)
      #expect(R(view, format, at: 0) == record)
      #expect(R(view, format, at: 1) == nil)
      #expect(R(view, format, at: -1) == nil)
    }
  }

  @Test(arguments: formats) func recordsSurvive(_ format: Format) {
    var file = FileHeader()
    file.format = format
    (file.osABI, file.abiVersion, file.type, file.machine) = (3, 1, ET.DYN, EM.ARM)
    (file.entry, file.flags) = (0x1234_5678, 0x0500_0400)
    file.setSegments(count: 9)
    file.sectionHeaderOffset = 0x8000
    _ = file.setSections(count: 30, nameIndex: 29)
    expectRoundTrip(file, format)

    var section = SectionHeader()
    (section.nameOffset, section.type, section.flags) = (1, SHT.NOTE, SHF.ALLOC)
    (section.address, section.offset, section.size) = (0x4000_0001, 0x1001, 0x77)
    (section.link, section.info, section.alignment, section.entrySize) = (5, 6, 16, 4)
    expectRoundTrip(section, format)

    var segment = ProgramHeader()
    (segment.type, segment.flags, segment.offset) = (PT.LOAD, PF.R | PF.X, 0x1000)
    (segment.virtualAddress, segment.physicalAddress) = (0x8000_0000, 0x800_0000)
    (segment.fileSize, segment.memorySize, segment.alignment) = (1, 2, 0x10000)
    expectRoundTrip(segment, format)

    var symbol = Symbol()
    (symbol.nameOffset, symbol.info, symbol.other, symbol.sectionIndex) = (9, 0x12, 2, 0xfff1)
    (symbol.value, symbol.size) = (0xffff_fff0, 12)
    expectRoundTrip(symbol, format)

    expectRoundTrip(Rela(offset: 8, type: 0x7f, symbol: 0xabcdef, addend: -4), format)
    expectRoundTrip(RelocationPlace(offset: 8, info: 0xabcdef << 32 | 0x7f), format)
    expectRoundTrip(DynamicTag(DT.GNU_HASH, 0x1000), format)
    expectRoundTrip(CompressionHeader(type: 1, size: 100, alignment: 8), format)
  }

  @Test func recordsLieAsTheSpecificationSays() {
    let little = Format(is64: false, order: .little)
    let big = Format(is64: false, order: .big)
    // Elf32_Rela: the symbol has 24 bits, the type 8.
    let rela = Rela(offset: 0x10, type: 2, symbol: 0x0304_05, addend: -1)
    #expect(
      rela.encoded(little) == [0x10, 0, 0, 0, 2, 5, 4, 3, 0xff, 0xff, 0xff, 0xff])
    #expect(rela.encoded(big) == [0, 0, 0, 0x10, 3, 4, 5, 2, 0xff, 0xff, 0xff, 0xff])
    // Elf32_Sym: value and size before info; Elf64_Sym: behind.
    var symbol = Symbol()
    (symbol.nameOffset, symbol.info, symbol.value, symbol.size) = (1, 0x22, 0x33, 0x44)
    #expect(symbol.encoded(little) == [1, 0, 0, 0, 0x33, 0, 0, 0, 0x44, 0, 0, 0, 0x22, 0, 0, 0])
    #expect(symbol.encoded(.native)[4] == 0x22)
    // Elf32_Phdr: the flags before the alignment; Elf64_Phdr: behind the type.
    var segment = ProgramHeader()
    segment.flags = 5
    #expect(segment.encoded(little)[24] == 5)
    #expect(segment.encoded(.native)[4] == 5)
    // The fields that are edited in place.
    for format in FormatTests.formats {
      var header = FileHeader()
      header.format = format
      (header.entry, header.programHeaderOffset, header.sectionHeaderOffset) = (1, 2, 3)
      (header.programHeaderCount, header.sectionHeaderCount, header.sectionNameIndex) = (4, 5, 6)
      let bytes = header.encoded(format)
      func field(_ offset: Int, _ size: Int) -> UInt64 {
        Format.decode(bytes[offset..<(offset + size)], format.order)
      }
      #expect(field(format.entryField, format.wordSize) == 1)
      #expect(field(format.segmentTableField, format.wordSize) == 2)
      #expect(field(format.sectionTableField, format.wordSize) == 3)
      #expect(field(format.segmentCountField, 2) == 4)
      #expect(field(format.sectionCountField, 2) == 5)
      #expect(field(format.sectionNameIndexField, 2) == 6)
      bytes.withUnsafeBytes { #expect(unsafe Format(identification: ByteView($0)) == format) }
    }
  }

  @Test func nativeRecordsLieInMemoryAsInTheFile() {
    #expect(MemoryLayout<SectionHeader>.size == Format.native.sectionEntrySize)
    #expect(MemoryLayout<ProgramHeader>.size == Format.native.segmentEntrySize)
    #expect(MemoryLayout<Symbol>.size == Format.native.symbolEntrySize)
    #expect(MemoryLayout<Rela>.size == Format.native.relaEntrySize)
    var symbol = Symbol()
    (symbol.nameOffset, symbol.info, symbol.other, symbol.sectionIndex) = (1, 2, 3, 4)
    (symbol.value, symbol.size) = (5, 6)
    let inMemory = withUnsafeBytes(of: symbol) { unsafe Array($0) }
    #expect(inMemory == symbol.encoded(.native))
  }

  @Test func largeCountsGoIntoTheNullSection() {
    var header = FileHeader()
    let null = header.setSections(count: 0xff01, nameIndex: 0xff00)
    #expect(header.sectionHeaderCount == 0)
    #expect(header.sectionNameIndex == SHN.XINDEX)
    #expect(null.size == 0xff01)
    #expect(null.link == 0xff00)
  }
}
