// Random sequences of valid edits. Whatever was done in whatever order: the invariants hold, only
// announced bytes differ, the program runs, a second run is refused or changes nothing, a dry run
// leaves no trace, and the report parses. `SWOLD_PROPERTIES=500` runs the long form, and
// `SWOLD_PROPERTIES_SEED` another one; a failure names the seed and the script.

import Glibc
import Testing

@testable import PostLinkEdit

@Suite struct PropertyTests {
  enum Kind: String, CaseIterable, Sendable {
    case padded, packed, spare, overlay, firmware, bigEndian, small

    /// Makes the file `f`.
    func build(_ box: Sandbox) {
      let swold = Sandbox.editor.replacing("swold-edit", with: "swold")
      switch self {
      case .padded: box.buildProgram("f")
      case .packed:
        box.buildProgram("f", flags: "-no-pie -B/usr/lib/llvm-19/bin -fuse-ld=lld")
      case .spare, .overlay:
        box.check("mkdir .swold && ln -s '\(swold)' .swold/ld")
        box.buildProgram("f", flags: "-B.swold -Wl,-z,noseparate-code", spare: false)
        if self == .overlay { box.check("printf 'an archive at the end' >> f") }
      case .firmware: box.buildFirmware("f")
      case .bigEndian, .small:
        box.write("s.c", "int data = 3, zero[10]; int sum(int x) { return x + data; }")
        let target = self == .small ? "i386-linux-gnu -Wl,-z,notext" : "powerpc-linux-gnu"
        box.check(
          "clang-19 --target=\(target) -fPIC -shared -g -nostdlib -fuse-ld=lld "
            + "-Wl,-soname,libf.so -o f s.c")
      }
    }
    var runs: Bool { ![.firmware, .bigEndian, .small].contains(self) }

    /// A line that many files of the kind allow.
    func edit(_ random: inout Sequence64) -> String {
      var lines = Kind.common
      switch self {
      case .firmware: lines += Kind.slots + Kind.bare
      case .bigEndian, .small: lines += Kind.dynamic
      default: lines += Kind.slots + Kind.dynamic + Kind.program
      }
      // Insertions are what can go wrong most.
      let line = random.next(3) == 0 ? Kind.insertion : lines[random.next(lines.count)]
      return Kind.fill(line, &random)
    }

    /// Replaces `N` (a number), `L` (a size), `T` (a text), `A` (an alignment), `M` (a mode).
    private static func fill(_ line: String, _ random: inout Sequence64) -> String {
      var result = ""
      var isMark = false
      for character in line {
        guard isMark else {
          if character == "%" { isMark = true } else { result.append(character) }
          continue
        }
        isMark = false
        switch character {
        case "N": result += String(random.next(6))
        case "L": result += String(1 + random.next([16, 200, 5000][random.next(3)]))
        case "A": result += ["1", "4", "16", "64"][random.next(4)]
        case "M":
          let modes = ["", "", " where=hole", " where=tail", " where=tail", " where=segment"]
          result += modes[random.next(modes.count)] + ["", "", " flags=rw"][random.next(3)]
        default:
          for _ in 0...random.next(30) {
            result.append(["a", "b", "x", "y", "z", "0", "7", "_"][random.next(8)])
          }
        }
      }
      return result
    }

