// What other tools get wrong (the table in the design), and what we say instead. Each refusal
// leaves the file as it was.

import Testing

@Suite struct RefusalTests {
  /// Runs an edit that must be refused with `code`.
  private func refuses(
    _ box: Sandbox, _ file: String, _ edit: String, _ code: String,
    _ location: SourceLocation = #_sourceLocation
  ) {
    let before = box.sha(file)
    let outcome = box.edit("\(edit) -i \(file)")
    #expect(outcome.status == 1, "\(edit): \(outcome.errors)", sourceLocation: location)
    #expect(outcome.errors.contains(code), "\(edit): \(outcome.errors)", sourceLocation: location)
    #expect(box.sha(file) == before, sourceLocation: location)
  }

  @Test func hostedPrograms() {
    let box = Sandbox()
    box.buildProgram()
    refuses(box, "app", "put slot:ident zero:65", "SE-SLOT-OVERFLOW")
    refuses(box, "app", "put sym:zeros hex:01 pad=keep", "SE-NOT-IN-FILE")
    refuses(box, "app", "put sym:main hex:90 pad=keep", "SE-CODE")
    refuses(box, "app", "put sym:pointer zero:8", "SE-RELOC-OVERLAP")
    refuses(box, "app", "poke u64 sym:counter = '(sym(main))'", "SE-PIE-ABS")
    refuses(box, "app", "poke u8 sym:counter = '(256)'", "SE-VALUE")
    refuses(box, "app", "lma all by=4096 remap=yes", "SE-HOSTED-LMA")
    refuses(box, "app", "section remove .dynstr", "SE-LINKED")
    refuses(box, "app", "section remove .strtab", "SE-LINKED")
    refuses(box, "app", "section remove .shstrtab", "SE-LINKED")
    refuses(box, "app", "section replace .rodata zero:5000", "SE-SLOT-OVERFLOW")
    refuses(box, "app", "needed remove libc.so.6", "SE-LINKED")
    refuses(box, "app", "entry '(sym(counter))'", "SE-VALUE")
    refuses(box, "app", "put slot:nobody str:x", "SE-NOT-FOUND")
    refuses(box, "app", "build-id recompute style=sha256", "SE-VALUE")
    refuses(box, "app", "insert .x zero:100000 where=tail", "SE-NO-ROOM")
    refuses(box, "app", "note set SWOLD 2 str:x", "SE-VALUE")
    refuses(
      box, "app", "apply -e 'digest sum32 over=seg:4 into=slot:tag' -e 'put slot:ident str:x'",
      "SE-STALE-DIGEST")
    refuses(box, "app", "apply -e 'assert (1 > 2) never'", "SE-ASSERT")
    refuses(box, "app", "put off:0 hex:00", "SE-VALUE")
    refuses(box, "app", "section flags .dynamic a", "SE-RELRO")
    for section in [
      ".interp", ".note.gnu.build-id", ".gnu.hash", ".dynsym", ".dynstr", ".gnu.version",
      ".gnu.version_r", ".rela.dyn", ".eh_frame_hdr", ".dynamic", ".symtab", ".strtab", ".shstrtab",
    ] {
      refuses(
        box, "app", "put sec:\(section)+1 hex:99a7b3 --allow SE-RELOC-OVERLAP", "SE-STRUCTURE")
    }
    refuses(box, "app", "put va:0x48 hex:99", "SE-STRUCTURE")
    refuses(box, "app", "put va:0x18 hex:99", "SE-STRUCTURE")
  }

  @Test func runPathThatIsNotText() {
    let box = Sandbox()
    box.buildProgram()
    box.check("gcc -o latin app.c app.s -Wl,-rpath,$(printf '/m\\374ll')")
    for edit in ["rpath add /a", "rpath set /a", "rpath shrink root=/", "rpath remove scrub=yes"] {
      refuses(box, "latin", edit, "SE-UNSUPPORTED")
    }
    #expect(box.edit("rpath remove -i latin").status == 0)
    #expect(!box.check("readelf -d latin").contains("runpath"))
  }

