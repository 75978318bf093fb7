// The eight stories of docs/SwoldEdit.md, each checked by tools that share no code with us.

import Testing

@Suite struct StoryTests {
  @Test func story1FirmwareChecksumAndIntelHex() {
    let box = Sandbox()
    box.buildFirmware("fw.elf")
    box.check(
      """
      '\(Sandbox.editor)' apply -o fw.rel.elf fw.elf -e 'fill rom holes=0xFF claim=yes' \
        -e 'digest crc-32/iso-hdlc over=lma:0x08000000..lma:0x0800FFFC holes=0xFF into=slot:crc endian=le'
      '\(Sandbox.editor)' export ihex fill=0xFF pad-to=0x08010000 -o fw.hex fw.rel.elf
      """)
    // The linker filled the holes inside segments with zeros; erased flash reads 0xff.
    box.check(
      """
      objcopy -O binary --gap-fill 0xff --pad-to 0x08010000 fw.elf f.bin
      srec_cat f.bin -binary -offset 0x08000000 -exclude 0x0800FFFC 0x08010000 \
        -crc32-l-e 0x0800FFFC -o o.hex -intel
      srec_cmp o.hex -intel fw.hex -intel
      """)
    let bin = box.check(
      "objcopy -I ihex -O binary fw.hex h.bin; python3 -c \"import zlib;b=open('h.bin','rb').read();"
        + "print(len(b), zlib.crc32(b[:-4]) == int.from_bytes(b[-4:],'little'))\"")
    #expect(bin == "65536 True\n")
    // The ELF itself can be flashed, and claimed holes survive strip tools.
    box.check(
      "objcopy -O ihex fw.rel.elf g.hex; srec_cat fw.hex -intel -crop 0x0800fffc 0x08010000 -o a.s19;"
        + "srec_cat g.hex -intel -crop 0x0800fffc 0x08010000 -o b.s19; srec_cmp a.s19 b.s19")
    box.check("'\(Sandbox.editor)' export bin fill=0xFF -o before.bin fw.rel.elf")
    for tool in ["strip", "eu-strip", "llvm-strip-19"] {
      box.check(
        "cp fw.rel.elf t && \(tool) t && '\(Sandbox.editor)' export bin fill=0xFF -o t.bin t && cmp before.bin t.bin"
      )
    }
  }

  @Test func story2VectorTableChecksum() {
    let box = Sandbox()
    box.buildFirmware("fw.elf")
    let edit = """
      poke u32 sym:vectors+0x1c = '(0 - sum32(sym:vectors,+0x1c))' wrap=yes expect=u32:0 -i v.elf
      """
    box.check("cp fw.elf v.elf")
    #expect(box.edit(edit).status == 0)
    box.check(
      """
      objcopy -O binary -j .vectors fw.elf v.bin
      srec_cat v.bin -bin -crop 0 0x1c -checksum-neg-l-e 0x1c 4 4 -o want.bin -bin
      objcopy -O binary -j .vectors v.elf got.bin
      cmp want.bin got.bin
      """)
    let changed = box.run("cmp -l fw.elf v.elf | wc -l").output
    #expect((Int(changed.filter(\.isNumber)) ?? 99) <= 4)
    let before = box.sha("v.elf")
    let second = box.edit(edit)
    #expect(second.status == 1 && second.errors.contains("SE-EXPECT"))
    #expect(box.sha("v.elf") == before)
  }

  @Test func story3VersionTextInAHostedProgram() {
    let box = Sandbox()
    box.buildProgram()
    let id = box.check("readelf -n app | grep 'Build ID'")
    let edit = """
      apply -D GIT='v1.2 dirty' -i app -e 'put slot:ident strz:%{GIT}' \
        -e 'note set SWOLD 0x100 strz:%{GIT} section=.note.swold.version'
      """
    box.check("cp app app.a; cp app app.b")
    #expect(box.edit(edit).status == 0)
    #expect(box.check("./app --version") == "v1.2 dirty\n")
    #expect(box.check("readelf -n app | grep 'Build ID'") == id)
    #expect(box.check("readelf -nW app").contains(".note.swold.version"))
    #expect(box.check("readelf -x .note.swold.version app").contains("v1.2 dirt"))
    box.check("strip app")
    #expect(box.check("./app --version") == "v1.2 dirty\n")

    let before = box.sha("app.a")
    let long = box.edit("put slot:ident str:\(String(repeating: "x", count: 70)) -i app.a")
    #expect(long.status == 1 && long.errors.contains("SE-SLOT-OVERFLOW"))
    #expect(box.sha("app.a") == before)
    #expect(box.edit(edit.replacing("app ", with: "app.a ")).status == 0)
    #expect(box.edit(edit.replacing("app ", with: "app.b ")).status == 0)
    box.check("cmp app.a app.b")
  }

