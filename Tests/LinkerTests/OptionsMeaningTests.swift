import Testing

@testable import Linker

/// What the options come to.
@Suite struct OptionsMeaningTests {
  @Test func `defaults`() {
    let result = parse("a.o")
    var expected = Options()
    expected.inputs = [InputArgument(source: .file("a.o"), position: 0)]
    #expect(result.options == expected)
    #expect(result.action == .link)
  }

  @Test func `inputs keep the switches that held`() {
    let result = parse(
      """
      a.so --as-needed b.so --push-state --no-as-needed --whole-archive -Bstatic c.a -lz \
      --pop-state d.so -b binary e.bin -b elf --start-lib f.o --end-lib g.o
      """)
    let switches = result.options.inputs.map(\.switches)
    #expect(result.inputNames == ["a.so", "b.so", "c.a", "-lz", "d.so", "e.bin", "f.o", "g.o"])
    #expect(switches[0] == InputSwitches())
    #expect(switches[1] == InputSwitches(asNeeded: true))
    #expect(switches[2] == InputSwitches(wholeArchive: true, isStatic: true))
    #expect(switches[3] == switches[2])
    #expect(switches[4] == InputSwitches(asNeeded: true))
    #expect(switches[5] == InputSwitches(asNeeded: true, isBinary: true))
    #expect(switches[6] == InputSwitches(asNeeded: true, inLibrary: true))
    #expect(switches[7] == InputSwitches(asNeeded: true))
    #expect(result.options.inputs.map(\.position) == [0, 2, 7, 8, 10, 13, 17, 19])
  }

  @Test func `states and groups must be balanced`() {
    #expect(parse("a.o --pop-state").errorIDs == ["popStateWithoutPush"])
    #expect(parse("a.o --end-lib").errorIDs == ["endLibWithoutStart"])
    #expect(parse("--start-lib a.o --start-lib").errorIDs == ["nestedStartLib"])
    #expect(parse("-( a.a b.a -)").inputNames == ["-(", "a.a", "b.a", "-)"])
  }

  @Test(arguments: [
    ("", OutputKind.executable), ("-pie", .pie), ("-pie -no-pie", .executable),
    ("-shared", .sharedObject), ("-shared -no-pie", .sharedObject),
    ("-pie -no-pie -shared", .sharedObject), ("-r", .relocatable), ("-pie -pie", .pie),
    ("-Bshareable", .sharedObject),
  ])
  func `kind of output`(line: String, kind: OutputKind) {
    let result = parse(line + " a.o")
    #expect(result.options.outputKind == kind)
    #expect(result.problems.isEmpty)
  }

  @Test func `the kinds of output exclude each other`() {
    #expect(parse("-r -shared a.o").errors == ["-r and -shared may not be used together"])
    #expect(parse("--pie -r a.o").errors == ["-r and --pie may not be used together"])
    #expect(parse("-pie -shared a.o").errors == ["-shared and -pie may not be used together"])
    #expect(parse("-G -pie a.o").errors == ["-G and -pie may not be used together"])
  }

  @Test(arguments: ["-Bstatic", "-dn", "-non_shared", "-static", "-n", "-N", "--nmagic"])
  func `shared libraries are refused behind some options`(option: String) {
    let line = "a.o \(option) b.o -Bdynamic c.o --push-state \(option) d.o --pop-state e.o"
    let result = parse(line)
    #expect(result.options.inputs.map(\.switches.isStatic) == [false, true, false, true, false])
    #expect(result.options.isStatic == (option == "-static"))
  }

  @Test(arguments: [
    ("", UndefinedAction.error, UndefinedAction.error),
    ("-shared", .ignore, .ignore),
    ("-shared -z defs", .error, .ignore),
    ("-shared --no-undefined --warn-unresolved-symbols", .warning, .ignore),
    ("-z defs -z undefs", .ignore, .error),
    ("-shared --no-allow-shlib-undefined", .ignore, .error),
    ("--allow-shlib-undefined", .error, .ignore),
    ("--unresolved-symbols=ignore-all", .ignore, .ignore),
    ("--unresolved-symbols=ignore-in-object-files", .ignore, .error),
    ("--unresolved-symbols=ignore-in-shared-libs", .error, .ignore),
    ("-shared --unresolved-symbols=report-all", .error, .error),
    ("--warn-unresolved-symbols", .warning, .warning),
    ("--warn-unresolved-symbols --error-unresolved-symbols", .error, .error),
    ("-r", .ignore, .ignore),
  ])
  func `undefined symbols`(line: String, objects: UndefinedAction, libraries: UndefinedAction) {
    let options = parse(line + " a.o").options
    #expect(options.undefinedInObjects == objects)
    #expect(options.undefinedInSharedLibraries == libraries)
  }

