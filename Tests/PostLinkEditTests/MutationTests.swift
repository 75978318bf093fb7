// Malformed files: whatever the bytes, the editor ends with a result or a refusal. Half of the
// mutations change single bytes, the others whole fields of headers and tables, to the values at
// which arithmetic goes wrong.
//
// A crash kills the test process and a hang is killed by an alarm. Either way the input of the
// round is in a file whose name the test prints, with the seed, the round and the edits. A round
// depends on nothing but these two numbers:
//
//   SWOLD_FUZZ_SEED=1 SWOLD_FUZZ=100000 swift test --filter mutatedFiles    the long form
//   SWOLD_FUZZ_SEED=1 SWOLD_FUZZ_ROUND=4711 swift test --filter mutatedFiles    one round again

import ELF
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
  mutating func pick<T>(_ items: [T]) -> T { items[next(items.count)] }
}

/// Every verb, in forms that most files allow.
let someEdits = [
  "put va:0x2020 hex:00112233 code=yes", "put slot:ident strz:abc replace=yes",
  "put sec:.rodata hex:00 pad=keep", "put sym:main hex:90 code=yes pad=keep",
  "put sec:.comment zero:4 pad=zero", "poke u8 seg:0+4 = (u8(seg:0+4)) code=yes if-needed",
  "poke u32 sec:.data+4 = (sym(main) - sym(_start)) wrap=yes", "fill rom holes=0xff claim=yes",
  "fill sec:.rodata all=hex:0102 replace=yes", "pad size=1MiB", "pad to=0x08020000 byte=0",
  "insert .new str:hello", "insert .new2 str:hello where=segment",
  "insert .new3 str:hello where=nonalloc", "insert .new4 str:x where=hole",
  "insert .new5 zero:64 where=tail align=16", "insert x str:y where=slot:ident replace=yes",
  "insert .new6 str:hello where=segment flags=rw lma=0x30000000",
  "insert .new7 zero:700 where=tail align=16", "insert .new8 zero:9 where=tail flags=rw",
  "section add .x str:data align=8",
  "section remove .comment", "section rename .comment .remark",
  "section replace .comment str:other", "section replace .rodata str:x pad=keep",
  "section flags .comment MS if-needed", "section flags .text ax if-needed",
  "section dump .text to=-", "section dump .debug_info to=- raw=no", "entry (sym(main))",
  "entry (sym(_start)) vectors=vectors if-needed", "lma all by=+0x1000 remap=yes",
  "lma all by=-0x1000 remap=yes", "lma seg:2 to=0x0800fd00", "interp /lib/ld.so",
  "interp /a/path/that/is/longer/than/every/one/before/it/and/needs/another/segment.so",
  "rpath set /a/b:$ORIGIN", "rpath add /c scrub=yes", "rpath shrink root=/nowhere if-needed",
  "rpath set /x tag=rpath", "rpath remove if-needed",
  "needed add libm.so.6", "needed replace libc.so.6 libd.so.6", "needed remove libm.so.6",
  "soname libx.so", "symbol localize glob:*", "symbol rename main haupt", "symbol remove main",
  "symbol weaken glob:*ma*", "symbol hide glob:*", "symbol globalize glob:* if-needed",
  "symbol add here = (sym(main) + 4)", "note set SWOLD 0x100 str:x",
  "note set SWOLD 0x100 str:longer-text replace=yes", "note set GNU 5 str:x section=.note.p",
  "note set X 1 hex:00 loaded=slot:ident replace=yes", "note remove X 1 if-needed",
  "note remove GNU 1 if-needed", "build-id recompute", "build-id keep",
  "build-id set 00112233445566778899aabbccddeeff00112233",
  "debug split to=- link=yes compress=zlib",
  "debug split to=- compress=zstd", "debug compress", "debug compress compress=zstd",
  "debug decompress", "debug strip",
  "digest crc-32/iso-hdlc over=rom holes=0xff into=slot:crc slots=as-fill",
  "digest sha256 over=seg:0 into=slot:ident", "digest sum8 over=rom holes=skip into=sec:.data+1",
  "digest crc-16/arc over=seg:0,seg:1 except=sec:.data space=va holes=0 slots=skip into=slot:ident",
  "export ihex to=-", "export bin to=- fill=0xff", "export srec to=- record=255", "export uf2 to=-",
  "export vmem to=- width=4", "export bin to=- range=sec:.text,rom skip=sec:.data fill=0",
  "export bin to=- fill=0 bank=1/2 width=2 swap=2 pad-to=0x10000",
  "export tbs to=- over=rom holes=0",
  "assert (u32(sec:.text) + size(sec:.data) > 0 || exists(sym:main)) no",
  "assert (sum32(seg:0) + lma(sec:.text) + end(rom) != filesize() || crc(\"crc-32c\", rom)) no",
  "seal", "seal drop=yes",
]