  @Test func story4Signature() {
    let box = Sandbox()
    box.buildFirmware("fw.elf")
    box.check(
      """
      openssl genrsa -out k.pem 2048 2>/dev/null && openssl rsa -in k.pem -pubout -out p.pem 2>/dev/null
      '\(Sandbox.editor)' export tbs over=rom except=slot:sig holes=0xFF -o tbs.bin fw.elf
      openssl dgst -sha256 -sign k.pem -out sig.bin tbs.bin
      '\(Sandbox.editor)' apply -o s.elf -e 'put slot:sig file:sig.bin' -e seal fw.elf
      '\(Sandbox.editor)' export tbs over=rom except=slot:sig holes=0xFF -o tbs2.bin s.elf
      cmp tbs.bin tbs2.bin
      objcopy -O binary -j .slot.sig s.elf slot.bin
      openssl dgst -sha256 -verify p.pem -signature slot.bin tbs2.bin
      """)
    // A flipped byte outside of the slot is found.
    #expect(box.edit("put sym:table hex:ff pad=keep expect=hex:72 -o bad.elf s.elf").status == 0)
    box.check(
      "'\(Sandbox.editor)' export tbs over=rom except=slot:sig holes=0xFF -o "
        + "bad.bin bad.elf")
    #expect(box.run("openssl dgst -sha256 -verify p.pem -signature slot.bin bad.bin").status != 0)
    let late = box.edit("put slot:ident str:x -i s.elf")
    #expect(late.status == 1 && late.errors.contains("SE-SEALED"))
    let unfilled = box.edit("seal -i fw.elf")
    #expect(unfilled.status == 1 && unfilled.errors.contains("SE-SLOT-UNFILLED"))
  }

