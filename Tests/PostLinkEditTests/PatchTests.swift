// What users of patchelf, chrpath and objcopy expect: properties of one program or library, asked for and
// changed, and seen by the kernel and the dynamic linker.

import Testing

@testable import PostLinkEdit

@Suite struct PatchTests {
  private let box = Sandbox()

  private func edit(_ words: String) { box.check("'\(Sandbox.editor)' \(words)") }
  private func get(_ words: String) -> Outcome { box.edit("get \(words)") }

  /// A program `h` that needs `libf.so`, which exports f, g, v and what they call.
  private func programWithLibrary(
    _ flags: String = "", compiler: String = "gcc -B/usr/bin -fuse-ld=bfd"
  ) {
    box.write(
      "f.c",
      """
      int v = 40; static int own(void) { return 1; }
      int one(void) { return own(); }
      int two(void) { return one() + 1; }
      int f_alpha(void) { return two() + v; }
      int g(void) { return f_alpha() - two(); }
      int *where(void) { return &v; }
      """)
    box.write(
      "h.c",
      "#include <stdio.h>\nint f_alpha(void), g(void);\nint main(void){printf(\"%d %d\\n\",f_alpha(),g());return 0;}\n"
    )
    box.check("\(compiler) -g -shared -fPIC \(flags) -Wl,-soname,libf.so f.c -o libf.so")
    box.check("\(compiler) -g h.c -o h ./libf.so -Wl,-rpath,'$ORIGIN:/opt/a:/opt/b'")
  }

  // MARK: get

  @Test func propertiesForScripts() {
    programWithLibrary()
    #expect(get("rpath h").output == "$ORIGIN:/opt/a:/opt/b\n")
    #expect(get("needed h").output == "libf.so\nlibc.so.6\n")
    #expect(get("soname libf.so").output == "libf.so\n")
    #expect(get("interp h").output == "/lib64/ld-linux-x86-64.so.2\n")
    #expect(get("entry h").output.hasPrefix("0x") && get("machine h").output == "x86-64\n")
    #expect(get("exec-stack h").output == "no\n" && get("osabi h").output == "sysv\n")
    for (property, file) in [
      ("soname", "h"), ("interp", "libf.so"), ("rpath", "libf.so"), ("flags", "libf.so"),
      ("debuglink", "h"), ("entry", "libf.so"),
    ] {
      let outcome = get("\(property) \(file)")
      #expect(outcome.status == 1 && outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome)")
    }
    box.check("gcc -Wl,--build-id=0x0011223344556677 h.c ./libf.so -o i")
    #expect(get("build-id i").output == "0011223344556677\n")
    #expect(get("rpath h h").output == "h: $ORIGIN:/opt/a:/opt/b\nh: $ORIGIN:/opt/a:/opt/b\n")
    #expect(get("colour h").status == 2 && get("rpath").status == 2 && get("rpath f.c").status == 3)
  }

  // MARK: rpath

  @Test func directoriesComeAndGo() {
    programWithLibrary()
    for (words, value) in [
      ("remove /opt/a", "$ORIGIN:/opt/b"), ("replace /opt/b /opt/a", "$ORIGIN:/opt/a"),
      ("remove /opt/a if-needed", "$ORIGIN"), ("remove /opt/a if-needed", "$ORIGIN"),
      ("convert tag=rpath", "$ORIGIN"), ("convert tag=rpath if-needed", "$ORIGIN"),
    ] {
      edit("rpath \(words) -i h")
      #expect(get("rpath h").output == value + "\n", "\(words)")
      #expect(box.check("./h") == "42 40\n")
    }
    #expect(box.check("readelf -dW h").contains("(RPATH)"))
    // What is not set anew stays the tag that it is.
    edit("rpath add /opt/a first=yes -i h")
    #expect(get("rpath h").output == "/opt/a:$ORIGIN\n")
    #expect(!box.check("readelf -dW h").contains("(RUNPATH)"))
    edit("rpath convert tag=runpath -i h")
    #expect(box.check("readelf -dW h").contains("(RUNPATH)") && box.check("./h") == "42 40\n")
    #expect(box.edit("rpath replace /opt/none /opt/a -n h").status == 1)
    edit("rpath remove -i h")
    #expect(get("rpath h").status == 1)
    #expect(box.edit("rpath convert -n h").status == 2)
  }

