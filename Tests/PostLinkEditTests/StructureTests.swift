// Structural edits: what is inserted is loaded, survives the strip tools, and nothing else moves.

import Testing

@Suite struct StructureTests {
  static let tools = [
    "strip f", "strip -g f", "eu-strip f", "llvm-strip-19 f", "objcopy f", "llvm-objcopy-19 f",
    "patchelf --set-rpath /x f",
  ]

  /// Every verb that changes structure, in each of its forms, with a check that its result is still
  /// there; the tools that remove symbols, debug information or notes are excused from those.
  static let verbs: [(edit: String, check: String)] = [
    ("insert .extra str:hello-world where=hole", "readelf -x .extra f | grep -q hello-world"),
    ("insert .extra str:hello-world where=tail", "readelf -x .extra f | grep -q hello-world"),
    ("insert .extra str:hello-world where=segment", "readelf -x .extra f | grep -q hello-world"),
    ("insert .extra str:hello-world flags=rw", "readelf -x .extra f | grep -q hello-world"),
    (
      "insert .extra str:hello-world where=slot:ident",
      "readelf -x .slot.ident f | grep -q hello-wo"
    ),
    ("insert .extra str:hello-world where=nonalloc", "true"),
    ("fill va:0x0..va:0x8000 holes=0xA5 claim=yes", "readelf -SW f | grep -q '[.]fill[.]'"),
    ("section add .extra str:hello align=16", "true"),
    ("section replace .comment str:short", "true"),
    ("section remove .comment", "! readelf -SW f | grep -q [.]comment"),
    ("section rename .rodata .constants", "readelf -SW f | grep -q [.]constants"),
    ("section flags .comment S", "true"),
    ("entry '(sym(main))' --dry-run", "true"),
    ("rpath set /some/where/else", "true"), ("rpath add /some/where/else", "true"),
    ("rpath set /some/where/else tag=rpath", "true"),
    ("interp /lib64/.//ld-linux-x86-64.so.2", "readelf -lW f | grep -q '/lib64/.//ld'"),
    ("needed add libm.so.6", "readelf -dW f | grep -q libm.so.6"),
    (
      "needed replace libc.so.6 /lib/x86_64-linux-gnu/libc.so.6",
      "readelf -dW f | grep -q 'NEEDED.*/lib/x86_64-linux-gnu/libc.so.6'"
    ),
    ("soname lib.so", "readelf -dW f | grep -q 'soname: .lib.so'"),
    ("symbol rename sum total", "true"), ("symbol localize sum", "true"),
    ("symbol weaken sum", "true"), ("symbol hide sum", "true"), ("symbol remove sum", "true"),
    ("symbol add landmark = '(sym(main) + 4)'", "true"), ("symbol localize glob:ma*", "true"),
    ("note set CORPUS 7 str:hello section=.note.corpus", "true"),
    ("note set CORPUS 7 str:hello loaded=slot:ident", "readelf -x .slot.ident f | grep -q hello"),
    (
      "build-id set 0123456789abcdef0123456789abcdef01234567", "readelf -n f | grep -q 0123456789ab"
    ),
    ("debug split to=f.debug link=yes", "true"), ("debug split to=f.debug compress=zlib", "true"),
    ("debug strip", "true"), ("debug compress", "true"), ("seal drop=yes", "true"),
  ]

  /// Compares the bytes at the virtual addresses of the loaded sections of two files; those that
  /// patchelf writes are left out.
  static let comparison = """
    import struct, sys
    def load(name):
      d = open(name, 'rb').read()
      ph, sh = struct.unpack_from('<QQ', d, 32); n, m, s = (struct.unpack_from('<H', d, o)[0] for o in (56, 60, 62))
      memory = {}
      for i in range(n):
        kind, _, off, va, _, size = struct.unpack_from('<IIQQQQ', d, ph + 56 * i)
        if kind == 1: memory[va] = d[off:off + size]
      names = struct.unpack_from('<Q', d, sh + 64 * s + 24)[0]
      sections = []
      for i in range(1, m):
        name, kind, flags, va, off, size = struct.unpack_from('<IIQQQQ', d, sh + 64 * i)
        name = d[names + name:d.index(b'\\0', names + name)].decode()
        if flags & 2 and kind != 8: sections.append((name, va, size))
      return memory, sections
    def at(memory, va, size):
      for start, data in memory.items():
        if start <= va and va + size <= start + len(data): return data[va - start:va - start + size]
      sys.exit(f'{va:#x} is not mapped')
    old, sections = load(sys.argv[1]); new, _ = load(sys.argv[2])
    skip = ('.dyn', '.gnu', '.interp', '.note', '.rela', '.hash', '.fill') if sys.argv[3:] else ('.dynamic',) 
    for name, va, size in sections:
      if name.startswith(skip): continue
      if at(old, va, size) != at(new, va, size): sys.exit(f'{name} differs')
    """

