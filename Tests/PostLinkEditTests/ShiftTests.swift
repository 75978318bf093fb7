// The file shift: packed files, as lld, mold and swold write them, take inserted bytes behind a
// segment although the file has none there. The program runs, the bytes are at their address for
// every strip tool, and nothing that a debugger or a linter sees has changed.

import ELF
import Testing

@testable import PostLinkEdit

@Suite struct ShiftTests {
  /// A kind of program, linked by one of the linkers.
  struct Program: CustomTestStringConvertible, Sendable {
    var linker: String
    var kind: String
    var testDescription: String { "\(kind) by \(linker)" }

    static let linkers = [
      "ld": "g++ -fuse-ld=bfd", "lld": "g++ -B/usr/lib/llvm-19/bin -fuse-ld=lld",
      "mold": "g++ -fuse-ld=mold", "swold": "g++ -B.swold",
      "swold, packed": "g++ -B.swold -Wl,-z,noseparate-code",
    ]
    static let kinds = [
      "PIE": "-pie -fPIE", "non-PIE": "-no-pie", "static": "-static", "library": "-fPIC",
    ]
    static let all = linkers.keys.sorted().flatMap { linker in
      kinds.keys.sorted().map { Program(linker: linker, kind: $0) }
    }

    /// Makes `f`, which a shell line runs: `./f` or a program that loads the library.
    func build(in box: Sandbox) {
      let swold = Sandbox.editor.replacing("swold-edit", with: "swold")
      box.check("mkdir .swold && ln -s '\(swold)' .swold/ld")
      box.write("f.cc", Program.source)
      box.write("main.cc", "int run(int, char **); int main(int c, char **v) { return run(c, v); }")
      let driver = Program.linkers[linker, default: ""] + " -g -O1"
      let flags = Program.kinds[kind, default: ""]
      box.check(
        kind == "library"
          ? "\(driver) \(flags) -shared -o f f.cc && g++ -o main main.cc ./f"
          : "\(driver) \(flags) -o f f.cc main.cc")
    }
    var command: String { kind == "library" ? "./main" : "./f" }

    /// Exceptions, thread-local data, and a reader of the bytes that lie `delta` behind a symbol.
    static let source = """
      #include <cstdio>
      #include <cstdlib>
      alignas(64) thread_local int counter = 41;
      thread_local int zeros[8];
      int data[40] = {1}, bss[1000];
      extern "C" __attribute__((noinline)) void anchor(int x) { if (x) throw x; }
      int run(int count, char **words) {
        try { anchor(count + counter); } catch (int x) {
          std::printf("%d %d\\n", x - count, zeros[1] + bss[7] + data[0]);
        }
        if (count > 1) std::puts((const char *)&anchor + std::atoll(words[1]));
        return 0;
      }
      """
  }

  /// The shell variable `delta`: from the symbol `anchor` to the section `.extra` of `f`.
  static let findDelta = """
    section=$(readelf -SW f | sed -n 's/.* \\.extra *PROGBITS *\\([0-9a-f]*\\) .*/\\1/p')
    anchor=$(nm f | awk '$3 == "anchor" {print $1}')
    echo $((0x$section - 0x$anchor))
    """

  /// What eu-elflint says, without the numbers of sections.
  private func complaints(_ box: Sandbox, _ file: String) -> Set<Substring> {
    let text = box.run(
      "eu-elflint --gnu-ld \(file) 2>&1 | sed 's/section \\[ *[0-9]*\\]/section/g'")
    return Set(text.output.split(separator: "\n").filter { !$0.contains("No errors") })
  }

