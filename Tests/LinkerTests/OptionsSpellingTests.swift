import Testing

@testable import Linker

/// How options may be spelled, and how they take their values.
@Suite struct OptionsSpellingTests {
  @Test(arguments: [
    "-soname=x", "-soname x", "--soname=x", "--soname x", "-hx", "-h x",
  ])
  func `one dash equals two, and a value may follow`(line: String) {
    let result = parse(line + " a.o")
    #expect(result.options.soname == "x")
    #expect(result.inputNames == ["a.o"])
    #expect(result.problems.isEmpty)
  }

  @Test func `options with o need two dashes`() {
    #expect(parse("-omagic a.o").options.outputPath == "magic")
    #expect(parse("-omagic a.o").options.omagic == false)
    #expect(parse("--omagic a.o").options.omagic)
    #expect(parse("-oformat=binary a.o").options.outputPath == "format=binary")
    #expect(parse("--output=x a.o").options.outputPath == "x")
    #expect(parse("--output x a.o").options.outputPath == "x")
  }

  @Test func `long names win over short ones`() {
    let result = parse(
      """
      -export-dynamic -dynamic-linker /ld.so -static -pie -plugin p.so -plugin-opt=a=b -rpath r \
      -version-script v -undefined=u1 -Bsymbolic a.o -Ttext 400000 -nostdlib -entry=main
      """)
    #expect(result.problems.isEmpty)
    let options = result.options
    #expect(options.exportDynamic)
    #expect(options.dynamicLinker == "/ld.so")
    #expect(options.isStatic)
    #expect(options.outputKind == .pie)
    #expect(options.plugins.map(\.path) == ["p.so"])
    #expect(options.plugins.map(\.options) == [["a=b"]])
    #expect(options.rpaths == ["r"])
    #expect(options.versionScripts == ["v"])
    #expect(options.undefinedSymbols == ["u1"])
    #expect(options.symbolicBinding == .all)
    #expect(options.sectionStarts == [PinnedSection(name: ".text", address: 0x400000)])
    #expect(options.noStandardLibraryPaths)
    #expect(options.entry == "main")
    #expect(result.inputNames == ["a.o"])
  }

  @Test func `short options take the value glued or next`() {
    let result = parse("-L. -L /lib -lc -l m -znow -z relro -u__llvm_profile_runtime -Tx.ld a.o")
    #expect(result.options.libraryPaths == [".", "/lib"])
    #expect(result.inputNames == ["-lc", "-lm", "-Tx.ld", "a.o"])
    #expect(result.options.bindNow)
    #expect(result.options.undefinedSymbols == ["__llvm_profile_runtime"])
    #expect(result.problems.isEmpty)
  }

  @Test func `an optional value comes only after an equals sign`() {
    // Defects 2 and 3 of mold: these took the next argument.
    let result = parse(
      """
      --build-id a.o --threads b.o --dynamic-list-data c.o --color-diagnostics d.o \
      --print-gc-sections e.o --verbose f.o --demangle g.o --sort-common h.o
      """)
    #expect(
      result.inputNames == ["a.o", "b.o", "c.o", "d.o", "e.o", "f.o", "g.o", "h.o"])
    #expect(result.problems.isEmpty)
    #expect(result.options.buildID == .tree)
    #expect(result.options.dynamicListData)
    #expect(parse("--unique a.o").inputNames == ["a.o"])
    #expect(parse("--unique a.o").errorIDs.isEmpty)
    #expect(parse("--threads=3 a.o").options.threadCount == 3)
    #expect(parse("--print-gc-sections=x a.o").options.printGCSectionsPath == "x")
  }

  @Test func `-O takes a number and nothing else`() {
    #expect(parse("-O1 a.o").options.optimizationLevel == 1)
    #expect(parse("-O 3 a.o").options.optimizationLevel == 3)
    #expect(parse("-O 3 a.o").inputNames == ["a.o"])
    #expect(parse("-O a.o").inputNames == ["a.o"])
    #expect(parse("-O99999999999 a.o").options.optimizationLevel == 3)
    #expect(parse("-Ox a.o").errorIDs == ["badOptionValue"])
  }

  @Test func `short options that mold rejects`() {
    // Defect 6.
    let result = parse("-t -n -d -g a.o")
    #expect(result.problems.isEmpty)
    #expect(result.options.trace && result.options.nmagic)
    #expect(parse("-i a.o").options.outputKind == .relocatable)
    #expect(parse("-G a.o").options.outputKind == .sharedObject)
    #expect(parse("-G8 a.o").options.outputKind == .executable)
  }

  @Test(arguments: [
    "--as-needed=3", "-sx", "-static=1", "--o", "--L", "-nonsense", "--", "---help", "--=x",
  ])
  func `spellings that mean nothing are unknown`(argument: String) {
    #expect(parse([argument, "a.o"]).errorIDs == ["unknownOption"])
  }

  @Test(arguments: ["-o", "--soname", "-L", "-z", "--defsym", "--thread-count", "-m"])
  func `a value that is missing is an error`(argument: String) {
    #expect(parse(["a.o", argument]).errorIDs == ["missingOptionValue"])
  }

  @Test func `an LTO option may be glued to its value`() {
    let result = parse("--lto-O2 -lto-O3 --lto-CGO1 --thinlto-jobs=4 -mllvm -x=y a.o")
    #expect(
      result.options.ltoOptions.map(\.description) == [
        "--lto-O2", "-lto-O3", "--lto-CGO1", "--thinlto-jobs=4", "-mllvm=-x=y",
      ])
    #expect(result.problems.isEmpty)
    #expect(parse("--lto-O a.o").errorIDs == ["unknownOption"])
  }

  @Test func `unknown keywords are warnings`() {
    // Defect 14: gold stops.
    let result = parse("-z nonsense -z rello -z now=1 a.o")
    #expect(result.action == .link)
    #expect(
      result.warnings == [
        "unknown keyword -z nonsense ignored",
        "unknown keyword -z rello ignored (did you mean -z relro?)",
        "unknown keyword -z now=1 ignored (did you mean -z now?)",
      ])
  }

  @Test func `known but not built says so`() {
    #expect(
      parse("--debug-names a.o").errors == ["--debug-names is not built yet in swold 0.1.0"])
    #expect(
      parse("-z rewrite-endbr a.o").errors.first?.hasPrefix("-z rewrite-endbr is") == true)
    #expect(parse("a.o -run cc").errorIDs == ["mustBeFirst"])
    #expect(parse("--icf=none --icf=safe --no-icf --no-debug-names a.o").problems.isEmpty)
  }

  @Test func `odd bytes are no reason to crash`() {
    for argument in ["-", "", "-\u{301}", "--\u{301}=x", "-z\u{301}", "-l\u{301}", "@", "-=", "="] {
      let result = parse([argument])
      #expect(result.action == .link || !result.errors.isEmpty)
    }
    #expect(parse(["--soname=\u{301}x", "a.o"]).options.soname == "\u{301}x")
  }
}
