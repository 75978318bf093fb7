import ELF
import Testing

@testable import Linker

struct VersionScriptTests {
  /// `name<parents>[globals|locals]` for each node; exact names have a `=`, C++ ones a `+`.
  private func outline(_ text: String) throws -> String {
    func list(_ patterns: [VersionPattern]) -> String {
      patterns.map {
        ($0.language == .cxx ? "+" : "") + ($0.exactName != nil ? "=" : "") + $0.text.string
      }.joined(separator: " ")
    }
    return try VersionScript(ByteView(text)).nodes.map { node in
      let parents = node.parents.isEmpty ? "" : "<\(node.parents.map(String.init).joined())>"
      return "\(node.name.string)\(parents)[\(list(node.globals))|\(list(node.locals))]"
    }.joined(separator: " ")
  }

  @Test(arguments: [
    ("", ""), (" /* nothing */ # at all", ""), ("{};", "[|]"), ("{ } ;", "[|]"),
    ("V1{foo;};", "V1[=foo|]"), ("V1 { foo; } ; ;", "V1[=foo|]"),
    ("V1 { global: a; b*; local: *; };", "V1[=a b*|*]"),
    ("V1 { local: *; global: a; local: c; global: d; };", "V1[=a =d|* =c]"),
    ("{global:foo;local:*;};", "[=foo|*]"), ("V1{global : foo ; local : * ; } ; ", "V1[=foo|*]"),
    ("V1{a;};\nV2{b;} V1;\nV3{} V1 V2;", "V1[=a|] V2<0>[=b|] V3<01>[|]"),
    ("V1 { extern \"C\" {a; b}; c; };", "V1[=a =b =c|]"),
    (
      "V1 { extern \"C++\" { a::b*; \"f(int, char*)\"; std::vector<int>::* }; local: *; };",
      "V1[+a::b* +=f(int, char*) +std::vector<int>::*|*]"
    ),
    ("V1 { extern \"C++\" { x; extern \"C\" { y; }; z; }; };", "V1[+=x =y +=z|]"),
    ("V1 { \"a*\"; b\\*; };", "V1[=a* =b\\*|]"),
    ("V1 { local; global; extern; };", "V1[=local =global =extern|]"),
    ("V1 { a;; b;;; };;", "V1[=a =b|]"),
    ("GLIBC_2.2.5-x@y { f[a-z]?; };", "GLIBC_2.2.5-x@y[f[a-z]?|]"),
    ("V1 { a::b; ::c; local::d; };", "V1[=a::b =::c =local::d|]"),
    ("\"V 1\" { a; };", "V 1[=a|]"), ("# c\nV1 { a; # d\n b; };", "V1[=a =b|]"),
    ("V1 { a$b; c.d; ~e; };", "V1[=a$b =c.d =~e|]"),
  ])
  func reads(text: String, expected: String) throws {
    #expect(try outline(text) == expected)
  }

  @Test func unescapesExactNames() throws {
    let node = try VersionScript(ByteView("V { a\\*b; \"c\\*d\"; };")).nodes[0]
    #expect(node.globals.map(\.exactName) == [Array("a*b".utf8), Array("c\\*d".utf8)])
    #expect(node.globals[1].position == TextPosition(line: 1, column: 11))
  }

  @Test(arguments: [
    ("V1 { a; ", "1:1: the list that begins here has no closing '}'"),
    ("V1 { extern \"C++\" { a; };", "has no closing '}'"),
    ("V1 { a b; };", "1:8: expected ';' after 'a', found 'b'"),
    ("V1 { a, b; };", "1:7: expected ';' after 'a', found ','"),
    ("V1 {\n  f(int);\n};", "2:4: expected ';' after 'f', found '('"),
    ("V1", "1:3: expected '{' after version 'V1', found the end of the file"),
    ("V1 a", "expected '{' after version 'V1', found 'a'"),
    ("}", "expected a version node, found '}'"),
    ("V1 { a; }", "1:10: expected ';' or the name of a parent version after '}', found the end"),
    (
      "V1 { a; }; V2 { } V1",
      "expected ';' or the name of a parent version after '}', found the end"
    ),
    ("{ a; }", "1:7: expected ';' after '}', found the end of the file"),
    ("V1 { a };", "1:8: expected ';' after 'a', found '}'"),
    ("V1 { local: * };", "expected ';' after '*', found '}'"),
    ("V1 { extern \"C\" { a; } b; };", "expected ';' after the '}' of an extern block, found 'b'"),
    ("V1 {} V2 {};", "1:7: expected ';' between two version nodes"),
    ("V1 {} V2;", "1:7: version 'V2' is not defined above; its node comes first"),
    ("V1 {} V1;", "version 'V1' is not defined above"),
    ("V1 {}; V1 {};", "1:8: version 'V1' is defined twice"),
    ("V1 {}; {};", "1:8: a version node without a name cannot be combined"),
    ("{}; V1 {};", "cannot be combined"), ("{}; {};", "only one version node without a name"),
    ("V1 {}; V2 {} V1 (;", "or the name of a parent version after '}', found '('"),
    ("V1 { extern \"Ada\" { a; }; };", "1:13: unknown language 'Ada'"),
    ("V1 { extern \"C\" a; };", "expected '{' after extern \"C\""),
    ("V1 { extern \"C\" { local: a; }; };", "cannot stand inside an extern block"),
    ("V1 { \"a; };", "has no closing '\"'"), ("V1 { a; /* };", "1:9: the comment"),
    ("V1 { \u{1} };", "expected a symbol name or '}', found byte 0x1"),
  ])
  func rejects(text: String, expected: String) {
    let error = #expect(throws: TextError.self) { try VersionScript(ByteView(text)) }
    #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
  }

  @Test func limitsNesting() {
    let text = "V1 {" + String(repeating: "extern \"C\" {", count: 100_000)
    let error = #expect(throws: TextError.self) { try VersionScript(ByteView(text)) }
    #expect(error?.text == "extern blocks are nested too deeply")
  }

  @Test func joinsTwoScripts() throws {
    var script = try VersionScript(ByteView("A { a; };"))
    try script.append(try VersionScript(ByteView("B { b; }; C { c; } B;")))
    #expect(script.nodes.map(\.name.string) == ["A", "B", "C"])
    #expect(script.nodes[2].parents == [1])
    #expect(throws: TextError.self) { try script.append(VersionScript(ByteView("A { };"))) }
    #expect(throws: TextError.self) { try script.append(VersionScript(ByteView("{ };"))) }
  }

  @Test(arguments: [
    ("{ a; b*; };", ["a", "b*"]), ("{a;};", ["a"]), ("", []), ("{ };", []),
    ("{ a; extern \"C++\" { b::c*; \"d()\" }; }; { e; };", ["a", "b::c*", "d()", "e"]),
  ])
  func readsDynamicLists(text: String, expected: [String]) throws {
    #expect(try DynamicList(ByteView(text)).patterns.map(\.text.string) == expected)
  }

  @Test(arguments: [
    ("a;", "1:1: expected '{' at the beginning of a dynamic list, found 'a'"),
    ("{ global: a; };", "cannot stand in a dynamic list"), ("{ a b; };", "expected ';' after 'a'"),
    ("V1 { a; };", "expected '{'"), ("{ a;", "has no closing '}'"),
    ("{ a; }", "expected ';' after the '}' of a dynamic list, found the end"),
    ("{ a };", "expected ';' after 'a', found '}'"),
  ])
  func rejectsDynamicLists(text: String, expected: String) {
    let error = #expect(throws: TextError.self) { try DynamicList(ByteView(text)) }
    #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
  }
}
