// What people do to programs that some other linker made: many files at once, the same edit twice, a
// debug file, values that depend on where they stand.

import Testing

@Suite struct EverydayTests {
  private let box = Sandbox()

  private func program(_ name: String = "h", _ flags: String = "") {
    box.write("h.c", "#include <stdio.h>\nint main(void){puts(\"ok\");return 0;}\n")
    box.check("gcc -g -B/usr/bin -fuse-ld=bfd \(flags) h.c -o \(name)")
  }

  // MARK: Several files

  @Test func severalFilesAreOneTransaction() {
    program("a")
    box.check("objcopy -R .comment a b; mkdir -p t/u; cp a t/c; cp a t/u/d; cp h.c t; ln -s c t/e")
    let before = box.check("sha256sum a b t/c t/u/d")
    let words = "-e 'section rename .comment .c2' -i"
    let refused = box.edit("apply \(words) t a b")
    #expect(refused.status == 1 && refused.errors.contains("file: b"), "\(refused)")
    #expect(refused.errors.contains("4 files, 0 changed, 1 refused, so nothing was written"))
    #expect(box.check("sha256sum a b t/c t/u/d") == before)
    #expect(box.check("find . -name '*swold-edit-*'").isEmpty)
    // The same file by two names is edited once; one by one the others are edited.
    let each = box.edit("apply \(words) -k t t/e a b ./a --backup .old")
    #expect(each.status == 1 && each.errors.contains("4 files, 3 changed, 1 refused"), "\(each)")
    for name in ["a", "t/c", "t/u/d"] {
      box.check("readelf -SW \(name) | grep -q ' .c2 '; test -f \(name).old")
    }
    box.check("test -L t/e; test ! -f b.old")
    let json = box.edit("apply -e 'section rename .c2 .c3' --json -i a t/c")
    #expect(json.output.split(separator: "\n").count == 2 && json.status == 0, "\(json)")
    #expect(json.output.ranges(of: "\"written\":true").count == 2)
    let none = box.edit("apply -e 'section rename .c3 .c4' --json -i a b")
    #expect(none.output.ranges(of: "\"written\":false").count == 2 && none.status == 1, "\(none)")
    let same = box.edit("apply -e 'section dump .comment to=x' a b t/c.old")
    #expect(same.status != 0, "\(same)")
    let clash = box.edit("apply -e 'section dump .text to=x' a t/c")
    #expect(clash.status == 3 && clash.errors.contains("both write"), "\(clash)")
    #expect(box.edit("apply -e seal -i .").status == 1)
    box.check("mkdir empty")
    #expect(box.edit("apply -e seal -i empty").errors.contains("no program or shared library"))
  }

  @Test func aRenameThatFailsTakesTheOthersBack() {
    program("a")
    box.check("mkdir t; cp a t/b; cp a x; chattr +i x 2>/dev/null || true")
    guard box.run("lsattr x | grep -q '^....i'").status == 0 else { return }
    let before = box.check("sha256sum a t/b x")
    let outcome = box.edit("apply -e 'section add .n str:a' --hardlinks break -i a t/b x")
    box.check("chattr -i x")
    #expect(outcome.status == 3, "\(outcome)")
    #expect(box.check("sha256sum a t/b x") == before)
    #expect(box.check("find . -name '*swold-edit-*'").isEmpty)
  }

  // MARK: Twice

