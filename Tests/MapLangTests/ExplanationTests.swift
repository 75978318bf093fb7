// The pages of `swold-map explain`: one for each code, with examples that do what they say.

import MapLang
import Testing

@Suite struct ExplanationTests {
  @Test(arguments: MapCode.allCases)
  func exampleGivesItsCode(code: MapCode) {
    let page = code.explanation
    #expect(page.code == code)
    #expect(!page.summary.hasSuffix("."))
    #expect(page.page.contains(code.name))
    let codes = compile(page.example).diagnostics.map(\.code)
    #expect(codes == (page.needsNoInput ? [code] : []), "\(page.example)")
  }

  /// The maps that map-invalid.sh links; it checks that each gives the code at the place it names.
  static let invalidMaps = "Tests/EndToEndTests/Cases/invalid-maps"

  @Test func someMapIsLinkedForEveryCode() throws {
    var raised: Set<String> = []
    for name in TestFiles.list(Self.invalidMaps, ending: ".smap") {
      let text = try TestFiles.readText(Self.invalidMaps + "/" + name)
      let words = text.split(separator: "\n").first { $0.hasPrefix("# expect: ") }?.split(
        separator: " ")
      let code = try #require(words?.dropFirst(2).first, "\(name) names no code")
      raised.insert(String(code.prefix(5)))
    }
    let missing = MapCode.allCases.map(\.name).filter { !raised.contains($0) }
    #expect(missing.isEmpty, "no map in \(Self.invalidMaps) raises these")
    #expect(raised.allSatisfy { MapCode(name: $0) != nil })
  }
}