    static let insertion = "insert .new%N zero:%L align=%A%M"
    static let common = [
      "insert .text%N strz:%T%M", "insert .odd%N strz:%T where=nonalloc", "insert .v%N u32:%L",
      "section add .more%N zero:%L align=%A", "section remove .comment",
      "section replace .comment strz:%T", "section rename .comment .remark%N",
      "section remove .more%N", "section replace .more%N strz:%T", "section flags .comment S",
      "note set PROP %N strz:%T", "note set PROP %N strz:%T section=.note.prop%N",
      "note remove PROP %N", "symbol localize glob:*", "symbol add here%N = (%L)",
      "symbol rename sum total%N", "symbol weaken sum", "symbol remove glob:*.c",
      "debug compress", "debug decompress", "debug strip", "debug split to=side.debug link=yes",
      "put sec:.new%N hex:5a pad=keep", "put sec:.text%N str:%T pad=fill",
      "put sec:.v%N u32:%L replace=yes", "poke u16 sec:.v%N = (size(sec:.v%N) + %L)",
      "assert (exists(sec:.v%N) || 1) holds", "section dump .comment to=comment.bin",
    ]
    static let slots = [
      "put slot:ident strz:%T pad=fill replace=yes", "put slot:ident strz:%T pad=fill",
      "poke u32 slot:ident = (%L) replace=yes", "insert .s strz:%T where=slot:ident",
      "digest crc-32c over=sec:.rodata into=slot:ident replace=yes", "seal",
    ]
    static let dynamic = [
      "rpath set /%T", "rpath add /%T:$ORIGIN", "rpath remove", "rpath set /%T tag=rpath",
      "soname lib%T.so", "needed add libm.so.6", "needed remove libm.so.6",
      "build-id recompute style=sha1", "build-id set 0123456789abcdef0123456789abcdef0123456%N",
      "fill va:0x0..va:0x210000 holes=0xA5 claim=yes",
    ]
    static let program = [
      "interp /lib64/.//ld-linux-x86-64.so.2", "interp /lib64/ld-linux-x86-64.so.2",
      "put slot:tag u32:%L pad=fill replace=yes",
      "digest sha1 over=sec:.text into=slot:ident replace=yes",
    ]
    static let bare = [
      "pad to=0x08010%N00", "pad size=0x20000 byte=0x%N0", "fill rom holes=0x%N0 claim=yes",
      "fill rom holes=hex:0102", "lma all by=+0x1000 remap=yes expect=0x08000000",
      "insert .far%N zero:%L lma=0x09000000", "put slot:sig zero:%L pad=fill replace=yes",
      "poke u32 sym:vectors+0x1c = (0 - sum32(sym:vectors,+0x1c)) wrap=yes expect=u32:0",
      "digest crc-32/iso-hdlc over=lma:0x08000000..lma:0x0800FFFC holes=0xFF into=slot:crc",
    ]
  }

  /// The values of `stat` and of the bytes.
  private func trace(_ box: Sandbox) -> String {
    box.check("stat -c '%i %y %z %s' f; sha256sum f")
  }

  @Test(arguments: Kind.allCases)
  func randomSequencesKeepTheInvariants(_ kind: Kind) throws {
    func number(_ name: String) -> Int? {
      getenv(name).flatMap { Int(String(cString: $0)) }
    }
    let seed = number("SWOLD_PROPERTIES_SEED") ?? 7
    let rounds = number("SWOLD_PROPERTIES") ?? 8
    var random = Sequence64(UInt64(seed * 101 + (Kind.allCases.firstIndex(of: kind) ?? 0)))
    let box = Sandbox()
    kind.build(box)
    let original = box.read("f")
    let problems = Set(try Inspection(image: original).lint().map(\.text))
    let complaints = said(box, "f")
    for _ in 0..<rounds {
      let (script, result) = try sequence(of: 1 + random.next(6), on: original, kind, &random)
      let label: Comment = "seed \(seed), \(kind): \(script)"

      // The invariants, by the program and by others.
      let findings = try Inspection(image: result.bytes).lint().filter(\.isError)
      #expect(findings.allSatisfy { problems.contains($0.text) }, "\(label)\n\(findings)")
      try expectAnnounced(original, result, label)

      // The second run.
      if let edits = try? parse(script), let again = try? EditSession(image: result.bytes),
        (try? again.applyAndVerify(edits)) != nil
      {
        let isSame = again.result == result.bytes
        #expect(isSame, "a second run changes the file: \(label)")
      }

      // The command: a dry run leaves nothing, its report parses, the real run gives the same bytes.
      box.write("s.sedit", "sedit 1\n\(script.joined(separator: "\n"))\n")
      let before = trace(box)
      let dry = box.run("'\(Sandbox.editor)' apply -f s.sedit -n --json -i f > report.json")
      #expect(dry.status == 0, "\(label)\n\(dry.errors)")
      #expect(trace(box) == before, label)
      #expect(box.run("ls | grep -c -e side.debug -e comment.bin").output.trimmed == "0", label)
      #expect(box.run("python3 -m json.tool report.json >/dev/null").status == 0, label)
      let run = box.edit("apply -f s.sedit -o out f")
      #expect(run.status == 0, "\(label)\n\(run.errors)")
      let isRepeated = box.read("out") == result.bytes
      #expect(isRepeated, label)
      #expect(trace(box) == before, label)

      // Other tools.
      let new = said(box, "out").subtracting(complaints)
      #expect(new.isEmpty, "\(label)\n\(new)")
      if kind.runs {
        #expect(box.run("./out").output == "12345678 7 0\n", label)
        // Those of GNU and elfutils do not understand a program header table that moved.
        let isPlain = box.run("readelf -h out").output.contains("64 (bytes into file)")
        let tool =
          isPlain
          ? ["strip", "eu-strip", "llvm-strip-19", "objcopy"][random.next(4)] : "llvm-strip-19"
        box.check("cp out t && \(tool) t")
        #expect(box.run("./t").output == "12345678 7 0\n", "\(tool): \(label)")
      }
      box.check("rm -f out t side.debug comment.bin")
    }
  }

