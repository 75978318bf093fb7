// Reports: what is written can be read again, nothing that is read can break the reader, and what is
// drawn does not overlap.

import MapLang
import Testing
import Text

@testable import MemoryPicture

private func sample() -> MemoryReport {
  var flash = Memory(name: "flash", start: 0x0800_0000, size: 512 << 10)
  flash.used = 61_000
  flash.access = "rx"
  var text = MemoryBlock(name: ".text", kind: .code, address: 0x0800_0000, size: 60_000)
  text.shares = ShareList([
    Share("libc.a", 40_000, ShareList([Share("printf.o", 9_000), Share("<&>\"'\u{1}", 1)])),
    Share("main.o", 20_000),
  ])
  text.shares.moreCount = 3
  text.shares.moreSize = 99
  var image = MemoryBlock(name: "image of .data", kind: .image, address: 0x0800_ea60, size: 1_000)
  image.remark = "runs at 0x2000_0000"
  flash.blocks = [text, image]
  flash.files = text.shares
  flash.symbols = ShareList([Share("operator<<(std::ostream&)</script>", 700), Share("main", 12)])
  var ram = Memory(name: "ram", start: 0x2000_0000, size: 128 << 10)
  ram.used = 3_000
  var data = MemoryBlock(name: ".data", kind: .data, address: 0x2000_0000, size: 1_000)
  data.load = 0x0800_ea60
  ram.blocks = [
    data, MemoryBlock(name: "stack", kind: .reserve, address: 0x2001_fc00, size: 1_024),
  ]
  var report = MemoryReport(title: "firmware.elf", isLinked: true, memories: [flash, ram])
  report.notLoaded = [Share(".debug_info", 1 << 33)]
  return report
}

@Suite struct ReportTests {
  @Test func readsWhatItWrote() {
    let report = sample()
    #expect(MemoryReport(reading: Array(report.json().utf8)) == report)
    #expect(MemoryReport(reading: Array(Picture(report).html().utf8)) == report)
    #expect(MemoryReport(reading: Array(Picture(report, earlier: report).html().utf8)) == report)
  }

  @Test func nothingEscapesFromText() {
    let page = Picture(sample()).html()
    #expect(page.ranges(of: "</script>").count == 1)
    #expect(page.contains("&lt;&amp;&gt;&quot;"))
    #expect(!page.contains("\u{1}"))
    #expect(!page.contains("src=") && !page.contains("http:") && !page.contains("https:"))
  }

  @Test func refusesWhatIsNoReport() {
    for text in [
      "", "{", "[]", "null", "{\"format\": \"swold-memory-report\"}", "\u{0}", "<html></html>",
      String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 100_000),
      "\"\\u12",
      "\"\\ud800\\u0041\"", "{\"format\": \"swold-memory-report\", \"version\": 2}",
    ] {
      #expect(MemoryReport(reading: Array(text.utf8)) == nil)
    }
  }

  @Test func survivesDamage() {
    let bytes = Array(sample().json().utf8)
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<3_000 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let at = Int.random(in: 0..<damaged.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: damaged[at] = UInt8.random(in: 0...255, using: &generator)
        case 1: damaged.removeSubrange(at..<min(damaged.count, at + 7))
        default: damaged.insert(contentsOf: "9999999999".utf8, at: at)
        }
      }
      if let report = MemoryReport(reading: damaged) {
        _ = Picture(sample(), earlier: report).html()
        _ = Picture(report, earlier: sample()).html()
        _ = Picture(report).svg()
      }
    }
  }

  @Test func tellsWhatChanged() {
    let old = sample()
    var new = sample()
    new.memories[0].used = 61_100
    new.memories[0].blocks[0].size = 60_100
    new.memories[0].blocks[1].address = 0x0800_eac4
    new.memories[0].symbols.shares[1].size = 112
    new.memories[0].symbols.shares.append(Share("added", 5))
    new.memories[0].files.shares.removeLast()
    let changes = Changes(from: old, to: new)
    #expect(changes.memories.map(\.growth) == [100, 0])
    #expect(changes.blocks.map(\.name) == [".text", "image of .data"])
    #expect(changes.blocks[1].hasMoved)
    #expect(changes.symbols.map(\.name) == ["main", "added"])
    // The list of files is not complete, so nobody knows that main.o is gone.
    #expect(changes.files.isEmpty)
    let page = Picture(new, earlier: old).html()
    #expect(page.contains("+100 B") && page.contains("from 0x0800_ea60 to 0x0800_eac4"))
    #expect(Picture(old, earlier: old).html().contains("Nothing moved."))
  }
}

