import ELF
import Testing

@testable import Linker

/// What link-time optimization needs besides a compiler.
@Suite struct LinkTimeTests {
  private func symbol(
    _ name: String, _ kind: IntermediateSymbol.Kind, group: String? = nil, version: String? = nil,
    visibility: IntermediateSymbol.Visibility = .default
  ) -> IntermediateSymbol {
    IntermediateSymbol(
      name: Array(name.utf8), version: version.map { Array($0.utf8) }, kind: kind,
      visibility: visibility, content: .unknown, size: 8, group: group.map { Array($0.utf8) })
  }

  private func read(_ symbols: [IntermediateSymbol]) throws -> InputFile {
    var file = InputFile()
    file.bytes = IntermediateObject.object(with: symbols)
    try file.readObject()
    return file
  }

  @Test func `a file in intermediate form becomes an object with its symbols in order`() throws {
    let file = try read([
      symbol("a", .definition, visibility: .hidden), symbol("b", .weakReference),
      symbol("c", .common), symbol("d", .definition, version: "V1"),
      symbol("e", .reference, version: "V1"), symbol("f@@V2", .weakDefinition, version: "V2"),
    ])
    let names = file.globals.map { file.symbolName($0).string }
    #expect(names == ["a", "b", "c", "d@@V1", "e@V1", "f@@V2"])
    let sections = file.globals.map { file.symbols[$0].sectionIndex }
    #expect(sections == [1, SHN.UNDEF, SHN.COMMON, 1, SHN.UNDEF, 1])
    #expect(
      file.globals.map { file.symbols[$0].binding == STB.WEAK } == [
        false, true, false, false, false, true,
      ])
    #expect(file.symbols[Int(file.firstGlobal)].visibility == STV.HIDDEN)
    #expect(try read([]).globals.isEmpty)
  }

  @Test func `each COMDAT group is a group with one section`() throws {
    let file = try read([
      symbol("x", .weakDefinition, group: "g1"), symbol("y", .weakDefinition, group: "g2"),
      symbol("z", .weakDefinition, group: "g1"), symbol("w", .definition),
    ])
    var groups: [String: Int] = [:]
    try file.checkGroups { index, header, flags in
      #expect(flags == GRP.COMDAT)
      groups[file.symbolName(Int(header.info)).string] = index
    }
    #expect(groups.keys.sorted() == ["g1", "g2"])
    let sections = file.globals.map { Int(file.symbols[$0].sectionIndex) }
    #expect(sections == [groups["g1"]! + 1, groups["g2"]! + 1, groups["g1"]! + 1, 1])
  }

  @Test func `more COMDAT groups than section numbers are no failure`() throws {
    let symbols = (0..<40_000).map { symbol("s\($0)", .weakDefinition, group: "g\($0)") }
    let file = try read(symbols)
    #expect(file.globals.count == 40_000)
    #expect(file.sectionCount == 80_004)
    #expect(file.symbols[file.symbolCount - 1].sectionIndex == 1)
  }

  @Test(arguments: [
    ("--lto-O2", "O2"), ("--thinlto-jobs=4", "jobs=4"), ("-mllvm -x=y", "-x=y"),
    ("--thinlto-cache-dir=c", "cache-dir=c"), ("--save-temps", "save-temps"),
    ("--thinlto-index-only", "thinlto-index-only"),
    ("--thinlto-index-only=f", "thinlto-index-only=f"),
    ("--lto-partitions=3", "lto-partitions=3"), ("--lto-sample-profile=p", "sample-profile=p"),
  ])
  func `options of lld in the words of the plugin`(written: String, word: String) {
    let options = parse("\(written) a.o").options
    #expect(options.ltoOptions.map(\.forLLVM) == [word])
  }

  @Test func `an option belongs to the plugin in front of it`() {
    let options = parse(
      "-plugin-opt=O1 -plugin /a/liblto_plugin.so -plugin-opt=/b/lto-wrapper "
        + "-plugin-opt=-pass-through=-lc -plugin-opt=-fresolution=r -plugin-opt=mcpu=x a.o"
    ).options
    #expect(options.plugins.count == 1)
    #expect(options.plugins[0].isLLVM == false)
    #expect(options.optionsForLLVM == ["O1", "mcpu=x"])
    #expect(PluginRequest(path: "/usr/lib/bfd-plugins/LLVMgold-19.so").isLLVM)
  }
}