  @Test func shrinkNeedsNoRootAndLooksAtMachines() {
    box.check("mkdir -p good wrong none")
    programWithLibrary()
    box.check(
      "cp libf.so good; clang-19 --target=aarch64-linux-gnu -nostdlib -fuse-ld=lld -shared -fPIC f.c -o wrong/libf.so"
    )
    box.check(
      "gcc -B/usr/bin -fuse-ld=bfd h.c -o h ./libf.so -Wl,-rpath,$PWD/none:$PWD/wrong:$PWD/good")
    edit("rpath shrink -o r h")
    #expect(get("rpath r").output.hasSuffix("/good\n") && !get("rpath r").output.contains("wrong"))
    #expect(box.check("./r") == "42 40\n")
  }

  // MARK: exec-stack, flags, header

  @Test func attributesOfTheProcess() {
    box.write(
      "s.c",
      "#include <stdio.h>\n#include <string.h>\nint main(void){char l[300];FILE*f=fopen(\"/proc/self/maps\",\"r\");while(fgets(l,300,f))if(strstr(l,\"[stack]\"))puts(strstr(l,\"rwx\")?\"yes\":\"no\");return 0;}\n"
    )
    box.check("gcc s.c -o s")
    edit("exec-stack set -o x s")
    #expect(box.check("./x") == "yes\n" && box.edit("exec-stack show x").output == "yes\n")
    edit("exec-stack clear -i x; cmp s x")
    #expect(box.edit("exec-stack clear -n x").status == 1)
    programWithLibrary("-Wl,-z,lazy")
    box.check(
      "gcc -B/usr/bin -fuse-ld=bfd -Wl,-z,now h.c -o now ./libf.so; gcc -B/usr/bin -fuse-ld=bfd -Wl,-z,lazy h.c -o lazy ./libf.so -Wl,-rpath,'$ORIGIN'"
    )
    edit("flags add nodeflib now nodelete -o r lazy")
    #expect(get("flags r").output == "now\nnodelete\nnodeflib\n")
    #expect(box.check("readelf -dW r").contains("NODEFLIB"))
    // Nothing is found in the usual folders any more.
    #expect(box.run("./r").status == 127)
    edit("flags remove nodeflib now nodelete -i r; cmp r lazy")
    let refused = box.edit("flags remove now -n now")
    #expect(refused.status == 1 && refused.errors.contains("SE-RELRO"), "\(refused)")
    #expect(box.edit("flags add frob -n now").status == 2)
    edit("header osabi=linux e-flags=0x12 -o r lazy")
    #expect(get("osabi r").output == "linux\n" && get("e-flags r").output == "0x12\n")
    edit("header osabi=0 e-flags=0 -i r; cmp r lazy")
    #expect(box.edit("header -n r").status == 2)
  }

  // MARK: Dynamic symbols

