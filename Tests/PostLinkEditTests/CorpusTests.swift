// The corpus: one file of every kind that the editor promises to leave alone. An empty script, a put
// of the bytes that are there, and the second run of an edit change nothing, to the byte.

import Testing

@testable import PostLinkEdit

/// A kind of file and the shell lines that make it, under the name `f`.
struct CorpusFile: CustomTestStringConvertible, Sendable {
  var name: String
  var make: String
  /// It runs here and prints `ok`.
  var runs = true
  /// Structural edits are refused with this code.
  var refuses: String?
  var testDescription: String { name }

  init(_ name: String, runs: Bool = true, refuses: String? = nil, _ make: String) {
    self.name = name
    self.make = make
    self.runs = runs
    self.refuses = refuses
  }

  static let sources = """
    cat > p.c <<'C'
    #include <stdio.h>
    int data[40] = {1}; int zeros[1000];
    int main(void) { for (int i = 0; i < 1000; i++) if (zeros[i]) return 1; puts("ok"); return 0; }
    C
    cat > bare.c <<'C'
    int data = 3, zero[10]; const int table[4] = {1, 2, 3, 4};
    int _start(void) { return data + table[1] + zero[2]; }
    C
    cat > fw.ld <<'L'
    PHDRS { rom PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6); }
    SECTIONS {
      .text 0x08000000 : { *(.text*) *(.rodata*) } :rom
      .data 0x20000000 : AT(0x08000400) { *(.data*) } :data
      .bss : { *(.bss*) *(COMMON) } :data
      /DISCARD/ : { *(.ARM.*) }
    }
    L
    """

  static let linkers = [
    ("ld", "gcc"), ("lld", "clang-19 -fuse-ld=lld"), ("mold", "gcc -fuse-ld=mold"),
    ("swold", "gcc -B.swold"),
  ]

  static let all: [CorpusFile] =
    linkers.flatMap { name, driver in
      [("PIE", "-pie -fPIE"), ("non-PIE", "-no-pie"), ("static", "-static")].map { kind, flags in
        CorpusFile("C1 \(kind) by \(name)", "\(driver) \(flags) -o f p.c")
      }
    } + [
      CorpusFile(
        "C2 library with RELR, TLS, IFUNC, versions", runs: false,
        """
        cat > l.c <<'C'
        __thread int tls = 4; int *pointers[9]; int value; int *relative = &value;
        static int one(void) { return 1; } static int (*choose(void))(void) { return one; }
        int chosen(void) __attribute__((ifunc("choose")));
        int old(void) { return tls; } int hidden_from_map(void) { return value; }
        C
        echo 'V1 { global: chosen; local: *; }; V2 { global: old; } V1;' > l.map
        clang-19 -fPIC -shared -fuse-ld=lld -Wl,--pack-dyn-relocs=relr,--version-script=l.map \
          -Wl,-z,now,-soname,libl.so -o f l.c
        readelf -SW f | grep -q relr.dyn
        """),
      CorpusFile(
        "C3 C++ exceptions",
        """
        cat > e.cc <<'C'
        #include <cstdio>
        int main() { try { throw 42; } catch (int x) { std::puts(x == 42 ? "ok" : "bad"); } }
        C
        g++ -o f e.cc
        """),
      CorpusFile(
        "C4 ELF32 ARM firmware", runs: false,
        """
        clang-19 --target=armv7m-none-eabi -ffreestanding -c -o fw.o bare.c
        ld.lld-19 -z max-page-size=4 -T fw.ld -e _start -o f fw.o
        """),
      CorpusFile(
        "C5 big-endian ELF32", runs: false,
        """
        clang-19 --target=powerpc-linux-gnu -fPIC -shared -nostdlib -fuse-ld=lld -o f bare.c
        """),
      CorpusFile(
        "C5 big-endian ELF64", runs: false,
        """
        clang-19 --target=powerpc64-linux-gnu -nostdlib -fuse-ld=lld -o f bare.c
        """),
      CorpusFile(
        "C6 without section headers", refuses: "SE-UNSUPPORTED",
        """
        gcc -o f p.c
        python3 - <<'P'
        import struct
        d = bytearray(open('f', 'rb').read())
        del d[struct.unpack_from('<Q', d, 40)[0]:]
        struct.pack_into('<Q', d, 40, 0); struct.pack_into('<HHH', d, 58, 0, 0, 0)
        open('f', 'wb').write(d)
        P
        """),
      CorpusFile("C7 overlay", "gcc -o f p.c && printf 'an archive at the end' >> f"),
      CorpusFile(
        "C8 66,000 sections", runs: false,
        """
        gcc -no-pie -nostdlib -o g bare.c
        python3 - <<'P'
        import struct
        d = bytearray(open('g', 'rb').read())
        sh, = struct.unpack_from('<Q', d, 40); n, s = struct.unpack_from('<HH', d, 60)
        table = d[sh:sh + 64 * n]
        name = struct.unpack_from('<I', table, 64 * s)[0]
        extra = 66000 - n
        # A program without code: names of sections that hold nothing, all called as the last one.
        table += struct.pack('<IIQQQQIIQQ', name, 1, 0, 0, sh, 0, 0, 0, 1, 0) * extra
        struct.pack_into('<Q', table, 32, 66000); struct.pack_into('<I', table, 40, s)
        d[sh:] = table
        struct.pack_into('<HH', d, 60, 0, 0xffff)
        open('f', 'wb').write(d)
        P
        readelf -hW f | grep -q '(66000)'
        """),
      CorpusFile(
        "C8 70,000 program headers", runs: false,
        """
        gcc -no-pie -nostdlib -Wl,--build-id=none -o g bare.c
        python3 - <<'P'
        import struct
        d = bytearray(open('g', 'rb').read())
        ph, sh = struct.unpack_from('<QQ', d, 32); n, = struct.unpack_from('<H', d, 56)
        count, = struct.unpack_from('<H', d, 60)
        table = d[ph:ph + 56 * n] + bytes(56 * (70000 - n)); sections = d[sh:sh + 64 * count]
        struct.pack_into('<I', sections, 44, 70000)
        d = d[:sh] + bytes(-sh % 8) + sections
        struct.pack_into('<QQ', d, 32, len(d), len(d) - len(sections))
        struct.pack_into('<H', d, 56, 0xffff)
        open('f', 'wb').write(d + table)
        P
        readelf -hW f | grep -q '(70000)'
        """),
      CorpusFile("C9 pages of 16 KiB", "gcc -Wl,-z,max-page-size=0x4000 -o f p.c"),
      CorpusFile("C9 pages of 64 KiB", "gcc -Wl,-z,max-page-size=0x10000 -o f p.c"),
      CorpusFile("C9 pages of 2 MiB", "gcc -Wl,-z,max-page-size=0x200000 -o f p.c"),
      CorpusFile("C10 with --emit-relocs", "gcc -Wl,--emit-relocs -o f p.c"),
      CorpusFile(
        "C12 signed kernel module", runs: false, refuses: "SE-ETREL",
        "gcc -c -o f p.c && printf 'pkcs7~Module signature appended~\\n' >> f"),
    ]
}