  @Test(arguments: verbs.indices)
  func stripToolsKeepARunningProgram(_ index: Int) {
    let (edit, check) = StructureTests.verbs[index]
    let box = Sandbox()
    // A hole that takes the inserted bytes.
    box.write(
      "gap.s",
      ".section .gap_a,\"a\"\n.byte 1\n.section .gap_b,\"a\"\n.balign 256\n.byte 2\n"
        + ".section .note.GNU-stack,\"\",@progbits\n")
    box.buildProgram("f", flags: "gap.s")
    box.write("compare.py", StructureTests.comparison)
    box.check("cp f f.old")
    let outcome = box.edit("\(edit) -i f")
    #expect(outcome.status == 0, "\(outcome.errors)")
    box.check("cp f f.new; ./f; \(check)")
    // Nothing new to complain about.
    #expect(box.edit("lint f").status == 0)
    let complaints =
      "eu-elflint --gnu-ld %f 2>&1 | grep -v -e SWOLD -e CORPUS -e 'No errors' | sort"
    let old = Set(box.run(complaints.replacing("%f", with: "f.old")).output.split(separator: "\n"))
    let new = Set(box.run(complaints.replacing("%f", with: "f")).output.split(separator: "\n"))
    #expect(new.isSubset(of: old), "\(new.subtracting(old))")
    #expect(!box.run("readelf -aW f 2>&1 >/dev/null").output.contains("rror"))
    for tool in StructureTests.tools {
      box.check("cp f.new f; \(tool)")
      #expect(box.run("./f").output == "12345678 7 0\n", "\(tool)")
      #expect(box.run(check).status == 0, "\(tool)")
      let compared = box.run(
        "python3 compare.py f.new f \(tool.hasPrefix("patchelf") ? "patchelf" : "")")
      #expect(compared.status == 0, "\(tool): \(compared.errors)")
    }
  }

  @Test func addedSectionsMayBeLargerThanTheFile() {
    let box = Sandbox()
    box.buildProgram()
    #expect(box.edit("section add .large zero:300000 align=16 -o new app").status == 0)
    #expect(box.check("readelf -SW new | grep '[.]large'").contains("0493e0"))
    #expect(box.run("./new").output == "12345678 7 0\n")
  }

  @Test func severalDirectoriesAreAddedOnce() {
    let box = Sandbox()
    box.buildProgram(flags: "-Wl,-rpath,/a:/b:/c")
    for text in ["/a", "/b:/c", "/a:/b:/c"] {
      let outcome = box.edit("rpath add \(text) -i app")
      #expect(outcome.status == 1 && outcome.errors.contains("SE-ALREADY"), "\(text): \(outcome)")
    }
    #expect(box.edit("rpath add /a:/c -i app").status == 0)
    #expect(box.check("patchelf --print-rpath app").trimmed == "/a:/b:/c:/a:/c")
  }

  @Test func insertedBytesAreMapped() {
    let box = Sandbox()
    let reader = """
      #include <stdio.h>
      #include <stdlib.h>
      int main(int argc, char **argv) { fputs((char *)strtoul(argv[1], 0, 16), stdout); }
      """
    box.buildProgram(flags: "-no-pie", source: reader)
    for mode in ["tail", "segment"] {
      #expect(box.edit("insert .extra strz:payload where=\(mode) -o m app").status == 0)
      let address = box.check(
        "readelf -SW m | awk '$2 == \".extra\" || $3 == \".extra\"' "
          + "| grep -o '0000[0-9a-f]*' | head -1"
      ).trimmed
      // The running program reads the bytes at their address.
      #expect(box.run("./m \(address)").output == "payload", "\(mode) at \(address)")
    }
  }

  @Test func exceptionsPassAfterInsertions() {
    let box = Sandbox()
    box.write(
      "e.cc", "#include <cstdio>\nint main(){try{throw 42;}catch(int x){printf(\"%d\\n\",x);}}")
    for linker in ["bfd", "lld", "gold"] {
      box.check("g++ -B/usr/lib/llvm-19/bin -fuse-ld=\(linker) -o e e.cc")
      box.makeSpareHeader("e")
      let outcome = box.edit("insert .extra zero:100 where=segment -i e")
      if outcome.errors.contains("SE-NO-ROOM") { continue }
      #expect(outcome.status == 0, "\(linker): \(outcome.errors)")
      #expect(box.run("./e").output == "42\n", "\(linker)")
      // GNU strip does not understand a program header table behind the headers.
      guard box.run("readelf -h e").output.contains("64 (bytes into file)") else { continue }
      box.check("strip e")
      #expect(box.run("./e").output == "42\n", "\(linker)")
    }
  }