  private func parse(_ script: [String]) throws -> [Edit] {
    try ScriptParser.parse(
      script: Array(script.joined(separator: "\n").utf8), name: "s", needsHeader: false)
  }

  /// Adds lines as long as the transaction passes.
  private func sequence(
    of count: Int, on original: [UInt8], _ kind: Kind, _ random: inout Sequence64
  ) throws -> (script: [String], result: (bytes: [UInt8], session: EditSession)) {
    var script: [String] = []
    var session = try EditSession(image: original)
    var misses = 0
    while script.count < count, misses < 40 {
      let line = kind.edit(&random)
      let next = try EditSession(image: original)
      do {
        try next.applyAndVerify(try parse(script + [line]))
        script.append(line)
        session = next
      } catch let failure as EditFailure {
        // A refusal is fine, a bug is not.
        misses += 1
        #expect(
          ![.verification, .malformed, .syntax].contains(failure.code),
          "\(kind): \(script) \(line): \(failure)")
      }
    }
    return (script, (session.result, session))
  }

  /// Memory that differs is in the report, and what has come is what was inserted.
  private func expectAnnounced(
    _ original: [UInt8], _ result: (bytes: [UInt8], session: EditSession), _ label: Comment
  ) throws {
    let old = try #require(LoadedImage(original))
    let new = try #require(LoadedImage(result.bytes))
    var announced = RangeSet()
    for write in result.session.reports.flatMap(\.writes) {
      guard let start = write.virtualAddress else { continue }
      announced.insert(start, start + UInt64(write.new.count))
    }
    let silent = old.differences(from: new).filter { !announced.contains($0) }
    #expect(silent.isEmpty, "\(label)\nva \(hex(silent.first ?? 0)) changed silently")
    let come = new.differences(from: old).filter {
      !announced.contains($0) && new.bytes(at: $0, 1) != [0]
    }
    #expect(come.isEmpty, "\(label)\nva \(hex(come.first ?? 0)) has come silently")
  }

  /// What readelf and eu-elflint complain about, without numbers of sections.
  private func said(_ box: Sandbox, _ file: String) -> Set<Substring> {
    let text = box.run(
      "{ readelf -aW \(file) 2>&1 >/dev/null; eu-elflint --gnu-ld \(file); } 2>&1 "
        + "| sed 's/section \\[ *[0-9]*\\]/section/g; s/symbol [0-9]*/symbol/g; s/readelf: //'")
    return Set(
      text.output.split(separator: "\n").filter {
        !$0.contains("No errors") && !$0.contains("PROP") && !$0.contains("SWOLD")
      })
  }
}
