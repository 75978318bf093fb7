// The target is the old file or the new one, never a third thing.

import Testing

@testable import PostLinkEdit

@Suite struct CommitTests {
  @Test func emptyScriptsLeaveEveryFileAlone() {
    let box = Sandbox()
    box.buildProgram()
    box.buildFirmware("fw.elf")
    box.write("s.sedit", "sedit 1\n# nothing\n")
    box.write("x.c", "int main(void){return 0;}")
    box.check("gcc -static -o static x.c; gcc -Wl,-z,max-page-size=65536 -o p64 x.c")
    box.check(
      "gcc -Wl,--emit-relocs -o relocs x.c; gcc -B/usr/lib/llvm-19/bin -fuse-ld=lld -o lld x.c; mold -run "
        + "gcc -o mold x.c || gcc -o mold x.c")
    box.check("cp app headless; objcopy --only-keep-debug app app.debug; strip -o stripped app")
    box.check(
      "clang-19 --target=armeb-none-eabi -nostdlib -fuse-ld=lld -o armeb x.c "
        + "-Wl,-e,main || cp app armeb")
    box.check(
      "clang-19 --target=powerpc-linux-gnu -nostdlib -fuse-ld=lld -o ppc x.c "
        + "-Wl,-e,main || cp app ppc")
    box.check(
      "cp /bin/ls ls; cp $(readlink -f /lib/x86_64-linux-gnu/libc.so.6) libc.so; "
        + "printf tail >> stripped")
    for file in [
      "app", "fw.elf", "static", "p64", "relocs", "lld", "mold", "app.debug", "stripped", "armeb",
      "ppc", "ls", "libc.so",
    ] {
      let before = box.check("sha256sum \(file); stat -c '%i %Y' \(file)")
      let outcome = box.edit("apply -f s.sedit -i \(file)")
      #expect(outcome.status == 0, "\(file): \(outcome.errors)")
      #expect(box.check("sha256sum \(file); stat -c '%i %Y' \(file)") == before, "\(file)")
      #expect(box.edit("apply -f s.sedit -o out \(file)").status == 0)
      box.check("cmp \(file) out")
      #expect(box.edit("lint \(file)").status == 0, "\(file): \(box.edit("lint \(file)").output)")
    }
    let same = "put slot:ident zero:64 if-needed"
    #expect(box.edit("\(same) -i app").status == 0)
    let once = box.sha("app")
    #expect(box.edit("\(same) -i app").status == 0)
    #expect(box.sha("app") == once)
  }

  @Test func fullDisksAndLimitsLeaveTheOldFile() {
    let box = Sandbox()
    box.buildProgram()
    let before = box.sha("app")
    // The limit lets the temporary file begin and not end.
    let outcome = box.run("ulimit -f 8; '\(Sandbox.editor)' put slot:ident str:x -i app")
    #expect(outcome.status == 3 && outcome.errors.contains("SE-IO"), "\(outcome)")
    #expect(box.sha("app") == before)
    #expect(box.check("ls -a").contains("swold-edit-") == false)
    let mounted = box.run("mkdir tiny && mount -t tmpfs -o size=32k none tiny")
    if mounted.status == 0 {
      box.check("cp app tiny/app")
      let full = box.edit("put slot:ident str:x -i tiny/app")
      #expect(full.status == 3 && full.errors.contains("SE-IO"))
      box.check("cmp app tiny/app; ls -a tiny | grep -c . | grep -qx 3")
      box.run("umount tiny")
    }
  }

  @Test func killedRunsLeaveOldOrNew() {
    let box = Sandbox()
    box.buildProgram()
    box.check("head -c 30000000 /dev/zero > big; objcopy --add-section .big=big app; cp app old")
    box.check("'\(Sandbox.editor)' put slot:ident str:new-text -o new old")
    let old = box.sha("old")
    let new = box.sha("new")
    var seen = Set<String>()
    for round in 0..<20 {
      box.check("cp old app")
      box.run(
        "'\(Sandbox.editor)' put slot:ident str:new-text --no-fsync -i app & "
          + "sleep 0.0\(round)\(round % 7); kill -9 $!; wait")
      let now = box.sha("app")
      #expect(now == old || now == new)
      seen.insert(now == old ? "old" : "new")
    }
    #expect(!seen.isEmpty)
  }

  @Test func hardLinksAreAPolicy() {
    let box = Sandbox()
    box.buildProgram()
    box.check("ln app other; cp app copy")
    let refused = box.edit("put slot:ident str:x -i app")
    #expect(refused.status == 1 && refused.errors.contains("SE-HARDLINK"))
    box.check("cmp app copy")
    #expect(box.edit("put slot:ident str:x --hardlinks rewrite -i app").status == 0)
    #expect(box.check("cmp app other; stat -c %h app; ./other --version") == "2\nx\n")
    #expect(box.edit("put slot:ident str:y replace=yes --hardlinks break -i app").status == 0)
    #expect(box.check("stat -c %h app; ./app --version; ./other --version") == "1\ny\nx\n")
  }