enum Mutation {
  /// Applies edits to an image; refusals are fine, and so is success. Returns the result.
  static func exercise(
    _ bytes: [UInt8], _ edits: [Edit], _ options: EditOptions = EditOptions(),
    _ context: @autoclosure () -> String = ""
  ) -> [UInt8]? {
    do throws(EditFailure) {
      let session = try EditSession(image: bytes, options: options)
      try session.apply(edits)
      try session.verify()
      _ = session.difference()
      _ = session.report(output: nil, failure: nil, verified: true).text
      return session.result
    } catch {
      // A verification failure is a bug of ours even on a broken file.
      if error.code == .verification { Issue.record("\(context()): \(error)") }
      return nil
    }
  }

  /// A number in a header or a table of a file.
  struct Field {
    var offset: Int
    var width: Int
  }

  /// Where the numbers of a sound file are.
  static func fields(_ bytes: [UInt8]) throws -> [Field] {
    try bytes.withView { view throws(EditFailure) in
      let image = try Image(view)
      let format = image.format
      let word = format.wordSize
      var fields: [Field] = []
      func record(_ start: Int, _ widths: [Int]) {
        var offset = start
        for width in widths {
          fields.append(Field(offset: offset, width: width))
          offset += width
        }
      }
      /// A table of records of these fields; of a long one only the start and the end.
      func table(_ range: Range<UInt64>, _ widths: [Int]) {
        let size = widths.reduce(0, +)
        let count = (Int(range.upperBound) - Int(range.lowerBound)) / size
        for index in 0..<count where index < 12 || index >= count - 4 {
          record(Int(range.lowerBound) + index * size, widths)
        }
      }
      // The file's header thrice: it has few fields, and much depends on them.
      for _ in 0..<3 { record(16, [2, 2, 4, word, word, word, 4, 2, 2, 2, 2, 2, 2]) }
      table(
        image.segmentTableRange,
        format.is64 ? [4, 4, 8, 8, 8, 8, 8, 8] : [4, 4, 4, 4, 4, 4, 4, 4])
      let section = [4, 4, word, word, word, word, 4, 4, word, word]
      for index in image.sections.indices {
        record(Int(image.sectionTableOffset) + index * format.sectionEntrySize, section)
      }
      for section in image.sections.dropFirst() where section.hasFileBytes {
        switch section.type {
        case SHT.SYMTAB, SHT.DYNSYM:
          table(section.fileRange, format.is64 ? [4, 1, 1, 2, 8, 8] : [4, 4, 4, 1, 1, 2])
        case SHT.DYNAMIC: table(section.fileRange, [word, word])
        case SHT.RELA: table(section.fileRange, [word, word, word])
        case SHT.REL: table(section.fileRange, [word, word])
        case SHT.NOTE, SHT.GNU_VERNEED, SHT.GNU_VERDEF, SHT.GNU_HASH:
          table(section.fileRange, [4])
        default:
          if section.name == ".eh_frame_hdr" || section.flags & SHF.COMPRESSED != 0 {
            table(section.fileRange, [4])
          }
        }
      }
      return fields
    }
  }

