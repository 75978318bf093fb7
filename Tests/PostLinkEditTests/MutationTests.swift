// Malformed files: whatever the bytes, the editor ends with a result or a refusal. A crash kills
// the test process, so the test is that it finishes. `SWOLD_FUZZ=100000` runs the long form.

import Glibc
import Testing

@testable import PostLinkEdit

/// A reproducible sequence of numbers.
struct Sequence64 {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }
  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_f491_4f6c_dd1d
  }
  mutating func next(_ limit: Int) -> Int { Int(next() % UInt64(max(limit, 1))) }
}

/// Every verb once, in forms that most files allow.
let someEdits = [
  "put va:0x2020 hex:00112233 code=yes", "put slot:ident strz:abc replace=yes",
  "put sec:.rodata hex:00 pad=keep", "put sym:main hex:90 code=yes pad=keep",
  "poke u32 sec:.data+4 = (sym(main) - sym(_start)) wrap=yes", "fill rom holes=0xff claim=yes",
  "pad size=1MiB", "insert .new str:hello", "insert .new2 str:hello where=segment",
  "insert .new3 str:hello where=nonalloc", "insert .new4 zero:700 where=tail align=16",
  "insert .new5 zero:9 where=tail flags=rw", "section add .x str:data align=8",
  "section remove .comment", "section rename .comment .remark",
  "section flags .comment MS if-needed",
  "section dump .text to=-", "entry (sym(main))", "lma all by=+0x1000 remap=yes",
  "lma seg:2 to=0x0800fd00", "interp /lib/ld.so", "rpath set /a/b:$ORIGIN",
  "rpath remove if-needed",
  "needed add libm.so.6", "needed replace libc.so.6 libd.so.6", "needed remove libm.so.6",
  "soname libx.so", "symbol localize glob:*", "symbol rename main haupt", "symbol remove main",
  "symbol add here = (sym(main) + 4)", "note set SWOLD 0x100 str:x", "note remove X 1 if-needed",
  "build-id recompute", "debug split to=- link=yes compress=zlib", "debug compress",
  "debug decompress", "debug strip",
  "digest crc-32/iso-hdlc over=rom holes=0xff into=slot:crc slots=as-fill",
  "digest sha256 over=seg:0 into=slot:ident", "export ihex to=-", "export bin to=- fill=0xff",
  "export srec to=-", "export uf2 to=-", "export vmem to=-",
  "assert (u32(sec:.text) + size(sec:.data) > 0 || exists(sym:main)) no", "seal", "seal drop=yes",
]

enum Mutation {
  /// Applies one edit to an image; refusals are fine, and so is success. Returns whether it passed.
  static func exercise(_ bytes: [UInt8], _ edit: Edit) -> Bool {
    do throws(EditFailure) {
      let session = try EditSession(image: bytes)
      try session.apply([edit])
      try session.verify()
      _ = session.difference()
      return true
    } catch {
      // A verification failure is a bug of ours even on a broken file.
      if error.code == .verification { Issue.record("\(edit.name): \(error)") }
      return false
    }
  }

  /// Changes a few bytes; half of the changes hit the headers.
  static func mutate(_ original: [UInt8], _ random: inout Sequence64) -> [UInt8] {
    var bytes = original
    if random.next(16) == 0 { bytes.removeLast(random.next(bytes.count)) }
    guard bytes.count > 64 else { return bytes }
    func word(_ at: Int) -> Int {
      (0..<4).reduce(0) { $0 | Int(bytes[min(at + $1, bytes.count - 1)]) << ($1 * 8) }
    }
    let is64 = bytes[4] == 2
    let tables = [
      (word(is64 ? 32 : 28), 600), (word(is64 ? 40 : 32), bytes.count), (0, is64 ? 64 : 52),
    ]
    for _ in 0...random.next(6) {
      var position = random.next(bytes.count)
      if random.next(2) == 0 {
        let (start, length) = tables[random.next(3)]
        let from = min(start, bytes.count - 1)
        position = from + random.next(min(length, bytes.count - from))
      }
      let values: [UInt8] = [0, 1, 2, 0x7f, 0x80, 0xff, UInt8(truncatingIfNeeded: random.next())]
      let value = values[random.next(values.count)]
      // Whole fields turn into extremes, too.
      let width = [1, 1, 4, 8][random.next(4)]
      for index in position..<min(position + width, bytes.count) { bytes[index] = value }
    }
    return bytes
  }
}

@Suite struct MutationTests {
  @Test func mutatedFilesNeverCrash() throws {
    let box = Sandbox()
    box.buildProgram("app")
    box.buildFirmware("fw.elf")
    box.check("strip -o stripped app")
    box.check("objcopy --compress-debug-sections app packed")
    box.check(
      "printf 'abcd' >d; gcc -shared -fPIC -o libextra.so -Wl,-rpath,/a "
        + "-Wl,--no-as-needed -x c /dev/null -lm")
    box.write("s.c", "int f(int x) { return x + 1; } int data = 3;")
    box.check("gcc -shared -fPIC -o lib.so s.c")
    box.check("clang-19 --target=armeb-none-eabi -c -o big.o s.c")
    box.check(
      "clang-19 --target=i386-linux-gnu -nostdlib -fuse-ld=lld -fPIC -shared -o "
        + "i386.so s.c")
    box.check(
      "clang-19 --target=powerpc-linux-gnu -nostdlib -fuse-ld=lld -fPIC -shared -o be.so s.c")
    box.check("clang-19 -fuse-ld=lld -o packed-app app.c app.s && printf overlay >> packed-app")
    let files = [
      "packed-app", "app", "fw.elf", "stripped", "packed", "libextra.so", "lib.so", "big.o",
      "i386.so", "be.so",
    ].map(box.read)
    let edits = try someEdits.map { text in
      try #require(
        try ScriptParser.parse(script: Array(text.utf8), name: "e", needsHeader: false).first)
    }
    // The edits themselves must be good for something on the files as they are.
    let passed = edits.filter { edit in files.contains { Mutation.exercise($0, edit) } }
    let failed = zip(someEdits, edits).filter { !passed.contains($0.1) }.map(\.0)
    #expect(failed.isEmpty, "never succeed: \(failed)")

    let rounds = getenv("SWOLD_FUZZ").flatMap { Int(String(cString: $0)) } ?? 3000
    let seed = getenv("SWOLD_FUZZ_SEED").flatMap { UInt64(String(cString: $0)) } ?? 2024
    var random = Sequence64(seed)
    for round in 0..<rounds {
      let bytes = Mutation.mutate(files[round % files.count], &random)
      let edit = random.next(edits.count)
      if let path = getenv("SWOLD_FUZZ_SAVE") {
        Sandbox.save(
          String(cString: path),
          bytes + Array(someEdits[edit].utf8))
      }
      _ = Mutation.exercise(bytes, edits[edit])
      if round % 5 == 0, let inspection = try? Inspection(image: bytes) {
        _ = inspection.lint()
        _ = inspection.text(ShowTopic.allCases)
        _ = inspection.json(ShowTopic.allCases).text
      }
    }
  }
}
