import Testing

@testable import Linker

/// --defsym: defect 5 is that `a=b+4` was taken for a symbol named `b+4`, or crashed.
@Suite struct OptionsExpressionTests {
  private func value(_ text: String, _ symbols: [String: UInt64] = [:]) throws -> UInt64? {
    try ExpressionParser.parse(text).evaluate { symbols[$0] }
  }

  @Test(arguments: [
    ("1+2*3", 7), ("(1+2)*3", 9), ("10-4-3", 3), ("100/10/5", 2), ("7%4", 3),
    ("1<<4|1", 17), ("0xff&~0xf", 0xf0), ("6^3", 5), ("1|2&3", 3), ("1<<2+1", 8),
    ("-1", UInt64.max),
    ("--1", 1), ("~0", UInt64.max), ("+5", 5), ("4K", 4096), ("2M", 2 << 20), ("0x10k", 0x4000),
    ("010", 8), ("0", 0), (" ( 1 + 2 ) ", 3), ("1<<64", 0), ("0-1", UInt64.max),
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
    #expect(try ExpressionParser.parse("a+b.c*$d").symbols == ["a", "b.c", "$d"])
  }

  @Test(arguments: [
    ("", 1), ("1+", 3), ("(1", 3), ("1 2", 3), ("a b", 3), ("*1", 1), ("0x", 1), ("09", 1),
    ("1 + 0xg", 5), ("99999999999999999999", 1), ("0xffffffffffffffffK", 1), ("a=b", 2),
    ("\"\"", 1),
    ("\"x", 1), (")", 1), ("1//2", 3),
  ])
  func `errors have a column`(text: String, column: Int) {
    let error = #expect(throws: ExpressionError.self) { try ExpressionParser.parse(text) }
    #expect(error?.column == column)
  }

  @Test func `height is limited`() {
    let nested = String(repeating: "(", count: 100_000) + "1"
    #expect(throws: ExpressionError.self) { try ExpressionParser.parse(nested) }
    let negated = String(repeating: "-", count: 100_000) + "1"
    #expect(throws: ExpressionError.self) { try ExpressionParser.parse(negated) }
    let long = String(repeating: "1+", count: 100_000) + "1"
    #expect(throws: ExpressionError.self) { try ExpressionParser.parse(long) }
  }

  @Test func `the option keeps tree and text`() {
    let result = parse("--defsym a=b+4 --defsym=c=0x10 a.o")
    #expect(
      result.options.symbolDefinitions == [
        SymbolDefinition(
          name: "a", expression: .binary(.add, .symbol("b"), .number(4)), text: "b+4"),
        SymbolDefinition(name: "c", expression: .number(16), text: "0x10"),
      ])
    #expect(
      parse("--defsym=a=b+ a.o").errors == [
        "--defsym=a=b+: the expression ends where a number or symbol should follow (column 3)"
      ])
  }
}