  @Test func story5PaddedRom() {
    let box = Sandbox()
    box.buildFirmware("fw.elf", slots: false)
    box.check(
      """
      '\(Sandbox.editor)' export bin fill=0xFF pad-to=0x08010000 -o rom.bin fw.elf
      objcopy -O binary --gap-fill 0xff --pad-to 0x08010000 fw.elf want.bin
      """)
    #expect(box.read("rom.bin").count == 65536)
    // objcopy fills the gaps between sections, too; `fill` does that on purpose and visibly.
    box.check(
      """
      '\(Sandbox.editor)' fill rom holes=0xff -o filled.elf fw.elf
      '\(Sandbox.editor)' export bin fill=0xFF pad-to=0x08010000 -o rom2.bin filled.elf
      cmp rom2.bin want.bin
      '\(Sandbox.editor)' pad to=0x08010000 byte=0xFF -o padded.elf fw.elf
      """)
    let memory = "readelf -lW %f | awk '/LOAD/ && $3 ~ /0x0*2000/ {print $5, $6}'"
    #expect(
      box.check(memory.replacing("%f", with: "padded.elf"))
        == box.check(
          memory.replacing(
            "%f",
            with: "fw.elf")))
    #expect(box.check(memory.replacing("%f", with: "fw.elf")).hasPrefix("0x"))
    for tool in ["strip", "eu-strip"] {
      let sections = box.check("cp padded.elf t && \(tool) t && readelf -SW t")
      #expect(sections.contains(".pad"), "\(tool)")
      box.check("'\(Sandbox.editor)' export bin fill=0xFF -o t.bin t")
      #expect(box.read("t.bin").count == 65536, "\(tool)")
    }
  }

  @Test func story6InterpreterAndRunPath() {
    let box = Sandbox()
    // A long but valid path leaves room in .interp.
    let dots = String(repeating: "./", count: 60)
    box.buildProgram(flags: "-Wl,--dynamic-linker=/lib64/\(dots)ld-linux-x86-64.so.2")
    let symbols = box.check("nm -D app")
    let edit = """
      apply -i app -e 'interp /lib64/ld-linux-x86-64.so.2' \
        -e 'rpath set /store/HASH-glibc/lib:$ORIGIN/../lib'
      """
    let old = box.read("app").count
    #expect(box.edit(edit).status == 0)
    #expect(box.check("patchelf --print-interpreter app") == "/lib64/ld-linux-x86-64.so.2\n")
    #expect(box.check("patchelf --print-rpath app") == "/store/HASH-glibc/lib:$ORIGIN/../lib\n")
    #expect(box.check("readelf -dW app").contains("[/store/HASH-glibc/lib:$ORIGIN/../lib]"))
    #expect(box.check("./app") == "12345678 7 0\n")
    #expect(box.check("nm -D app") == symbols)
    box.check("/lib64/ld-linux-x86-64.so.2 --verify ./app")
    // Without spare bytes in .dynstr the table moves once; then the size is constant.
    let size = box.read("app").count
    #expect(size <= old + 2 * 4096)
    for round in 0..<20 {
      #expect(
        box.edit(
          "rpath set /a/\(round)/\(String(repeating: "b", count: round)) -i "
            + "app"
        ).status == 0)
    }
    #expect(box.read("app").count == size)
    #expect(box.check("./app") == "12345678 7 0\n")
    for tool in ["strip", "eu-strip", "llvm-strip-19"] {
      #expect(
        box.check(
          "cp app t && \(tool) t && ./t && patchelf --print-rpath "
            + "t"
        ).contains("/a/19/"))
    }
    #expect(box.edit("rpath set /a/19/\(String(repeating: "b", count: 19)) -i app").status == 1)
    #expect(
      box.edit("rpath set if-needed /a/19/\(String(repeating: "b", count: 19)) -i app").status == 0)
  }

  @Test func story7LoadAddressShift() {
    let box = Sandbox()
    box.buildFirmware("fw.elf")
    box.check(
      """
      '\(Sandbox.editor)' lma all by=+0x20000 remap=yes expect=0x08000000 -o b.elf fw.elf
      '\(Sandbox.editor)' export ihex -o b.hex b.elf
      '\(Sandbox.editor)' export ihex -o a.hex fw.elf
      srec_cat a.hex -intel -offset 0x20000 -exec-start-address=0x8000100 -o e.hex -intel
      srec_cmp e.hex -intel b.hex -intel
      """)
    func column(_ file: String, _ number: Int) -> [Int] {
      box.check("readelf -lW \(file) | awk '/LOAD/ {print $\(number)}'").split(separator: "\n")
        .compactMap { Int($0.dropFirst(2), radix: 16) }
    }
    #expect(column("b.elf", 3) == column("fw.elf", 3))
    #expect(column("b.elf", 4) == column("fw.elf", 4).map { $0 + 0x20000 })
    let single = box.edit("lma seg:1 to=0x08001000 -o x fw.elf")
    #expect(
      single.status == 1 && single.errors.contains("SE-LOADADDR")
        && single.errors.contains("_sidata"))
    let again = box.edit("lma all by=+0x20000 remap=yes expect=0x08000000 -i b.elf")
    #expect(again.status == 1 && again.errors.contains("SE-EXPECT"))
  }

  @Test func story8SplitDebugFile() {
    let box = Sandbox()
    box.buildProgram()
    #expect(
      box.edit("debug split link=yes compress=zlib to=app.debug -o app.stripped app").status == 0)
    let link = box.run("readelf -wk app.stripped").output
    #expect(link.contains("Separate debug info file: app.debug"))
    let crc = box.check(
      "python3 -c \"import zlib;print(hex(zlib.crc32(open('app.debug','rb').read())))\"")
    #expect(link.contains(crc.trimmed))
    let id = "readelf -n %f 2>/dev/null | grep 'Build ID'"
    #expect(
      box.check(id.replacing("%f", with: "app.stripped"))
        == box.check(
          id.replacing(
            "%f",
            with: "app.debug")))
    #expect(
      box.check(
        "timeout 20 gdb -nx -batch -ex 'info line main' app.stripped "
          + "2>&1"
      ).contains("of \"app.c\""))
    #expect(
      box.check(
        "eu-unstrip app.stripped app.debug -o joined && nm "
          + "joined"
      ).contains(" T main"))
    #expect(box.check("./joined") == "12345678 7 0\n")
    #expect(!box.run("readelf -SW app.debug").output.contains("debuglink"))
    #expect(!box.check("readelf -SW app.stripped").contains(".debug_info"))
    let second = box.edit("debug link to=app.debug -i app.stripped")
    #expect(second.status == 1 && second.errors.contains("SE-ALREADY"))
    let late = box.edit("apply -o x -e 'debug split to=y' -e 'build-id recompute' app")
    #expect(late.status == 1 && late.errors.contains("SE-STALE-DIGEST"))
    #expect(box.run("test -e y").status != 0, "a refused run writes no side file")
  }
}

extension String {
  var trimmed: String { String(split(separator: "\n").first ?? "") }
}