  @Test(arguments: Program.all)
  func insertedBytesStayWithTheProgram(_ program: Program) {
    let box = Sandbox()
    guard program.linker != "mold" || box.run("which mold").status == 0 else { return }
    program.build(in: box)
    let payload = String(repeating: "payload", count: 90)
    box.check("cp f f.old")
    let outcome = box.edit("insert .extra strz:\(payload) where=tail --json -i f")
    #expect(outcome.status == 0, "\(outcome)")
    let isPadded = ["ld", "swold"].contains(program.linker)
    #expect(outcome.output.contains("the file moves by") == !isPadded, "\(outcome)")
    let delta = box.check(ShiftTests.findDelta).trimmed
    let expected = "41 1\n\(payload)\n"
    #expect(box.run("\(program.command) \(delta)").output == expected)

    // Nobody has anything new to say.
    #expect(box.edit("lint f").status == 0, "\(box.edit("lint f").output)")
    let new = complaints(box, "f").subtracting(complaints(box, "f.old"))
    #expect(new.isEmpty, "\(new)")
    #expect(
      box.run("readelf -aW f 2>&1 >/dev/null").output.replacing("f:", with: "")
        == box.run("readelf -aW f.old 2>&1 >/dev/null").output.replacing("f.old:", with: ""))
    let line = "gdb -batch -ex 'info line anchor' "
    #expect(box.check("\(line) f") == box.check("\(line) f.old"))
    expectSameMemory(box.read("f.old"), box.read("f"))

    // The second run knows of the first.
    let before = box.sha("f")
    let again = box.edit("insert .extra strz:\(payload) where=tail -i f")
    #expect(again.status == 1 && again.errors.contains("SE-ALREADY"))
    #expect(box.edit("insert .extra strz:\(payload) where=tail if-needed -i f").status == 0)
    #expect(box.sha("f") == before)