  @Test func everyVerbTwiceIfNeeded() {
    program("h")
    box.buildFirmware("fw")
    box.buildProgram("app")
    box.check("objcopy --only-keep-debug h p.dbg")
    let lines: [(file: String, edit: String)] = [
      ("h", "section rename .comment .comment2"), ("h", "section add .n str:a align=4"),
      ("h", "section remove .comment"), ("h", "section replace .comment str:x expect=str:GCC"),
      ("h", "section flags .comment S"), ("h", "debug split to=h.dbg link=yes"),
      ("h", "debug split to=h2.dbg compress=zlib"), ("h", "debug link to=p.dbg"),
      ("h", "debug strip"), ("h", "debug compress"), ("h", "symbol rename main mymain"),
      ("h", "symbol localize _IO_stdin_used"),
      ("h", "symbol weaken _IO_stdin_used"), ("h", "symbol hide _IO_stdin_used"),
      ("h", "symbol remove glob:_IO_*"), ("h", "symbol add here = (sym(main) + 4)"),
      ("h", "note set X 7 str:hello"), ("h", "note remove GNU 99"), ("h", "build-id recompute"),
      ("h", "build-id set 0011223344556677889900112233445566778899"), ("h", "entry (sym(main))"),
      ("h", "interp /lib64/l.so expect=str:/lib64/ld-linux-x86-64.so.2"),
      ("h", "needed remove libnone.so"), ("h", "rpath remove"),
      ("h", "insert .data2 str:hello flags=r"), ("h", "insert .n2 str:hello where=nonalloc"),
      ("app", "put slot:ident str:x expect=hex:00"), ("app", "insert .seg str:x where=segment"),
      ("app", "rpath set /a expect=str:"), ("app", "rpath add /b"), ("app", "needed add libm.so.6"),
      ("fw", "poke u32 sym:vectors+0x1c = (sum32(sym:vectors,+0x1c)) expect=u32:0 wrap=yes"),
      ("fw", "fill rom holes=0xFF claim=yes"), ("fw", "fill sec:.rodata all=1 replace=yes"),
      ("fw", "lma all by=0x20000 remap=yes expect=0x08000000"),
      ("fw", "lma seg:1 to=0x08000300"), ("fw", "digest crc-32c over=sec:.text into=slot:crc"),
      ("fw", "seal drop=yes"),
    ]
    for (file, edit) in lines {
      box.check("rm -f a b")
      let allow = edit.hasPrefix("lma seg") ? "--allow SE-LOADADDR" : ""
      let extra = edit == "seal drop=yes" ? "-e 'put slot:sig zero:256 if-needed'" : ""
      let first = box.edit("apply \(allow) \(extra) -e '\(edit) if-needed' -o a \(file)")
      #expect(first.status == 0, "\(edit): \(first.errors)")
      let second = box.edit("apply \(allow) -e '\(edit) if-needed' -o b a")
      #expect(second.status == 0, "\(edit): \(second.errors)")
      #expect(box.run("cmp a b").status == 0, "\(edit)")
    }
    // A link to another debug file is not the same.
    box.check("'\(Sandbox.editor)' debug split to=h.dbg link=yes -o a h; echo x >> h.dbg")
    #expect(box.edit("debug split to=h.dbg link=yes if-needed -o b a").errors.contains("CRC"))
  }

  // MARK: Kinds of files

  @Test(arguments: ["mips", "mipsel", "mips64", "mips64el"])
  func valuesRelativeToTheirEntryFollowIt(_ machine: String) {
    box.write("l.c", "int f(void){return 1;}")
    box.write("m.c", "int f(void); int main(void){return f();}")
    let clang = "clang-19 --target=\(machine)-linux-gnu -nostdlib -fuse-ld=lld"
    box.check("\(clang) -fPIC -shared l.c -o l.so -Wl,-soname,l.so")
    box.check(
      "\(clang) -fPIE -pie -Wl,-e,main,-rpath,/opt/aaaa,--dynamic-linker=/lib/ld.so.1 -o m m.c ./l.so"
    )
    box.check("'\(Sandbox.editor)' rpath remove -o less m; '\(Sandbox.editor)' lint less")
    box.check("'\(Sandbox.editor)' needed add aaaa -o more less")
    box.write(
      "target.py",
      """
      import subprocess,sys,re
      for f in sys.argv[1:]:
          base=int(re.search(r'DYNAMIC +0x\\w+ 0x(\\w+)',subprocess.getoutput('readelf -lW '+f)).group(1),16)
          rows=re.findall(r'^ 0x(\\w+) \\((\\w+)\\) +(0x\\w+)?',subprocess.getoutput('readelf -dW '+f),re.M)
          k=[r[1] for r in rows].index('MIPS_RLD_MAP_REL')
          print(hex(base+k*len(rows[0][0])+int(rows[k][2],16)))
      """)
    let places = box.check("python3 target.py m less more").split(separator: "\n")
    #expect(places.count == 3 && Set(places).count == 1, "\(places)")
  }