  @Test(arguments: [
    ("", BuildID.tree), ("=sha1", .sha1), ("=tree", .tree), ("=fast", .fast), ("=md5", .md5),
    ("=sha256", .sha256), ("=uuid", .uuid), ("=none", .none),
    ("=0x00aB-c1:02", .hex([0, 0xab, 0xc1, 2])),
  ])
  func `build-id`(value: String, expected: BuildID) {
    #expect(parse("--build-id\(value) a.o").options.buildID == expected)
  }

  @Test(arguments: ["=0x", "=0xabc", "=0xzz", "=nonsense", "=", "=0xa-b"])
  func `bad build-id`(value: String) {
    #expect(parse("--build-id\(value) a.o").errorIDs == ["badOptionValue"])
  }

  @Test func `-R is an rpath unless it is a file`() {
    let environment = CommandLineEnvironment.madeUp(files: ["syms.o": ""], directories: ["/lib"])
    #expect(parse("-R /lib -R/missing -R /lib a.o").options.rpaths == ["/lib", "/missing"])
    let taken = parse("-R syms.o a.o", in: environment)
    #expect(taken.options.inputs.first?.source == .justSymbols("syms.o"))
    #expect(taken.options.rpaths == [])
    #expect(parse("-R /lib a.o", in: environment).options.rpaths == ["/lib"])
  }

