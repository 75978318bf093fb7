import ELF
import Testing

/// Decodes `bytes` with a view that is valid during the call.
private func registry(_ bytes: [UInt8], _ order: ByteOrder) -> SlotRegistry? {
  bytes.withUnsafeBytes { SlotRegistry(ByteView($0), order) }
}

@Suite struct SlotNoteTests {
  let slot = SlotRecord(
    name: "crc", flags: [.required], alignment: 4, address: 0x0800_fffc, size: 4,
    fill: FillPattern(0xde, 0xad, 0xbe, 0xef))
  let region = RegionRecord(
    name: "flash", erased: FillPattern(0xff), origin: 0x0800_0000, length: 0x1_0000)

  @Test(arguments: [ByteOrder.little, .big])
  func recordsSurviveTheRoundTrip(_ order: ByteOrder) throws {
    let bytes = slot.encoded(order) + region.encoded(order)
    let decoded = try #require(registry(bytes, order))
    #expect(decoded.slots.map(\.slot) == [slot])
    #expect(decoded.regions == [region])
    #expect(
      bytes.count == SlotRecord.encodedSize(name: "crc") + RegionRecord.encodedSize(name: "flash"))
    #expect(bytes.count % 4 == 0)
  }

  @Test func layoutIsTheDocumentedOne() {
    let bytes = slot.encoded(.little)
    // namesz 6, descsz 28 + "crc\0", type 1, "SWOLD\0" padded to 8.
    #expect(
      Array(bytes[0..<20]) == [6, 0, 0, 0, 32, 0, 0, 0, 1, 0, 0, 0] + Array("SWOLD\0\0\0".utf8))
    // version 1, flags 1, align 4, va, size, fill, name.
    #expect(Array(bytes[20..<28]) == [1, 0, 1, 0, 4, 0, 0, 0])
    #expect(Array(bytes[28..<36]) == [0xfc, 0xff, 0x00, 0x08, 0, 0, 0, 0])
    #expect(Array(bytes[44..<52]) == [0xde, 0xad, 0xbe, 0xef] + Array("crc\0".utf8))
    #expect(Array(slot.encoded(.big)[0..<4]) == [0, 0, 0, 6])
  }

  @Test func flagsOffsetPointsAtTheFlags() throws {
    var bytes = region.encoded(.little) + slot.encoded(.little)
    let entry = try #require(registry(bytes, .little)?.slots.first)
    bytes[entry.flagsOffset] |= UInt8(SlotRecord.Flags.filled.rawValue)
    #expect(registry(bytes, .little)?.slots.first?.slot.flags == [.required, .filled])
  }

  @Test func otherOwnersTypesAndVersionsAreSkipped() throws {
    var foreign = NoteEncoder(.little)
    foreign.append(UInt32(7))
    var newer = slot.encoded(.little)
    newer[20] = 9
    let bytes =
      foreign.finish(type: 1, owner: "GNU") + foreign.finish(type: 0x100, owner: "SWOLD") + newer
    let decoded = try #require(registry(bytes, .little))
    #expect(decoded.slots.isEmpty)
  }

  @Test func malformedRegistriesAreRejected() {
    let good = slot.encoded(.little)
    for count in 1..<good.count { #expect(registry(Array(good[..<count]), .little) == nil) }
    #expect(registry([], .little)?.slots.isEmpty == true)
    var huge = good
    for index in 28..<44 { huge[index] = 0xff }  // the end of the slot wraps around
    #expect(registry(huge, .little) == nil)
    var endless = good
    endless[4] = 0xff
    endless[7] = 0xff
    #expect(registry(endless, .little) == nil)
  }

  @Test func fillRepeatsEveryFourBytes() {
    #expect((0..<6).map { slot.fill[$0] } == [0xde, 0xad, 0xbe, 0xef, 0xde, 0xad])
  }
}