  @Test func waiversWork() {
    let box = Sandbox()
    box.buildProgram()
    #expect(
      box.edit("put sym:pointer zero:8 --allow SE-RELOC-OVERLAP -o a app").status == 0)
    #expect(box.edit("put sym:pointer zero:8 --allow SE-EXPECT -o a app").status == 2)
    #expect(
      box.edit("poke u64 sym:counter = '(sym(main) - sym(sum))' wrap=yes -o a app").status
        == 1)
    #expect(
      box.edit(
        "poke u32 sym:counter = '(sym(main) - sym(_init))' wrap=yes -o a "
          + "app"
      ).status == 0)
  }

  @Test func firmware() {
    let box = Sandbox()
    box.buildFirmware("fw.elf")
    refuses(box, "fw.elf", "lma all by=0x1000", "SE-LOADADDR")
    refuses(box, "fw.elf", "digest crc-32c over=rom into=slot:crc", "SE-HOLE-DIGEST")
    refuses(
      box, "fw.elf", "digest crc-32c over=lma:0..lma:0x10000000 holes=0 into=slot:crc", "SE-SPAN")
    refuses(box, "fw.elf", "seal", "SE-SLOT-UNFILLED")
    refuses(
      box, "fw.elf", "apply -e 'put slot:ident str:a' -e 'put slot:ident str:b'", "SE-SLOT-REWRITE")
    refuses(box, "fw.elf", "pad to=0x08001000", "SE-NO-ROOM")
    refuses(box, "fw.elf", "insert .x str:hello where=segment", "SE-NO-ROOM")
    refuses(box, "fw.elf", "interp /x", "SE-UNSUPPORTED")
    refuses(box, "fw.elf", "export bin range=seg:0,seg:1 to=x span=16", "SE-SPAN")
  }

  @Test func protectedSegments() {
    let box = Sandbox()
    // The only hole lies in the TLS template, and then in RELRO.
    box.write(
      "t.s",
      """
      .text
      .globl _start
      _start: nop
      .section .data
      .quad 4
      """)
    box.write(
      "t.ld",
      """
      PHDRS { text PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6); tls PT_TLS FLAGS(4); }
      SECTIONS {
        .text 0x400000 : { *(.text) } :text
        .first 0x500000 : { QUAD(1) } :data :tls
        .data 0x500100 : { *(.data) } :data :tls
      }
      """)
    box.check("gcc -c t.s && ld -e _start -T t.ld -o t t.o 2>/dev/null")
    for code in ["SE-TLS", "SE-RELRO"] {
      refuses(box, "t", "insert .x str:hello flags=rw where=hole", code)
      refuses(box, "t", "section flags .first aw", code)
      // The same range as PT_GNU_RELRO.
      box.check(
        """
        python3 - <<'P'
        import struct
        d=bytearray(open('t','rb').read())
        ph,=struct.unpack_from('<Q',d,32)
        for i in range(struct.unpack_from('<H',d,56)[0]):
          if d[ph+56*i]==7: struct.pack_into('<I',d,ph+56*i,0x6474e552)
        open('t','wb').write(d)
        P
        """)
    }
  }

  @Test func inputsThatAreNotPrograms() {
    let box = Sandbox()
    box.write("a.c", "int x;")
    box.check(
      "gcc -c a.c; ar rc a.a a.o; printf hello > text; printf '\\177ELF' > short; "
        + ": > empty")
    #expect(box.edit("note set X 1 str:a -i a.o").errors.contains("SE-ETREL"))
    #expect(box.edit("note set X 1 str:a -i a.a").errors.contains("SE-ETREL"))
    for file in ["text", "short", "empty"] {
      let outcome = box.edit("note set X 1 str:a -i \(file)")
      #expect(outcome.status == 3 && outcome.errors.contains("SE-MALFORMED"), "\(file)")
    }
    #expect(box.edit("show nowhere").status == 3)
    #expect(box.edit("show .").status == 3)
  }

  @Test func usageErrorsExitTwo() {
    let box = Sandbox()
    box.buildProgram()
    let before = box.sha("app")
    for line in [
      "put slot:ident str:x app", "put slot:ident -i app", "frob app", "put -i", "--unknown",
      "apply -e 'put slot:ident' -i app", "apply -e 'seal' -o a -i app", "apply -f nowhere.sedit",
      "put slot:ident str:x --allow SE-NOTHING -i app", "show bogus app", "lint bogus app",
      "apply -D X -e seal -i app",
    ] {
      let outcome = box.edit(line)
      #expect(
        outcome.status == 2 || outcome.errors.contains("nowhere"),
        "\(line): \(outcome.status)")
      #expect(!outcome.errors.isEmpty)
    }
    #expect(box.sha("app") == before)
    #expect(box.edit("--help").status == 0)
    #expect(box.edit("put --help").output.contains("PLACE DATA"))
    #expect(box.edit("--version").status == 0)
  }
}