    box.check("cp f f.new")
    for tool in StructureTests.tools {
      // Some refuse static programs, whoever wrote them.
      if box.run("cp f.old f; \(tool)").status != 0 { continue }
      box.check("cp f.new f; \(tool)")
      let run = box.run("\(program.command) \(delta)")
      #expect(run.output == expected, "\(tool): \(run)")
    }
  }

  /// Only the headers of the first file, and what comes behind its segments, differ in the second.
  private func expectSameMemory(_ old: [UInt8], _ new: [UInt8]) {
    guard let before = LoadedImage(old), let after = LoadedImage(new) else {
      Issue.record("no image")
      return
    }
    for part in before.parts {
      let now = after.bytes(at: part.address, part.bytes.count)
      #expect(now?.count == part.bytes.count, "va \(hex(part.address)) is gone")
      let headers = before.headerBytes(at: part.address)
      let changed = zip(part.bytes, now ?? []).enumerated().filter {
        $0.element.0 != $0.element.1 && !headers.contains($0.offset)
      }
      // .dynsym has numbers of sections.
      let symbols = before.dynamicSymbols
      let others = changed.filter { !symbols.contains(part.address + UInt64($0.offset)) }
      #expect(others.isEmpty, "va \(hex(part.address + UInt64(others.first?.offset ?? 0)))")
    }
  }

  /// The modes in the order of the manual.
  @Test func theFirstModeThatWorks() {
    let box = Sandbox()
    let source = "#include <stdio.h>\nint main(void) { puts(\"ok\"); return 0; }\n"
    let swold = Sandbox.editor.replacing("swold-edit", with: "swold")
    box.check("mkdir .swold && ln -s '\(swold)' .swold/ld")
    // Packed, and with a spare program header.
    box.buildProgram(flags: "-B.swold -Wl,-z,noseparate-code", spare: false, source: source)
    func summary(_ edits: String, _ file: String) -> String {
      let outcome = box.edit("apply \(edits) --json -o \(file) app")
      #expect(outcome.status == 0, "\(outcome)")
      #expect(box.run("./\(file)").output == "ok\n")
      return outcome.output
    }
    // A shift comes before a new segment, and what it leaves is used without another.
    let one = summary("-e 'insert .one zero:2000'", "a")
    #expect(one.contains("the file moves by 4096 bytes") && one.contains("behind a segment"))
    let two = summary("-e 'insert .one zero:1000' -e 'insert .two zero:900'", "b")
    #expect(two.split(separator: "the file moves by").count == 2, "\(two)")
    // Too much for any tail.
    let large = summary("-e 'insert .one zero:5000'", "c")
    #expect(large.contains("segment with section") && !large.contains("the file moves by"))
    let refused = box.edit("insert .one zero:5000 where=tail -i app")
    #expect(refused.status == 1 && refused.errors.contains("SE-NO-ROOM"), "\(refused)")
    #expect(refused.errors.contains("with a file shift"), "\(refused)")
    #expect(box.edit("show room app").output.contains("with a file shift"))
  }

  @Test func overlaysMoveWithAWarning() {
    let box = Sandbox()
    box.buildProgram("app", flags: "-B/usr/lib/llvm-19/bin -fuse-ld=lld")
    box.check("printf 'PAYLOAD-AT-THE-END' >> app")
    let outcome = box.edit("insert .extra zero:1000 where=tail -o new app")
    #expect(outcome.status == 0 && outcome.errors.contains("SW-SELF-READ"), "\(outcome)")
    #expect(box.check("tail -c 18 new") == "PAYLOAD-AT-THE-END")
    let dropped = box.edit("insert .extra zero:1000 where=tail --overlay drop -o new app")
    #expect(dropped.status == 0 && !dropped.errors.contains("SW-SELF-READ"), "\(dropped)")
  }

  @Test func filesWithoutSectionHeadersAreRefused() {
    let box = Sandbox()
    box.buildProgram("app")
    box.check("llvm-strip-19 --strip-sections app")
    for mode in ["", "where=tail", "where=segment", "where=nonalloc"] {
      let outcome = box.edit("insert .extra zero:100 \(mode) -i app")
      #expect(outcome.status == 1 && outcome.errors.contains("SE-UNSUPPORTED"), "\(outcome)")
    }
  }

  /// Static programs have no interpreter, but their segments are mapped by pages, too: bytes in the
  /// page where the next segment begins would vanish under it.
  @Test func staticProgramsKeepTheirPages() {
    let box = Sandbox()
    box.write(
      "s.s", ".globl _start\n_start: mov $60, %eax\nmov $42, %edi\nsyscall\n.data\n.long 7\n")
    box.check("gcc -c s.s && ld.lld-19 -o s s.o")
    let outcome = box.edit("insert .extra zero:4000 flags=rx where=tail -i s")
    #expect(outcome.status == 1 && outcome.errors.contains("SE-NO-ROOM"), "\(outcome)")
    #expect(box.edit("insert .extra zero:3000 flags=rx where=tail -i s").status == 0)
    #expect(box.run("./s").status == 42)
  }

  /// Other classes and byte orders, under qemu where it is installed.
  @Test(arguments: [
    ("i386-linux-gnu", "qemu-i386", "mov $1, %eax\nmov $42, %ebx\nint $0x80"),
    ("powerpc-linux-gnu", "qemu-ppc", "li 0, 1\nli 3, 42\nsc"),
    ("armv7-linux-gnueabihf", "qemu-arm", "mov r7, #1\nmov r0, #42\nsvc #0"),
    ("aarch64-linux-gnu", "qemu-aarch64", "mov x8, #93\nmov x0, #42\nsvc #0"),
  ])
  func otherFormats(_ target: String, _ emulator: String, _ code: String) {
    let box = Sandbox()
    box.write(
      "s.s",
      ".globl _start, anchor\n_start: anchor:\n\(code)\n.section .rodata\n.long 1,2,3\n.data\n"
        + ".long 7\n.bss\n.zero 100\n")
    box.check("clang-19 --target=\(target) -nostdlib -static -fuse-ld=lld -o f s.s && cp f f.old")
    let outcome = box.edit("insert .extra strz:\(String(repeating: "x", count: 999)) -i f --json")
    #expect(outcome.status == 0 && outcome.output.contains("the file moves by"), "\(outcome)")
    #expect(box.edit("lint f").status == 0)
    let new = complaints(box, "f").subtracting(complaints(box, "f.old"))
    #expect(new.isEmpty, "\(new)")
    expectSameMemory(box.read("f.old"), box.read("f"))
    let hasEmulator = box.run("which \(emulator)").status == 0
    for tool in ["true", "llvm-strip-19 f", "eu-strip f"] {
      box.check("cp f g; cp f f.keep; \(tool); mv f t; mv f.keep f")
      if hasEmulator { #expect(box.run("\(emulator) ./t").status == 42, "\(tool)") }
      #expect(box.check("readelf -x .extra t").contains("xxxxxxxx"), "\(tool)")
    }
  }

  /// What moves is copied inside the kernel, and memory holds one copy of it.
  @Test func largeFilesStayCheap() throws {
    let box = Sandbox()
    box.write(
      "large.s",
      ".section .rodata\n.fill 2000000, 8, 0x1122334455667788\n.data\n"
        + ".fill 2000000, 8, 0x99aabbccddeeff\n.section .note.GNU-stack,\"\",@progbits\n")
    box.buildProgram("f", flags: "-B/usr/lib/llvm-19/bin -fuse-ld=lld large.s")
    box.write(
      "measure.py",
      """
      import os, resource, subprocess, sys
      subprocess.run(sys.argv[1:], check=True)
      used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
      print(used < 1.3 * os.path.getsize('f') + (20 << 20), used)
      """)
    let edit = "'\(Sandbox.editor)' insert .extra zero:1000 where=tail"
    let measured = box.check("python3 measure.py \(edit) -o new f")
    #expect(measured.hasPrefix("True"), "\(measured)")
    #expect(box.run("./new").output == "12345678 7 0\n")
    #expect(box.read("new").count - box.read("f").count >= 4096)
    // Into the file itself, of which the working copy is a mapping.
    box.check("cp f one && ln one two && \(edit) --hardlinks rewrite -i one && cmp one new")
    box.check("cmp two new")
    // And from memory, as the linker does it.
    let edits = try ScriptParser.parse(
      script: Array("insert .extra zero:1000 where=tail".utf8), name: "e", needsHeader: false)
    let session = try EditSession(image: box.read("f"))
    try session.applyAndVerify(edits)
    var stored = box.read("f")
    stored += [UInt8](repeating: 0, count: session.resultSize - stored.count)
    stored.withUnsafeMutableBytes { session.store(in: $0) }
    let isSame = stored == box.read("new")
    #expect(isSame)
  }

  /// A digest has read the program headers, so no later edit may change them.
  @Test func shiftsMakeDigestsStale() {
    let box = Sandbox()
    box.buildProgram("app", flags: "-B/usr/lib/llvm-19/bin -fuse-ld=lld")
    let outcome = box.edit(
      "apply -i app -e 'digest sum32 over=seg:2 into=slot:tag' -e 'insert .extra zero:1000'")
    #expect(outcome.status == 1 && outcome.errors.contains("SE-STALE-DIGEST"), "\(outcome)")
  }

  /// What moved in the file without a plan is a bug that the verification finds.
  @Test func verificationFindsUnplannedShifts() throws {
    let box = Sandbox()
    box.buildProgram("app", flags: "-B/usr/lib/llvm-19/bin -fuse-ld=lld")
    let edits = try ScriptParser.parse(
      script: Array("insert .extra zero:1000".utf8), name: "e", needsHeader: false)
    let bytes = box.read("app")
    try EditSession(image: bytes).applyAndVerify(edits)
    for type in [PT.LOAD, PT.NOTE, PT.TLS, PT.DYNAMIC, PT.GNU_RELRO] {
      let session = try EditSession(image: bytes)
      try session.apply(edits)
      guard let victim = session.image.segments.last(where: { $0.type == type && $0.fileSize > 0 })
      else { continue }
      var moved = victim
      moved.offset ^= 4096
      try session.writeSegment(moved)
      let failure = #expect(throws: EditFailure.self, "type \(type)") { try session.verify() }
      #expect(failure?.code == .verification, "type \(type)")
    }
  }
}

extension EditSession {
  /// Both halves of a run.
  func applyAndVerify(_ edits: [Edit]) throws(EditFailure) {
    try apply(edits)
    try verify()
  }
}