  @Test func overlaysStayBehindTheFile() {
    let box = Sandbox()
    box.buildProgram()
    box.check("printf 'PAYLOAD-AT-THE-END' >> app")
    #expect(box.edit("insert .extra str:hello where=segment -i app").status == 0)
    #expect(box.check("tail -c 18 app; ./app") == "PAYLOAD-AT-THE-END12345678 7 0\n")
    #expect(box.edit("note set X 1 str:a --overlay drop -i app").status == 0)
    #expect(!box.check("tail -c 18 app | tr -d '\\0'").contains("PAYLOAD"))
  }

  @Test func signedModulesAreRefused() {
    let box = Sandbox()
    box.buildProgram()
    box.check("printf 'sig~Module signature appended~\\n' >> app")
    let before = box.sha("app")
    let outcome = box.edit("put slot:ident str:x -i app")
    #expect(outcome.status == 1 && outcome.errors.contains("SE-SIGNED-OVERLAY"))
    #expect(box.sha("app") == before)
  }

  @Test func symbolEditsAreWhatTheToolsShow() {
    let box = Sandbox()
    box.buildProgram()
    #expect(
      box.edit(
        "apply -i app -e 'symbol rename sum total' -e 'symbol localize counter' "
          + "-e 'symbol weaken pointer' -e 'symbol add landmark = (sym(main) + 4)' "
          + "-e 'symbol hide marker'"
      ).status == 0)
    let names = box.check("nm app")
    #expect(names.contains(" T total") && !names.contains(" T sum"))
    #expect(names.contains(" d counter") && names.contains(" V pointer"))
    #expect(names.contains(" T landmark"))
    #expect(box.check("readelf -sW app | grep ' marker'").contains("HIDDEN"))
    #expect(box.check("./app") == "12345678 7 0\n")
    box.write("l.c", "int exported(void) { return 1; }")
    box.check("gcc -shared -fPIC -o l.so l.c")
    let outcome = box.edit("symbol localize exported -i l.so")
    #expect(outcome.status == 1 && outcome.errors.contains("SE-SYM-DYNAMIC"))
    #expect(box.edit("symbol localize exported --allow SE-SYM-DYNAMIC -i l.so").status == 0)
  }

  /// Of `.dynsym` what no hash table depends on: weak or global.
  @Test(arguments: ["", "-Wl,-s", "-Wl,--version-script=v.map", "-m32 -nostdlib"])
  func bindingsOfDynamicSymbols(_ flags: String) {
    let box = Sandbox()
    box.write(
      "l.c",
      "extern int other(void); int f(void) { return 1; } int g(void) { return f() + other(); }")
    box.write("v.map", "V1 { global: f; g; local: *; };")
    guard flags.hasPrefix("-m32") == false || box.run("gcc -m32 -c l.c -o m32.o").status == 0 else {
      return
    }
    box.check("gcc -shared -fPIC \(flags) -o l.so l.c")
    let before = box.check("readelf -d l.so; readelf -rW l.so")
    func bindings(_ name: String) -> String {
      box.check("readelf -sW l.so | grep -E ' \(name)(@|$)'")
    }
    #expect(box.edit("symbol weaken f -i l.so").status == 0)
    #expect(bindings("f").contains("WEAK") && !bindings("f").contains("GLOBAL"))
    #expect(!bindings("g").contains("WEAK"))
    #expect(box.edit("symbol weaken f -i l.so").errors.contains("SE-NO-EFFECT"))
    #expect(box.edit("symbol weaken f if-needed -i l.so").status == 0)
    #expect(box.check("readelf -d l.so; readelf -rW l.so") == before)
    #expect(box.check("eu-elflint --gnu-ld l.so") == "No errors\n")
    #expect(box.edit("symbol globalize glob:f* -i l.so").status == 0)
    #expect(bindings("f").contains("GLOBAL") && !bindings("f").contains("WEAK"))
    let outcome = box.edit("symbol weaken other -i l.so")
    #expect(outcome.status == 1 && outcome.errors.contains("SE-SYM-DYNAMIC"), "\(outcome)")
    #expect(box.edit("symbol hide g -i l.so").status == 1)
    #expect(box.edit("symbol remove g -i l.so").status != 0 || flags == "-Wl,-s")
  }

  @Test func compressedDebugSectionsDecompress() {
    let box = Sandbox()
    box.buildProgram()
    box.check("cp app plain; readelf --debug-dump=info plain > want.txt")
    for method in ["zlib", "zstd"] {
      #expect(box.edit("debug compress compress=\(method) -o packed plain").status == 0)
      if method == "zlib" {
        box.check(
          "readelf --debug-dump=info packed > got.txt; tail -n +5 want.txt > a; "
            + "tail -n +5 got.txt > b; cmp a b")
      }
      #expect(box.edit("debug decompress -o back packed").status == 0)
      box.check(
        "for s in .debug_info .debug_line .debug_str; do objcopy -O binary -j $s --set-section-flags $s=alloc plain x; "
          + "objcopy -O binary -j $s --set-section-flags $s=alloc back y; cmp x y || exit 1; done")
    }
  }
}
