import Testing

@testable import Linker

/// --defsym: defect 5 is that `a=b+4` was taken for a symbol named `b+4`, or crashed.
@Suite struct OptionsExpressionTests {
  private func value(_ text: String, _ symbols: [String: UInt64] = [:]) throws -> UInt64? {
    let expression = try ExpressionParser.parse(text)
    let evaluator = SymbolEvaluator(
      symbol: { (name) throws(EvaluationFailure) in
        guard let value = symbols[name] else { throw .undefined(name) }
        return SymbolValue(bits: value, isAddress: true)
      },
      question: { (_) throws(EvaluationFailure) in throw .unknown })
    return try? evaluator.evaluate(expression).bits
  }

  @Test(arguments: [
    ("1+2*3", 7), ("(1+2)*3", 9), ("10-4-3", 3), ("100/10/5", 2), ("7%4", 3),
    ("1<<4|1", 17), ("0xff&~0xf", 0xf0), ("6^3", 5), ("1|2&3", 3), ("1<<2+1", 8),
    ("-1", UInt64.max),
    ("--1", 1), ("~0", UInt64.max), ("+5", 5), ("4K", 4096), ("2M", 2 << 20), ("0x10k", 0x4000),
    ("010", 8), ("0", 0), (" ( 1 + 2 ) ", 3), ("1<<64", 1), ("0-1", UInt64.max),
    ("$ff", 0xff), ("0ffh", 0xff), ("17o", 15), ("101b", 5), ("10d", 10), ("$1K", 1024),
    ("1?2:0?3:4", 2), ("0?2:0?3:4", 4), ("5&3==1", 0), ("1<<2<3", 0), ("1||0&&0", 1),
    ("!5", 0), ("!0", 1), ("-7/2", UInt64(bitPattern: -3)), ("-7%4", UInt64(bitPattern: -3)),
    ("-1<5", 0), ("-8>>1", 0x7fff_ffff_ffff_fffc), ("MAX(-1,5)", UInt64.max), ("MIN(3,5)", 3),
    ("ALIGN(0x12345,16)", 0x12350), ("LOG2CEIL(0)", 0), ("LOG2CEIL(16)", 4),
    ("LOG2CEIL(17)", 5), ("LOG2CEIL(-1)", 64), ("ABSOLUTE(7)", 7), ("5 /* c */ # c", 5),
    ("ASSERT(4, \"x\")", 4), ("0x8000000000000000/-1", 1 << 63),
  ])
  func `numbers and operators`(text: String, expected: UInt64) throws {
    #expect(try value(text) == expected)
  }

  @Test func `symbols`() throws {
    #expect(try value("b+4", ["b": 0x1000]) == 0x1004)
    #expect(try value("_end-_start", ["_end": 30, "_start": 10]) == 20)
    #expect(try value("\"a b\"*2", ["a b": 4]) == 8)
    #expect(try value("missing") == nil)
    #expect(try value("1/zero", ["zero": 0]) == nil)
    #expect(try value("1%zero", ["zero": 0]) == nil)
    #expect(try ExpressionParser.parse("foo").aliasedSymbol == "foo")
    #expect(try ExpressionParser.parse("foo+0").aliasedSymbol == nil)
    #expect(try ExpressionParser.parse("a+b.c*$x").symbols == ["a", "b.c", "$x"])
  }

  @Test(arguments: [
    ("", 1), ("1+", 3), ("(1", 3), ("1 2", 3), ("a b", 3), ("*1", 1), ("0x", 1), ("09", 1),
    ("1 + 0xg", 5), ("99999999999999999999", 1), ("0xffffffffffffffffK", 1), ("a=b", 2),
    ("\"\"", 1),
    ("\"x", 1), (")", 1), ("1//2", 3), ("1?2", 4), ("MAX(1)", 1), ("MAX 1", 5), ("f(1)", 1),
    ("ALIGN(4)", 1), (".", 1), ("1+.", 3), ("SIZEOF()", 8), ("CONSTANT(X)", 1), ("0b101", 1),
    ("12b", 1), ("1&&", 4), ("1 = 2", 3), ("foo;", 4), ("ASSERT(1)", 9),
  ])
  func `errors have a column`(text: String, column: Int) {
    let error = #expect(throws: ExpressionError.self) { try ExpressionParser.parse(text) }
    #expect(error?.column == column)
  }

  @Test func `a word of letters is a symbol`() throws {
    #expect(try ExpressionParser.parse("each").symbols == ["each"])
    #expect(try ExpressionParser.parse("$foo+DEFINED(x)").symbols == ["$foo"])
    #expect(try ExpressionParser.parse("DEFINED(x)?y:0").probedSymbols == ["x"])
  }

  @Test func `height is limited`() {
    let nested = String(repeating: "(", count: 100_000) + "1"
    #expect(throws: ExpressionError.self) { try ExpressionParser.parse(nested) }
    let negated = String(repeating: "-", count: 100_000) + "1"
    #expect(throws: ExpressionError.self) { try ExpressionParser.parse(negated) }
    let chosen = String(repeating: "1?", count: 100_000) + "1"
    #expect(throws: ExpressionError.self) { try ExpressionParser.parse(chosen) }
    let long = String(repeating: "1+", count: 100_000) + "1"
    #expect(throws: ExpressionError.self) { try ExpressionParser.parse(long) }
  }

  @Test func `the option keeps tree and text`() {
    let result = parse("--defsym a=b+4 --defsym=c=0x10 a.o")
    #expect(
      result.options.symbolDefinitions == [
        DefsymOption(
          name: "a", expression: .binary(.add, .symbol("b"), .number(4)), text: "b+4", position: 0),
        DefsymOption(name: "c", expression: .number(16), text: "0x10", position: 2),
      ])
    #expect(
      parse("--defsym=a=b+ a.o").errors == [
        "--defsym=a=b+: the expression ends where a number or symbol should follow (column 3)"
      ])
  }
}