@Suite struct DrawingTests {
  @Test func labelsDoNotOverlap() {
    var generator = SystemRandomNumberGenerator()
    for count in 0..<60 {
      let wanted = (0..<count).map { _ in Double.random(in: 0...400, using: &generator) }.sorted()
      let heights = (0..<count).map { $0 % 3 == 0 ? 29.0 : 16 }
      let tops = LabelSpread.tops(wanted: wanted, heights: heights)
      #expect(tops.count == count && tops.allSatisfy { $0 >= 0 })
      for index in tops.indices.dropFirst() {
        #expect(tops[index] >= tops[index - 1] + heights[index - 1] - 0.001)
      }
    }
  }

  @Test func takenRoomIsToScaleAndFreeRoomIsCut() {
    let scale = Scale(
      [0x1000..<0x1300, 0x1300..<0x1400, 0x5000..<0x5100], start: 0x1000, end: 0x9000)
    #expect(scale.stretches.map(\.isFree) == [false, true, false, true])
    #expect(scale.stretches[0].height == 4 * scale.stretches[2].height)
    #expect(scale.stretches[1].isBroken && scale.stretches[3].isBroken)
    #expect(abs(scale.y(0x1300) - 0.75 * scale.stretches[0].height) < 0.001)
    #expect(scale.y(.max) == scale.height && scale.y(0) == 0)
  }

  @Test func overlaysStandSideBySide() {
    var memory = Memory(name: "ram", start: 0, size: 100)
    memory.used = 60
    memory.blocks = [
      MemoryBlock(name: "a", kind: .code, address: 0, size: 50),
      MemoryBlock(name: "b", kind: .code, address: 0, size: 60),
      MemoryBlock(name: "c", kind: .data, address: 60, size: 10),
    ]
    let rows = Rows(memory).rows
    #expect(rows.map(\.lane) == [0, 1, 0])
    #expect(rows.map(\.lanes) == [2, 2, 1])
  }

  @Test func manySmallSectionsShareBars() {
    var memory = Memory(name: "all", start: 0)
    memory.used = 100_000
    memory.blocks = (0..<5_000).map {
      MemoryBlock(
        name: "s\($0)", kind: .data, address: UInt64($0) * 20, size: $0 % 1000 == 7 ? 20 : 10)
    }
    #expect(Rows(memory).rows.count < 40)
  }

  @Test func anyAddressCanBeDrawn() {
    var memory = Memory(name: "top", start: .max - 10, size: .max)
    memory.used = .max
    memory.blocks = [
      MemoryBlock(name: "a", kind: .code, address: .max - 5, size: .max),
      MemoryBlock(name: "b", kind: .code, address: 0, size: .max),
    ]
    let report = MemoryReport(title: "x", isLinked: true, memories: [memory])
    #expect(Picture(report).html().contains("top") && Picture(report).svg().contains("top"))
  }

  @Test func numbersAreReadable() {
    #expect(Words.amount(1023) == "1023 B" && Words.amount(512 << 10) == "512 KiB")
    #expect(Words.amount(12_700) == "12.4 KiB" && Words.grouped(1_234_567) == "1,234,567")
    #expect(Words.percent(1, of: 100_000) == "< 0.1 %" && Words.percent(0, of: 9) == "0 %")
    #expect(Words.shortened("abcdefghij", to: 5) == "ab…ij")
    #expect(hexadecimal(0x2000_0000) == "0x2000_0000")
  }
}

@Suite struct OutlineTests {
  @Test func showsWhatIsKnownOfAMap() throws {
    let text = """
      smap 1;
      region flash { at 0x0800_0000; size 512 KiB; access rx; }
      region ram { at 0x2000_0000; size 64 KiB; }
      place in flash { section .vectors { size 1 KiB; keep take .vectors; } section .text { take @code; } }
      place in ram {
        section .data { load in flash; take @data; }
        section .bss { take @bss; }
        reserve heap { size rest; }
        reserve stack { high; size 4 KiB; }
      }
      """
    let source = SourceFile(name: "x.smap", bytes: Array(text.utf8))
    let map = try #require(MapCompiler.compile([source], defaultMap: nil).map)
    let report = MemoryReport(map, title: "x.smap")
    #expect(report.memories.map(\.name) == ["flash", "ram"])
    #expect(report.memories[0].blocks.map(\.name) == [".vectors", ".text", "image of .data"])
    #expect(report.memories[0].blocks[1].address == 0x0800_0400)
    #expect(report.memories[1].blocks.map(\.name) == [".data", ".bss", "heap", "stack"])
    #expect(report.memories[1].blocks.map(\.kind) == [.data, .zeroed, .reserve, .reserve])
    #expect(Picture(report).svg().contains("image of .data"))
    #expect(MemoryReport(reading: Array(report.json().utf8)) == report)
  }
}