  @Test(arguments: [
    ("zlib", DebugCompression.zlib(level: nil)), ("zlib-gabi", .zlib(level: nil)),
    ("zlib:9", .zlib(level: 9)), ("zlib-gnu", .zlibGNU), ("zstd", .zstd(level: nil)),
    ("zstd:22", .zstd(level: 22)), ("none", .none),
  ])
  func `debug compression`(value: String, expected: DebugCompression) {
    #expect(
      parse("--compress-debug-sections=\(value) a.o").options.debugCompression == expected)
  }

  @Test func `addresses and sizes`() {
    let result = parse(
      """
      -Ttext=1000 -Tdata 0x2000 -Tbss=ABC --section-start .boot=7c00 --section-start=.v=0x10 \
      --image-base=0x1000000 -Ttext-segment=400000 -z max-page-size=0x200000 \
      -z common-page-size=65536 -z stack-size=0x100000 a.o
      """)
    #expect(result.problems.isEmpty)
    #expect(
      result.options.sectionStarts == [
        PinnedSection(name: ".text", address: 0x1000),
        PinnedSection(name: ".data", address: 0x2000),
        PinnedSection(name: ".bss", address: 0xabc), PinnedSection(name: ".boot", address: 0x7c00),
        PinnedSection(name: ".v", address: 0x10),
      ])
    #expect(result.options.imageBase == 0x1000000)
    #expect(result.options.textSegmentAddress == 0x400000)
    #expect(result.options.maxPageSize == 0x200000)
    #expect(result.options.commonPageSize == 65536)
    #expect(result.options.stackSize == 0x100000)
    let besidePage = parse("--image-base=0x10000 -z max-page-size=0x200000 a.o").problems
    #expect(besidePage.map(\.message.text).joined().contains("no multiple of the page size"))
  }

  @Test(arguments: [
    "-Ttext=xyz", "--image-base=", "--image-base=0x", "--image-base=99999999999999999999",
    "--section-start=.text", "--section-start==1", "-z max-page-size=3", "-z max-page-size=0",
    "-z max-page-size=0x8000000000000000", "--spare-dynamic-tags=-1", "--threads=0",
    "--threads=x", "--error-limit=", "--spare-program-headers=99999999999", "--hash-style=",
    "--compress-debug-sections=zstd:0", "--compress-debug-sections=none:1", "--oformat=srec",
    "--package-metadata=%2", "--defsym=a", "--defsym==1", "--explain=where", "--explain=symbol:",
    "--explain=address:x", "--map-set=x", "--orphan-handling=eat", "--color-diagnostics=blue",
    "--unresolved-symbols=x", "-b srec", "-m vax", "--pack-dyn-relocs=x", "-z cet-report=x",
  ])
  func `bad values are errors`(line: String) {
    #expect(parse(line + " a.o").errorIDs == ["badOptionValue"])
  }

  @Test func `shuffling has two syntaxes`() {
    func shuffles(_ line: String) -> [SectionShuffle] {
      parse(line + " a.o").options.shuffleSections
    }
    #expect(shuffles("--shuffle-sections") == [SectionShuffle(pattern: "*", order: .random)])
    #expect(shuffles("--shuffle-sections=7") == [SectionShuffle(pattern: "*", order: .seeded(7))])
    #expect(
      shuffles("--shuffle-sections=.text*=3 --shuffle-sections=.data*=-1")
        == [
          SectionShuffle(pattern: ".text*", order: .seeded(3)),
          SectionShuffle(pattern: ".data*", order: .reversed),
        ])
    #expect(shuffles("--reverse-sections") == [SectionShuffle(pattern: "*", order: .reversed)])
    #expect(parse("--shuffle-sections=.text*=x a.o").errorIDs == ["badOptionValue"])
  }

  @Test func `-static-stdlib of Swift`() {
    let result = parse("--exclude-libs ALL --exclude-libs a.a,b.a:c.a x.o")
    #expect(result.options.excludeLibs == ["ALL", "a.a", "b.a", "c.a"])
  }

  @Test func `package metadata may be escaped`() {
    let result = parse(["--package-metadata=%7B\"a\":%22b%22}", "a.o"])
    #expect(result.options.packageMetadata == "{\"a\":\"b\"}")
  }

  @Test func `hash styles`() {
    #expect(parse("--hash-style=gnu a.o").options.hashStyle == .gnu)
    #expect(parse("--hash-style both a.o").options.hashStyle == [.gnu, .sysv])
    #expect(parse("--hash-style=none a.o").options.hashStyle.isEmpty)
  }

  @Test func `strip-all wins over strip-debug`() {
    #expect(parse("-s -S a.o").options.strip == .all)
    #expect(parse("-S a.o").options.strip == .debug)
    #expect(parse("-X a.o").options.discard == .temporary)
    #expect(parse("-x a.o").options.discard == .all)
  }

  @Test func `section maps`() {
    let result = parse(
      """
      --section-map a.smap --section-map=b.smap --map-set stack=4KiB --print-memory-usage \
      --explain=section:*(.text.hot) --explain address:0x10 --orphan-handling=error a.o
      """)
    #expect(result.problems.isEmpty)
    #expect(result.options.sectionMapPaths == ["a.smap", "b.smap"])
    #expect(result.options.mapParameters == [MapParameter(name: "stack", expression: "4KiB")])
    #expect(
      result.options.explainRequests == [.section(pattern: "*(.text.hot)"), .address(0x10)])
    #expect(result.options.orphanHandling == .error)
    #expect(parse("--print-section-map").action == .link)
  }

  @Test func `edits after the link`() {
    let result = parse("--post a.sedit --post=b.sedit --post - a.o")
    #expect(result.problems.isEmpty)
    #expect(result.options.postScripts == ["a.sedit", "b.sedit", "-"])
    #expect(parse("--post - --post - a.o").errorIDs == ["badOptionValue"])
    #expect(parse("-r --post a.sedit a.o").errorIDs == ["exclusiveOptions"])
    #expect(parse("a.o --post").errorIDs == ["missingOptionValue"])
  }

  @Test func `keywords`() {
    let result = parse(
      """
      -z now -z norelro -z execstack -z muldefs -z notext -z origin -z nodelete -z nodlopen \
      -z nodump -z nodefaultlib -z initfirst -z interpose -z nocopyreloc -z noseparate-code \
      -z keep-text-section-prefix -z pack-relative-relocs -z ibt -z shstk -z cet-report=warning \
      -z x86-64-v3 -z nostart-stop-gc -z start-stop-visibility=hidden -z global -z unique a.o
      """)
    #expect(result.problems.isEmpty)
    var expected = Options()
    expected.inputs = result.options.inputs
    expected.bindNow = true
    expected.relro = false
    expected.executableStack = .yes
    expected.allowMultipleDefinition = true
    expected.textRelocations = .allow
    (expected.origin, expected.noDelete, expected.noOpen, expected.noDump) = (
      true, true, true, true
    )
    (expected.noDefaultLibraries, expected.initFirst, expected.interpose) = (true, true, true)
    expected.copyRelocations = false
    expected.codeSeparation = .nothing
    expected.keepTextSectionPrefix = true
    expected.packRelativeRelocations = true
    (expected.ibt, expected.ibtPLT, expected.shadowStack) = (true, true, true)
    expected.cetReport = .warning
    expected.isaLevel = .v3
    expected.startStopVisibility = .hidden
    (expected.globalScope, expected.loadOnce) = (true, true)
    #expect(result.options == expected)
  }
}
