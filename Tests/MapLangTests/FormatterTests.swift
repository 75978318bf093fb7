// `swold-map fmt`: one spelling, no change of meaning, comments kept.

import MapLang
import Testing

@Suite struct FormatterTests {
  private func format(_ text: String) throws -> String {
    let result = MapFormatter.format(SourceFile(name: "t", bytes: Array(text.utf8)))
    return String(decoding: try result.get(), as: UTF8.self)
  }

  @Test func spellsWhiteSpaceOneWay() throws {
    let text = """
      #  head
      smap   1 ;


      region flash{at 0x0800_0000;size 512KiB ;access rx;  }   # memory
        place in flash {

      section .text { align 4;take   a.o (.text+ .init)   .x ;end _etext ; }  # code
          section .data {  # two
      load in flash;
        take @data
        except b.o( * )
         sort name ,file ;
      # inside
      }

       }
      symbol x=-4+( 1<<2 )*start( .text )-5; assert !x,"m" ;
      """
    #expect(
      try format(text)
        == """
        #  head
        smap 1;

        region flash { at 0x0800_0000; size 512 KiB; access rx; }  # memory
        place in flash {
            section .text { align 4; take a.o(.text+ .init) .x; end _etext; }  # code
            section .data {                                                    # two
                load in flash;
                take @data
                    except b.o(*)
                    sort name, file;
                # inside
            }

        }
        symbol x = -4 + (1 << 2) * start(.text) -5; assert !x, "m";

        """.split(separator: "\n\n}").joined(separator: "\n}"))
  }

  @Test(arguments: TestFiles.list("Examples/section-maps", ending: ".smap"))
  func examplesKeepTheirMeaning(name: String) throws {
    let source = try TestFiles.map(name)
    let once = try format(String(decoding: source.bytes, as: UTF8.self))
    #expect(try format(once) == once)
    let defaultMap = try TestFiles.defaultMap()
    let before = try #require(MapCompiler.compile([source], defaultMap: defaultMap).map)
    let after = try #require(
      MapCompiler.compile([SourceFile(name: name, bytes: Array(once.utf8))], defaultMap: defaultMap)
        .map)
    #expect(MapPrinter.print(before) == MapPrinter.print(after))
    let comments = { (text: String) in text.split(separator: "\n").count { $0.contains("#") } }
    #expect(comments(once) == comments(String(decoding: source.bytes, as: UTF8.self)))
  }

  @Test func sentencesStaySentences() throws {
    var generator = SentenceGenerator(GrammarTests.grammar, seed: 8)
    for _ in 0..<GrammarTests.count(200) {
      let text = generator.text(of: generator.sentence())
      let source = SourceFile(name: "t", bytes: text)
      guard case .success(let once) = MapFormatter.format(source) else { continue }
      try #require(
        GrammarTests.parserAccepts(once),
        "\(String(decoding: text, as: UTF8.self))\n->\n\(String(decoding: once, as: UTF8.self))")
      let words = { (bytes: [UInt8]) in bytes.filter { ![0x20, 0x0a, 0x0d, 0x09].contains($0) } }
      try #require(words(once) == words(text), "only white space changes")
      guard case .success(let twice) = MapFormatter.format(SourceFile(name: "t", bytes: once))
      else {
        Issue.record("the formatted text has errors")
        return
      }
      try #require(twice == once, "formatted twice:\n\(String(decoding: once, as: UTF8.self))")
    }
  }

  @Test func brokenTextIsLeftAlone() {
    guard
      case .failure(let failure) = MapFormatter.format(
        SourceFile(name: "t", bytes: Array("smap 1; let".utf8)))
    else {
      Issue.record("formatted")
      return
    }
    #expect(failure.checked.hasErrors)
  }
}
