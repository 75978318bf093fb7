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
}