  /// Sets a few fields to values at which something overflows, overlaps or is off by one.
  static func mutate(
    _ original: [UInt8], _ fields: [Field], _ random: inout Sequence64
  ) -> [UInt8] {
    var bytes = original
    let order: ByteOrder = original[5] == 2 ? .big : .little
    for _ in 0...random.next(4) {
      let field = random.pick(fields)
      let place = field.offset..<(field.offset + field.width)
      let old = Format.decode(bytes[place], order)
      let other = random.pick(fields)
      let size = UInt64(bytes.count)
      let edges: [UInt64] = [
        0, 1, 2, 7, 8, .max, .max - 1, .max - 7, 1 << 63, (1 << 63) - 1, 1 << 31, 1 << 32, 1 << 40,
        0xffff, 0xff00, old &+ 1, old &- 1, old &* 2, old / 2, 0 &- old, size, size &- 1, size &+ 1,
        size &- old, 1 << UInt64(random.next(64)), old ^ 1 << UInt64(random.next(64)),
        Format.decode(bytes[other.offset..<(other.offset + other.width)], order),
        UInt64(random.next(16)), random.next(),
      ]
      bytes.replaceSubrange(
        place, with: Format.encode(random.pick(edges), size: field.width, order))
    }
    return bytes
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
  /// The programs that are mutated.
  private func programs(_ box: Sandbox) -> [[UInt8]] {
    box.buildProgram("app")
    box.buildFirmware("fw.elf")
    box.check("strip -o stripped app")
    box.check("objcopy --compress-debug-sections app packed")
    box.check("objcopy --only-keep-debug app app.debug")
    box.check(
      "printf 'abcd' >d; gcc -shared -fPIC -o libextra.so -Wl,-rpath,/a "
        + "-Wl,--no-as-needed -x c /dev/null -lm")
    box.write("s.c", "int f(int x) { return x + 1; } int data = 3; int *p = &data;")
    box.check("gcc -shared -fPIC -Wl,-z,pack-relative-relocs -o lib.so s.c")
    box.check("gcc -Wl,--emit-relocs -nostdlib -Wl,-e,f -static -o relocs s.c")
    box.check("clang-19 --target=armeb-none-eabi -c -o big.o s.c")
    box.check(
      "clang-19 --target=i386-linux-gnu -nostdlib -fuse-ld=lld -fPIC -shared -o "
        + "i386.so s.c")
    box.check(
      "clang-19 --target=powerpc-linux-gnu -nostdlib -fuse-ld=lld -fPIC -shared -o be.so s.c")
    box.check("clang-19 -fuse-ld=lld -o packed-app app.c app.s && printf overlay >> packed-app")
    return [
      "packed-app", "app", "fw.elf", "stripped", "packed", "libextra.so", "lib.so", "big.o",
      "i386.so", "be.so", "app.debug", "relocs",
    ].map(box.read)
  }

  @Test func mutatedFilesNeverCrash() throws {
    let box = Sandbox()
    let files = programs(box)
    let fields = try files.map(Mutation.fields)
    let edits = try someEdits.map { text in
      try #require(
        try ScriptParser.parse(script: Array(text.utf8), name: "e", needsHeader: false).first)
    }
    // The edits themselves must be good for something on the files as they are.
    let useless = zip(someEdits, edits).filter { _, edit in
      !files.contains { Mutation.exercise($0, [edit]) != nil }
    }
    #expect(useless.isEmpty, "never succeed: \(useless.map(\.0))")

    func number(_ name: String) -> Int? {
      getenv(name).flatMap { Int(String(cString: $0)) }
    }
    let seed = UInt64(number("SWOLD_FUZZ_SEED") ?? 2024)
    let only = number("SWOLD_FUZZ_ROUND")
    let rounds = only.map { $0..<($0 + 1) } ?? 0..<(number("SWOLD_FUZZ") ?? 3000)
    let saved = "/tmp/swold-fuzz-\(getpid())"
    if rounds.count > 3000 || only != nil { print("fuzz: seed \(seed), inputs in \(saved).*") }
    defer { alarm(0) }
    for round in rounds {
      var random = Sequence64(seed &* 1_000_003 &+ UInt64(round))
      let file = round % files.count
      let bytes =
        random.next(2) == 0
        ? Mutation.mutate(files[file], &random)
        : Mutation.mutate(files[file], fields[file], &random)
      let chosen = (0...(random.next(3) == 0 ? random.next(4) : 0)).map { _ in
        random.next(edits.count)
      }
      var options = EditOptions()
      options.ifNeeded = random.next(4) == 0
      options.dropsOverlay = random.next(8) == 0
      if random.next(2) == 0 { options.allowed = Set(DiagnosticCode.allCases) }
      let what = "seed \(seed) round \(round) file \(file): \(chosen.map { someEdits[$0] })"
      let later = random.next(4) == 0 ? random.next(edits.count) : nil
      Sandbox.save("\(saved).input", bytes)
      Sandbox.save(
        "\(saved).edits", Array("\(what), then \(later.map { someEdits[$0] } ?? "none")".utf8))
      alarm(60)
      let result = Mutation.exercise(bytes, chosen.map { edits[$0] }, options, what)
      // What we made of a broken file is read again, and edited again.
      if let result, let later {
        _ = Mutation.exercise(result, [edits[later]], options, "\(what), then \(someEdits[later])")
      }
      if round % 5 == 0, let inspection = try? Inspection(image: bytes) {
        _ = inspection.lint()
        _ = inspection.text(ShowTopic.allCases)
        _ = inspection.json(ShowTopic.allCases).text
      }
    }
    guard only == nil else { return }
    unlink("\(saved).input")
    unlink("\(saved).edits")
  }
}