@Suite struct CorpusTests {
  /// Some loaded bytes of `path` and their address; nil for an object.
  private func someBytes(_ bytes: [UInt8]) throws -> (address: UInt64, content: [UInt8])? {
    try bytes.withView { view -> (UInt64, [UInt8])? in
      let image = try Image(view)
      guard let segment = image.loads.last(where: { $0.fileSize >= 8 }) else { return nil }
      let start = segment.address + segment.fileSize - 8
      return (start, try #require(image.bytes(atVirtual: start, 8)).array)
    }
  }

  @Test(arguments: CorpusFile.all)
  func nothingChangesUnasked(_ file: CorpusFile) throws {
    let box = Sandbox()
    box.check(CorpusFile.sources)
    let swold = Sandbox.editor.replacing("swold-edit", with: "swold")
    box.check("mkdir .swold && ln -s '\(swold)' .swold/ld")
    box.check("set -e\n\(file.make)")
    box.write("none.sedit", "sedit 1\n# nothing\n")
    if file.refuses == "SE-ETREL" {
      let before = box.sha("f")
      let outcome = box.edit("apply -f none.sedit -i f")
      #expect(outcome.status == 1 && outcome.errors.contains("SE-ETREL"), "\(outcome)")
      #expect(box.sha("f") == before)
      return
    }
    // An empty script.
    let before = box.check("sha256sum f; stat -c '%i %Y' f")
    #expect(box.edit("apply -f none.sedit -i f").status == 0)
    #expect(box.check("sha256sum f; stat -c '%i %Y' f") == before)
    #expect(box.edit("apply -f none.sedit -o out f").status == 0)
    box.check("cmp f out")
    // The bytes that are there.
    let place = try #require(try someBytes(box.read("f")))
    let same = "put va:\(place.address) hex:\(hex(place.content)) code=yes if-needed"
    let outcome = box.edit("\(same) -o out f")
    #expect(outcome.status == 0, "\(outcome)")
    box.check("cmp f out")
    #expect(box.edit("lint f").status == 0, "\(box.edit("lint f").output)")
    // A structural edit: the second run changes nothing, and the program does what it did.
    let edit =
      "apply -e 'note set CORPUS 7 str:hello section=.note.corpus if-needed' "
      + "-e 'section add .corpus zero:70000 align=64 if-needed'"
    let once = box.edit("\(edit) -o once f")
    if let code = file.refuses {
      #expect(once.status == 1 && once.errors.contains(code), "\(once)")
      return
    }
    #expect(once.status == 0, "\(once)")
    #expect(box.edit("\(edit) -o twice once").status == 0)
    box.check("cmp once twice")
    #expect(box.edit("lint once").status == 0)
    // readelf has no more to say than before.
    let complaints = ["f", "once"].map { box.run("readelf -aW \($0) 2>&1 >/dev/null").output }
    #expect(complaints[0] == complaints[1])
    #expect(box.check("readelf -SW once").contains(".corpus"))
    if file.runs { #expect(box.run("./f && ./once").output == "ok\nok\n") }
  }
}
