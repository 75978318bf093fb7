// pad: ROM images that carry their padding. The last ROM segment grows if it can, with a file shift
// if it must; otherwise a segment of its own is added where it runs, or the edit is refused.

import Testing

@Suite struct PadTests {
  /// Builds `fw.elf`: `rom` at 0x08000000, and behind it whatever the layout says.
  private func build(_ box: Sandbox, headers: String, sections: String) {
    box.write(
      "fw.s",
      """
      .globl _start
      .text
      _start: .byte 0x90, 0x90, 0xeb, 0xfe
      .section .rodata,"a",@progbits
      .ascii "read-only data"
      .data
      .long 1, 2, 3, 4
      .bss
      .zero 256
      """)
    box.write("fw.ld", "ENTRY(_start)\nPHDRS { \(headers) }\nSECTIONS { \(sections) }\n")
    box.check(
      "gcc -c fw.s && ld -z max-page-size=4 -z noexecstack -z norelro --build-id=none -T fw.ld "
        + "-o fw.elf fw.o 2>ld.log")
  }

  private static let rom =
    ".text 0x08000000 : { *(.text) } :rom .rodata : { *(.rodata) } :rom "

  /// The image after a pad is the image before it, with 0xff up to the goal; nothing else moved.
  private func expectPadded(_ box: Sandbox, _ goal: Int) throws {
    let old = try #require(LoadedImage(box.read("fw.elf")))
    let new = try #require(LoadedImage(box.read("new")))
    let size = old.flat(fill: 0).count
    let image = new.flat(fill: 0)
    #expect(image.count == goal - 0x0800_0000 && image[size...].allSatisfy { $0 == 0xff })
    // Headers that are loaded may change.
    let headers = old.headerBytes(at: 0x0800_0000)
    func differences(_ old: LoadedImage, _ new: LoadedImage) -> [UInt64] {
      old.differences(from: new).filter { !headers.contains(Int($0) - 0x0800_0000) }
    }
    #expect(differences(old, new).isEmpty)
    #expect(box.edit("lint new").status == 0, "\(box.edit("lint new").output)")
    #expect(box.check("readelf -SW new").contains(" .pad "))
    // RAM is as large as before.
    let memory = "readelf -lW %f | awk '/LOAD/ && $3 ~ /0x0*2000/ {print $3, $4, $6}'"
    #expect(
      box.check(memory.replacing("%f", with: "new"))
        == box.check(memory.replacing("%f", with: "fw.elf")))
    for tool in ["strip", "eu-strip", "llvm-strip-19", "objcopy", "llvm-objcopy-19"] {
      box.check("cp new t && \(tool) t")
      let stripped = try #require(LoadedImage(box.read("t")))
      #expect(differences(new, stripped).isEmpty, "\(tool)")
    }
    let again = box.edit("pad to=\(goal) -i new")
    #expect(again.status == 1 && again.errors.contains("SE-NO-EFFECT"), "\(again)")
  }

  /// The last ROM segment runs where it lies and has free addresses, but no room in the file.
  @Test func romGrowsWithAFileShift() throws {
    let box = Sandbox()
    build(
      box, headers: "rom PT_LOAD FLAGS(5); ram PT_LOAD FLAGS(6);",
      sections: PadTests.rom + "/DISCARD/ : { *(.data) } .bss 0x20000000 : { *(.bss) } :ram")
    let outcome = box.edit("pad to=0x08000400 --json -o new fw.elf")
    #expect(outcome.status == 0 && outcome.output.contains("the file moves by"), "\(outcome)")
    #expect(box.check("readelf -lW new | grep -c LOAD").trimmed == "2")
    try expectPadded(box, 0x0800_0400)
  }

  /// `.data` is stored behind the code and copied: the padding cannot be part of its segment.
  @Test func copiedDataIsFollowedByASegment() throws {
    let box = Sandbox()
    build(
      box, headers: "rom PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6);",
      sections: PadTests.rom
        + ".data 0x20000000 : AT(0x08000100) { *(.data) } :data .bss : { *(.bss) } :data")
    #expect(box.edit("pad to=0x08000400 -o new fw.elf").status == 0)
    #expect(box.check("readelf -lW new | grep -c LOAD").trimmed == "3")
    let pad = box.check("readelf -lW new | awk '/LOAD/ {print $3, $4}' | sort | sed -n 2p")
    #expect(pad.trimmed == "0x0000000008000110 0x0000000008000110")
    try expectPadded(box, 0x0800_0400)
  }

  /// The program header table is part of the ROM: it has a spare entry, or there is no room.
  @Test func loadedTablesNeedASpareEntry() throws {
    for spare in [false, true] {
      let box = Sandbox()
      build(
        box,
        headers: "rom PT_LOAD FILEHDR PHDRS FLAGS(5); data PT_LOAD FLAGS(6); "
          + (spare ? "none PT_NULL;" : ""),
        sections: ". = 0x08000000 + SIZEOF_HEADERS; .text : { *(.text) } :rom "
          + ".rodata : { *(.rodata) } :rom "
          + ".data 0x20000000 : AT(0x08000200) { *(.data) } :data .bss : { *(.bss) } :data")
      let before = box.sha("fw.elf")
      let outcome = box.edit("pad to=0x08000400 -o new fw.elf")
      if spare {
        #expect(outcome.status == 0, "\(outcome)")
        try expectPadded(box, 0x0800_0400)
      } else {
        #expect(outcome.status == 1 && outcome.errors.contains("SE-NO-ROOM"), "\(outcome)")
        #expect(box.sha("fw.elf") == before && box.run("test -e new").status != 0)
      }
    }
  }

  /// RAM begins where the ROM's addresses would go on.
  @Test func takenAddressesAreNoRoom() {
    let box = Sandbox()
    for (data, goal) in [
      (".data 0x08000200 : AT(0x08000100) { *(.data) } :data", 0x0800_0400),
      (".bss 0x08000100 : { *(.bss) } :data /DISCARD/ : { *(.data) }", 0x0800_0400),
    ] {
      build(
        box, headers: "rom PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6);",
        sections: PadTests.rom + data)
      let outcome = box.edit("pad to=\(goal) -o new fw.elf")
      #expect(outcome.status == 1 && outcome.errors.contains("SE-NO-ROOM"), "\(outcome)")
      #expect(outcome.errors.contains("program header 1"), "\(outcome)")
    }
  }

  /// A ROM with trailing bss is followed by a segment, too, for bss must not become file bytes.
  @Test func bssIsNotFileBytes() {
    let box = Sandbox()
    build(
      box, headers: "rom PT_LOAD FLAGS(7);",
      sections: PadTests.rom + ".data : { *(.data) } :rom .bss : { *(.bss) } :rom")
    let outcome = box.edit("pad to=0x08000400 -o new fw.elf")
    // Its own addresses are those of the bss.
    #expect(outcome.status == 1 && outcome.errors.contains("SE-NO-ROOM"), "\(outcome)")
  }

  /// Without section headers a pad is found by its load addresses.
  @Test func strippedHeaders() throws {
    let box = Sandbox()
    build(
      box, headers: "rom PT_LOAD FLAGS(5); ram PT_LOAD FLAGS(6);",
      sections: PadTests.rom + "/DISCARD/ : { *(.data) } .bss 0x20000000 : { *(.bss) } :ram")
    box.check("llvm-strip-19 --strip-sections fw.elf")
    #expect(box.edit("pad to=0x08000400 -o new fw.elf").status == 0)
    let old = try #require(LoadedImage(box.read("fw.elf")))
    let new = try #require(LoadedImage(box.read("new")))
    #expect(new.flat(fill: 0).count == 0x400 && old.differences(from: new).isEmpty)
    let again = box.edit("pad to=0x08000400 -i new")
    #expect(again.status == 1 && again.errors.contains("SE-NO-EFFECT"), "\(again)")
  }
}
