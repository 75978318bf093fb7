import Testing

@testable import PostLinkEdit

private func parse(_ text: String, _ variables: [String: String] = [:]) throws -> [Edit] {
  try ScriptParser.parse(
    script: Array(text.utf8), name: "t", variables: variables, needsHeader: false)
}

private func verb(_ text: String, _ variables: [String: String] = [:]) throws -> Verb {
  try #require(try parse(text, variables).first).verb
}

/// The place and message of the refusal of a script.
private func failure(_ text: String) -> String {
  do {
    _ = try parse(text)
    return "parsed"
  } catch {
    return "\((error as? EditFailure)?.location.map { "\($0.line):\($0.column)" } ?? "?") "
      + "\((error as? EditFailure)?.message ?? "")"
  }
}

@Suite struct ScriptParserTests {
  @Test func scriptOfTheManualParses() throws {
    let script = """
      sedit 1
      # what a release needs
      assert (end(sec:.rodata) <= 0x0800F000) "code too large"
      put slot:ident strz:%{GIT}
      poke u32 sym:vectors+0x1c = (0 - sum32(sym:vectors,+0x1c)) wrap=yes
      fill rom holes=0xFF claim=yes
      digest crc-32/iso-hdlc over=rom except=slot:sig holes=0xFF into=slot:crc endian=le
      put slot:sig file:sig.bin pad=fill   # signed elsewhere
      seal
      """
    let edits = try ScriptParser.parse(
      script: Array(script.utf8), name: "s", directory: "dir", variables: ["GIT": "v1 dirty"])
    #expect(edits.count == 7)
    #expect(edits[1].verb == .put(.slot("ident"), .bytes(Array("v1 dirty\0".utf8)), padding: nil))
    #expect(edits[5].verb == .put(.slot("sig"), .file("dir/sig.bin"), padding: .fill))
    #expect(edits[2].location?.line == 5)
  }

  @Test func wordsOfACommandLineAreNotSplit() throws {
    let edit = try ScriptParser.parse(words: ["put", "slot:a", "str:two words"])
    #expect(edit.verb == .put(.slot("a"), .string("two words"), padding: nil))
  }