  @Test func linksModesAttributesAndRunningPrograms() {
    let box = Sandbox()
    box.buildProgram()
    box.check("mv app real; ln -s real app; chmod 4751 real")
    let hasAttributes =
      box.run(
        "setfattr -n user.colour -v blue real || python3 -c "
          + "\"import os;os.setxattr('real','user.colour',b'blue')\""
      ).status == 0
    box.check("cp real sleeper")
    #expect(box.edit("put slot:ident str:x -i app --backup .orig").status == 0)
    #expect(box.check("test -L app; stat -c %a real; ./app --version") == "4751\nx\n")
    #expect(box.run("./real.orig --version").output == "\n")
    if hasAttributes {
      let value = box.run(
        "python3 -c \"import "
          + "os;print(os.getxattr('real','user.colour'))\""
      ).output
      #expect(value == "b'blue'\n")
    }
    #expect(box.check("stat -c %U real") == box.check("stat -c %U real.orig"))
    // A program may be edited while it runs.
    box.write("r.c", "#include <unistd.h>\nint main(){sleep(2);return 7;}")
    box.check(
      "gcc -o running r.c; ./running & sleep 0.2; '\(Sandbox.editor)' note set X 1 "
        + "str:a -i running; wait $!; test $? = 7")
    #expect(box.check("readelf -nW running").contains(".note.X"))
    // Times are kept if asked for.
    box.check("touch -d '2001-02-03 04:05:06' real")
    #expect(box.edit("note set X 1 str:a -p -i real").status == 0)
    #expect(box.check("date -r real +%Y").trimmed == "2001")
  }

  @Test func readOnlyDirectoriesAreAnError() {
    let box = Sandbox()
    box.buildProgram()
    box.check("mkdir d; cp app d/app; chmod 555 d; chmod 755 .; chmod 755 '\(box.path)'")
    let before = box.sha("d/app")
    // Root ignores permissions, so the test becomes somebody else.
    let outcome = box.run(
      "cp '\(Sandbox.editor)' tool && chmod 755 tool; "
        + "if [ $(id -u) = 0 ]; then setpriv --reuid=65534 --clear-groups ./tool put slot:ident str:x -i d/app; "
        + "else ./tool put slot:ident str:x -i d/app; fi")
    #expect(outcome.status != 0)
    #expect(box.sha("d/app") == before)
  }

  @Test func dryRunsAndChecksWriteNothing() {
    let box = Sandbox()
    box.buildProgram()
    let before = box.check("sha256sum app; stat -c '%i %Y %Z' app")
    let dry = box.edit("put slot:ident str:x -n --diff --json app")
    #expect(dry.status == 0)
    #expect(box.edit("put slot:ident str:x --check app").status == 5)
    #expect(box.edit("put slot:ident zero:100 --check app").status == 1)
    #expect(box.check("sha256sum app; stat -c '%i %Y %Z' app") == before)
    box.write("out.json", dry.output)
    let fields = box.check(
      "python3 -c \"import json;j=json.load(open('out.json'));w=j['edits'][0]['writes'][0];"
        + "print(j['version'],j['verification'],w['length'],w['new'][:2],j['input']['size']>0)\"")
    #expect(fields == "1 passed 64 78 True\n")
    #expect(dry.errors.contains("[.slot.ident]"), "the texts go to stderr: \(dry.errors)")
    #expect(box.edit("put slot:ident str:x -i app").status == 0)
    #expect(box.edit("put slot:ident str:x --check app").status == 0)
    let failed = box.edit("put slot:ident zero:65 --json -i app")
    box.write("out.json", failed.output)
    #expect(
      box.check(
        "python3 -c \"import json;print(json.load(open('out.json'))['diagnostics'][0]['code'])\"")
        == "SE-SLOT-OVERFLOW\n")
  }

  @Test func scriptsRunAsOneTransaction() {
    let box = Sandbox()
    box.buildProgram()
    box.check("cp app app.old; chmod +w app")
    box.write(
      "all.sedit",
      "#!/usr/bin/env swold-edit\nsedit 1\nput slot:ident strz:%{V}\nexport bin to=side.bin fill=0\nput slot:nobody str:x\n"
    )
    let outcome = box.edit("apply -f all.sedit -D V=1 -i app")
    #expect(outcome.status == 1 && outcome.errors.contains("all.sedit:5:1"))
    box.check("cmp app app.old; test ! -e side.bin")
    box.check(
      "mkdir sub; head -4 all.sedit > sub/ok.sedit; echo 'put slot:tag "
        + "file:tag.txt' >> sub/ok.sedit; printf t > sub/tag.txt")
    #expect(
      box.edit(
        "apply -f sub/ok.sedit -D V=1 -e 'assert (exists(slot:tag)) yes' -i "
          + "app"
      ).status == 0)
    box.check("test -e sub/side.bin; ./app --version | grep -qx 1")
    box.check(
      "cp app.old app; cat sub/ok.sedit | (cd sub && '\(Sandbox.editor)' apply -f "
        + "- -D V=2 -i ../app)")
    #expect(box.check("./app --version") == "2\n")
  }
}