  @Test(arguments: [
    "gcc -B/usr/bin -fuse-ld=bfd", "gcc -B/usr/bin -fuse-ld=gold", "clang-19 -fuse-ld=lld",
    "clang-19 -fuse-ld=mold",
  ])
  func exportsGoAndGetOtherNames(_ compiler: String) {
    for style in ["gnu", "sysv", "both"] {
      programWithLibrary("-Wl,--hash-style=\(style)", compiler: compiler)
      let lint = box.run("eu-elflint --gnu-ld libf.so").output
      edit("symbol hide glob:one dynamic=yes -o n libf.so")
      edit("symbol localize two dynamic=yes -i n")
      edit("symbol rename g alpha dynamic=yes -i n")
      box.check("mv n libf.so; readelf -aW libf.so >/dev/null; '\(Sandbox.editor)' lint libf.so")
      let names = box.check(
        "nm -D --defined-only libf.so | grep ' [A-Z] [a-z]' | cut -d' ' -f3 | sort | tr '\\n' ' '")
      #expect(names == "alpha f_alpha v where ", "\(style) \(names)")
      // What left is hidden, for glibc's lazy binding asks for that; eu-elflint does not expect it there.
      let after = box.run("eu-elflint --gnu-ld libf.so | grep -v 'non-default visibility'").output
      #expect(after == lint || after.isEmpty || compiler.contains("clang"))
      // The program finds f, and g by its new name once its import has it, too.
      #expect(box.run("./h").status == 127)
      edit("symbol rename g alpha dynamic=yes -i h")
      #expect(box.check("LD_BIND_NOW=1 ./h") == "42 40\n")
      box.write(
        "t.py",
        "import ctypes\nl=ctypes.CDLL('./libf.so')\nfor n in ['one','two','g','f_alpha','alpha','v']: print(n, hasattr(l,n))\nprint(l.f_alpha(), l.alpha())\n"
      )
      let found = box.check("python3 t.py")
      #expect(
        found == "one False\ntwo False\ng False\nf_alpha True\nalpha True\nv True\n42 40\n",
        "\(style): \(found)")
    }
  }

  @Test func whatOthersMustFindStays() {
    programWithLibrary()
    box.write(
      "c.c", "#include <stdio.h>\nextern int v; int main(void){printf(\"%d\\n\", v);return 0;}\n")
    box.check("gcc -B/usr/bin -fuse-ld=bfd -no-pie -fno-pie c.c -o c ./libf.so")
    for (words, code, file) in [
      ("hide v dynamic=yes", "SE-LINKED", "c"), ("hide printf dynamic=yes", "SE-LINKED", "h"),
      ("hide f_alpha", "SE-SYM-DYNAMIC", "libf.so"),
      ("rename f_alpha g dynamic=yes", "SE-ALREADY", "libf.so"),
      ("hide none dynamic=yes", "SE-NOT-FOUND", "libf.so"),
    ] {
      let outcome = box.edit("symbol \(words) -n \(file)")
      #expect(outcome.status == 1 && outcome.errors.contains(code), "\(words): \(outcome)")
    }
  }

  @Test func versionsOfImportsCanBeCleared() {
    programWithLibrary()
    #expect(box.check("readelf -W --dyn-syms h").contains("printf@GLIBC_2.2.5"))
    edit("symbol unversion printf -o r h")
    let symbols = box.check("readelf -W --dyn-syms r")
    #expect(!symbols.contains("printf@") && symbols.contains(" printf"))
    #expect(box.check("./r") == "42 40\n")
    edit("symbol unversion printf if-needed -o s r; cmp r s")
  }

  // MARK: insert at=, words

  @Test func insertedBytesGoToAnAddress() {
    box.buildFirmware("f")
    for (address, fits) in [
      ("0x08000110", true), ("0x08000104", true), ("0x20000110", true), ("0x08000100", false),
      ("0x20000100", false),
    ] {
      let outcome = box.edit(
        "insert .new str:hello at=\(address) flags=\(address.hasPrefix("0x2") ? "rw" : "r") -o o f")
      guard fits else {
        #expect(outcome.status == 1, "\(address) \(outcome)")
        continue
      }
      if outcome.status == 0 {
        #expect(
          box.check("readelf -SW o | grep -F ' .new '").contains(String(address.dropFirst(2))))
        box.check("'\(Sandbox.editor)' lint o")
      } else {
        #expect(address.hasPrefix("0x2"), "\(outcome)")
      }
    }
    edit("insert .far str:hello at=0x30000000 lma=0x08002000 -o o f")
    #expect(box.check("readelf -SW o | grep -F ' .far '").contains("30000000"))
    #expect(box.edit("insert .x str:a at=1 where=tail -n f").status == 2)
  }

  @Test func helpHasWordsAndAnExampleThatParses() throws {
    for verb in ScriptParser.verbs where verb != "export" {
      let help = box.edit("\(verb) --help").output
      let example = help.split(separator: "\n").first {
        $0.contains("swold-edit \(verb) ") && !$0.contains("USAGE")
      }
      guard help.contains("Words:"), let example else {
        Issue.record("\(verb): \(help)")
        continue
      }
      let words = box.check("printf '%s\\n' \(example.drop { $0 == " " }.dropFirst(11))").split(
        separator: "\n"
      ).map(String.init)
      var edit = Array(words.dropLast())
      while let option = edit.firstIndex(where: { $0 == "-o" || $0 == "-i" }) {
        edit.removeSubrange(option..<(edit[option] == "-o" ? option + 2 : option + 1))
      }
      #expect(throws: Never.self, "\(example)") { try ScriptParser.parse(words: edit) }
    }
  }

  @Test func showNamesWhatItShows() {
    programWithLibrary()
    let shown = box.edit("show h").output
    for name in ["GNU_HASH", "PROGBITS", "INIT_ARRAY", "VERNEEDNUM", "JMPREL", "BUILD_ID", "pie"] {
      #expect(shown.contains(name), "\(name)")
    }
    #expect(!shown.contains("0x6ffff"), "\(shown)")
    box.check("head -c 20000 /dev/zero > big")
    let refused = box.edit("insert .big file:big where=hole -n h")
    #expect(refused.errors.contains("where=nonalloc") && !refused.errors.contains("reserve a slot"))
  }
}