  @Test func appendedSignaturesAreRefusedWhereverTheResultGoes() {
    program("h")
    box.check("printf 'xxxxxxxxxxxx~Module signature appended~\\n' >> h")
    for words in ["-o o", "-n", "-i", "-o /dev/null", "--check"] {
      let outcome = box.edit("section add .x str:a \(words) h")
      #expect(outcome.errors.contains("SE-SIGNED-OVERLAY") && outcome.status == 1, "\(outcome)")
    }
    box.check("test ! -e o")
    #expect(box.edit("section add .x str:a --overlay drop -o o h").status == 0)
  }

  @Test func staticProgramsAreNotBareMetal() {
    program("h", "-static")
    box.check("head -c 20000 /dev/zero > big")
    for edit in ["insert .p file:big", "insert .p file:big lma=0x10000000"] {
      let outcome = box.edit("\(edit) -o o h")
      #expect(outcome.status == 0, "\(outcome)")
      #expect(box.run("./o").output == box.run("./h").output)
    }
    for edit in ["lma all by=+0x1000", "pad size=0x1000000"] {
      let outcome = box.edit("\(edit) -o o h")
      #expect(outcome.status == 1 && !outcome.errors.contains("bare-metal segment"), "\(outcome)")
    }
    #expect(box.edit("lint h").output.isEmpty)
    // Its relocations say that they use .symtab, and name no symbol of it.
    box.check(
      "'\(Sandbox.editor)' debug split to=h.dbg link=yes -o s h; ./s; '\(Sandbox.editor)' lint s")
    box.check("'\(Sandbox.editor)' debug strip -o s h; ./s; ! readelf -SW s | grep symtab")
  }

  @Test(arguments: [
    "", "-m32 -nostdlib -static -Wl,-e,main", "-fuse-ld=lld", "-fuse-ld=gold", "-static",
    "-shared -fPIC", "-Wl,-z,max-page-size=65536",
  ])
  func debugFilesAreWellFormed(_ flags: String) {
    box.write("h.c", "__thread int t = 3; int main(void) { return t; }\n")
    guard
      box.run("gcc -g -Wl,--build-id=sha1 -B/usr/bin -fuse-ld=bfd \(flags) h.c -o h").status == 0
    else { return }
    box.check(
      "'\(Sandbox.editor)' debug split link=yes to=h.debug -o s h; '\(Sandbox.editor)' lint h.debug"
    )
    let lint = box.run("eu-elflint --gnu-ld -d h.debug | grep -v __ehdr_start").output
    // What is wrong with the symbols and flags of the program is wrong in its debug file, too.
    let known = box.run("objcopy --only-keep-debug h peer; eu-elflint --gnu-ld -d peer").output
    for line in lint.split(separator: "\n")
    where line != "No errors" && !known.contains(line) {
      Issue.record("\(flags): \(line)")
    }
    #expect(box.check("readelf -nW h.debug").contains("Build ID"))
    box.check("eu-unstrip -o u s h.debug; gdb -batch -ex 'info line main' s | grep 'Line 1 '")
  }

  @Test func readOnlyDataPrefersReadOnlyMemory() {
    box.write(
      "f.s",
      ".text\n.globl _start\n_start: .fill 64,1,0x90\n.section .rodata,\"a\"\n.fill 64,1,1\n.data\n.fill 8,1,2\n"
    )
    box.write(
      "f.ld",
      """
      PHDRS { x PT_LOAD FLAGS(5); r PT_LOAD FLAGS(4); w PT_LOAD FLAGS(6); }
      SECTIONS { .text 0x10000 : { *(.text) } :x .rodata 0x20000 : { *(.rodata) } :r .data 0x30000 : { *(.data) } :w }
      """)
    box.check("gcc -c f.s && ld -z max-page-size=4096 -T f.ld -o f f.o 2>/dev/null")
    for (words, address) in [
      ("", "00020040"), ("where=tail", "00020040"), ("flags=rx", "00010040"),
      ("flags=rw", "00030008"),
    ] {
      box.check("'\(Sandbox.editor)' insert .new str:hello \(words) -o o f")
      let line = box.check("readelf -SW o | grep -F ' .new '")
      #expect(line.contains(address), "\(words): \(line)")
    }
  }
}