  @Test func integersHaveDigitsSeparatorsAndUnits() throws {
    #expect(try verb("put va:0x10_00 zero:4KiB") == .put(.virtual(4096), .zero(4096), padding: nil))
    #expect(
      try verb("put va:0b101 u16:65535")
        == .put(.virtual(5), .integer(65535, size: 2), padding: nil))
    #expect(failure("put va:0 u8:256").contains("does not fit 8 bits"))
    #expect(failure("put va:18446744073709551616 u8:1").contains("64 bits"))
    #expect(failure("put va:12cats u8:1").contains("letters"))
  }

  @Test func dataHasManyForms() throws {
    func data(_ text: String) throws -> EditData {
      guard case .put(_, let data, _) = try verb("put va:0 \(text)") else { return .zero(0) }
      return data
    }
    #expect(try data("hex:00_ffAb") == .bytes([0, 255, 0xab]))
    #expect(try data("base64:SGVsbG8=") == .string("Hello"))
    #expect(try data(#"str:"a\x00\n\"\\""#) == .bytes([97, 0, 10, 34, 92]))
    #expect(try data(#""plain""#) == .string("plain"))
    #expect(failure("put va:0 hex:abc").contains("pairs"))
    #expect(failure("put va:0 base64:SGVsbG8").contains("cut off"))
    #expect(failure("put va:0 nothing").contains("data is missing"))
  }

  @Test func expressionsBindAsInTheSectionMap() throws {
    func value(_ text: String) throws -> EditExpression {
      guard case .assert(let expression, _) = try verb("assert (\(text)) m") else {
        return .number(0)
      }
      return expression
    }
    let three = EditExpression.number(3)
    #expect(
      try value("1 + 2 * 3") == .binary(.add, .number(1), .binary(.multiply, .number(2), three)))
    // `&` binds tighter than `==`, unlike in C.
    #expect(try value("1 & 3 == 3") == .binary(.equal, .binary(.and, .number(1), three), three))
    #expect(
      try value("1 << 3 < 3") == .binary(.less, .binary(.shiftLeft, .number(1), three), three))
    #expect(try value("3 - 3 - 3") == .binary(.subtract, .binary(.subtract, three, three), three))
    #expect(
      try value("!3 || 3 && 3")
        == .binary(.logicalOr, .unary(.not, three), .binary(.logicalAnd, three, three)))
    #expect(try value("3 ? 3 : 3") == .conditional(three, three, three))
    #expect(try value("sym(a-b)") == .call("sym", [.name("a-b")]))
    #expect(
      try value("sum32(sec:.a,+8)") == .call("sum32", [.range(.sized(.section(".a"), 8))]))
  }

  @Test func hostileNestingIsRefused() {
    let deep = String(repeating: "(", count: 500) + "1" + String(repeating: ")", count: 500)
    #expect(failure("assert \(deep) m").contains("nested too deeply"))
    let minus = String(repeating: "-", count: 500)
    #expect(failure("assert (\(minus)1) m").contains("nested too deeply"))
  }

  @Test func messagesNameTheColumn() {
    #expect(failure("put slot:a").hasPrefix("1:1 put: DATA is missing"))
    #expect(
      failure("seal\nput slot:a zero:4 colour=red").hasPrefix("2:19 put has no option 'colour='"))
    #expect(failure("frobnicate x").hasPrefix("1:1 unknown verb"))
    #expect(failure("put slot:a \"open").hasPrefix("1:12 a string does not end"))
    #expect(failure("assert (1 + m").hasPrefix("1:8 '(' without ')'"))
    #expect(failure("put slot:%{X} zero:1").hasPrefix("1:10 the variable 'X' is not defined"))
    #expect(failure("show x").contains("not allowed in scripts"))
    #expect(failure("seal seal").hasPrefix("1:6 seal: unexpected 'seal'"))
    #expect(failure("put slot:a zero:4 pad=keep pad=keep").contains("given twice"))
  }

  @Test func linesJoinAndCommentsEnd() throws {
    let edits = try parse("put slot:a \\\n  zero:4 # rest\n\n# nothing\nseal\r\n")
    #expect(edits.count == 2)
    #expect(edits[0].verb == .put(.slot("a"), .zero(4), padding: nil))
  }

  @Test func headersAreRequiredInFiles() {
    for script in ["", "seal\n", "sedit 2\n", "# only\n"] {
      #expect(throws: EditFailure.self) {
        try ScriptParser.parse(script: Array(script.utf8), name: "s")
      }
    }
  }

  @Test func percentIsAlsoTheRemainder() throws {
    #expect(
      try verb("assert (7 % 4) m") == .assert(.binary(.remainder, .number(7), .number(4)), "m"))
    #expect(
      try verb("rpath set $ORIGIN/../lib")
        == .runPath(.set("$ORIGIN/../lib"), legacy: nil, scrub: false))
  }

  /// Any prefix and any single-byte change of a script parses or is refused; it never crashes.
  @Test func mutatedScriptsNeverCrash() {
    let text = Array(
      """
      sedit 1
      put slot:ident strz:"a\\n%{GIT}" if-needed expect=hex:00ff
      poke u32 sym:v+0x1c = (0 - sum32(sym:v,+0x1c) % 3) wrap=yes \\
        endian=be
      digest crc width=16 poly=0x1021 over=lma:0..lma:9,rom except=sec:.a holes=skip into=slot:crc
      """.utf8)
    for end in text.indices {
      _ = try? ScriptParser.parse(script: Array(text[..<end]), name: "s", variables: ["GIT": "x"])
      for byte in [UInt8(0), 10, 34, 37, 40, 41, 92, 255] {
        var copy = text
        copy[end] = byte
        _ = try? ScriptParser.parse(script: copy, name: "s", variables: ["GIT": "x"])
      }
    }
  }
}
