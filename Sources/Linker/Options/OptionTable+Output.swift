// Rows: what kind of file is made, and how it is laid out.

extension OptionTable {
  @OptionRows static var output: [OptionRow] {
    value("output", "o", for: "FILE", help: "Write the output to FILE (default a.out)") {
      $0.outputPath = $1
    }
    flag("fix-cortex-a53-835769", help: "AArch64: no multiplication right behind an access") {
      $0.fixCortexA53Multiply = true
    }
    flag("no-fix-cortex-a53-835769", help: "As the code is (default)") {
      $0.fixCortexA53Multiply = false
    }
    custom(
      "fix-cortex-a53-843419", for: "full|adr|adrp", form: .optional,
      help: "AArch64: no ADRP at the end of a page before an access to it"
    ) { parser, use in
      guard use.text.isEmpty || ["full", "adr", "adrp"].contains(use.text) else {
        return parser.error(.badOptionValue(use.description, "full, adr or adrp"))
      }
      parser.options.fixCortexA53Address = true
    }
    flag("no-fix-cortex-a53-843419", help: "As the code is (default)") {
      $0.fixCortexA53Address = false
    }
    custom("m", for: "EMULATION", form: .required, help: "The machine; usually found out") {
      parser, use in parser.setEmulation(use)
    }
    custom("shared", "Bshareable", form: .none, help: "Make a shared library") { parser, use in
      parser.sharedSpelling = use.spelling
    }
    custom("G", for: "SIZE", form: .optional, help: "As --shared; with a size: ignored") {
      parser, use in
      if use.value == nil { parser.sharedSpelling = use.spelling }
    }
    custom(
      "pie", "pic-executable", form: .none, help: "Make a position-independent executable"
    ) { parser, use in parser.pieSpelling = use.spelling }
    custom(
      "no-pie", "no-pic-executable", "nopie", form: .none,
      help: "Make an executable at a fixed address (default)"
    ) { parser, _ in parser.pieSpelling = nil }
    custom(
      // (-Ur also collects constructors, which ELF has in sections anyway.)
      "relocatable", "r", "i", "Ur", form: .none, help: "Make an object file for a further link"
    ) { parser, use in parser.relocatableSpelling = use.spelling }
    flag(
      "relocatable-merge-sections",
      help: "With -r, join .text.NAME and its like as a final link does"
    ) {
      $0.relocatableMergeSections = true
    }
    flag("force-group-allocation", help: "With -r, make sections of section groups plain ones") {
      $0.dissolvesGroups = true
    }
    value("entry", "e", for: "SYMBOL", help: "Begin at SYMBOL or address (default _start)") {
      $0.entry = $1
    }
    value("dynamic-linker", "I", for: "FILE", help: "The program interpreter") {
      $0.dynamicLinker = $1
      $0.noDynamicLinker = false
    }
    flag("no-dynamic-linker", help: "Make a program without an interpreter") {
      $0.noDynamicLinker = true
    }
    custom(
      "oformat", for: "FORMAT", form: .required, help: "elf, binary, or a machine by its format"
    ) { parser, use in
      parser.setOutputFormat(use)
    }
    custom(
      "post", for: "FILE", form: .required,
      help: "Edit the output with this swold-edit script before it is put in place"
    ) { parser, use in
      // Standard input is read once, and a script that it ends is empty.
      if use.text == "-" && parser.options.postScripts.contains("-") {
        return parser.error(.badOptionValue(use.description, "standard input once only"))
      }
      parser.options.postScripts.append(use.text)
    }
    custom(
      "omagic", "N", form: .none,
      help: "Make text writable, do not align segments; holds like -Bstatic, too"
    ) { parser, _ in
      parser.options.omagic = true
      parser.switches.isStatic = true
    }
    flag("no-omagic", help: "Undo --omagic, but for -Bstatic") { $0.omagic = false }
    custom(
      "nmagic", "n", form: .none,
      help: "Do not align segments to pages; holds like -Bstatic, too"
    ) { parser, _ in
      parser.options.nmagic = true
      parser.switches.isStatic = true
    }
    flag("no-nmagic", help: "Undo --nmagic, but for -Bstatic") { $0.nmagic = false }
  }

  @OptionRows static var layout: [OptionRow] {
    value("section-map", for: "FILE", help: "Lay out the output as the section map says") {
      $0.sectionMapPaths.append($1)
    }
    custom(
      "map-set", for: "NAME=EXPRESSION", form: .required, help: "Set a parameter of the section map"
    ) { parser, use in
      guard let (name, expression) = parser.splitAssignment(use) else { return }
      parser.options.mapParameters.append(MapParameter(name: name, expression: expression))
    }
    flag("import-scripts", help: "Lay out as linker scripts say, by way of section maps") {
      $0.importScripts = true
    }
    flag("print-section-map", help: "Print the section map in effect") { $0.printSectionMap = true }
    custom(
      "explain", for: "section:GLOB|symbol:NAME|address:X|region:NAME", form: .required,
      help: "Tell how a piece of the layout came about"
    ) { parser, use in parser.addExplainRequest(use) }
    custom(
      "print-memory-usage", for: "text|json", form: .optional,
      help: "Print how full each memory region is"
    ) { parser, use in
      switch use.text {
      case "", "text": parser.options.printMemoryUsage = .text
      case "json": parser.options.printMemoryUsage = .json
      default: parser.error(.badOptionValue(use.description, "text, json"))
      }
    }
    value(
      "memory-report", for: "FILE",
      help: "Write a picture of what fills the memories to FILE (HTML; JSON if it ends in .json)"
    ) { $0.memoryReport = $1 }
    value(
      "memory-report-before", for: "FILE",
      help: "Say in the memory report what is different from the report in FILE"
    ) { $0.earlierMemoryReport = $1 }
    choice(
      "orphan-handling", help: "What to do with sections that no rule takes",
      among: [
        ("place", OrphanHandling.place), ("discard", .discard), ("warn", .warn), ("error", .error),
      ]
    ) { $0.orphanHandling = $1 }
    address("image-base", help: "The address of the first segment") { $0.imageBase = $1 }
    address("physical-image-base", help: "Where the image is stored (p_paddr)") {
      $0.physicalImageBase = $1
    }
    custom(
      "section-start", for: "SECTION=ADDRESS", form: .required, help: "Pin an output section"
    ) { parser, use in
      guard let (name, text) = parser.splitAssignment(use) else { return }
      guard let address = Number.parse(text, radix: 16) else {
        return parser.error(.badOptionValue(use.description, "SECTION=0x..., hexadecimal"))
      }
      parser.options.sectionStarts.append(PinnedSection(name: name, address: address))
    }
    address("Ttext", radix: 16, help: "Pin .text") {
      $0.sectionStarts.append(PinnedSection(name: ".text", address: $1))
    }
    address("Tdata", radix: 16, help: "Pin .data") {
      $0.sectionStarts.append(PinnedSection(name: ".data", address: $1))
    }
    address("Tbss", radix: 16, help: "Pin .bss") {
      $0.sectionStarts.append(PinnedSection(name: ".bss", address: $1))
    }
    address("Ttext-segment", radix: 16, help: "The address of the first segment") {
      $0.textSegmentAddress = $1
    }
    address("Trodata-segment", radix: 16, help: "The address of read-only data behind code") {
      $0.readOnlySegmentAddress = $1
    }
    address("Tldata-segment", radix: 16, help: "The address of data of the large models") {
      $0.largeDataAddress = $1
    }
    toggle("rosegment", help: "Keep read-only data apart from code (default)") {
      $0.readOnlySegment = $1
    }
    number(
      "spare-program-headers", in: 0...4096, help: "Reserve N program headers for swold-edit"
    ) { $0.spareProgramHeaders = Int($1) }
    number(
      "spare-dynamic-tags", in: 0...1_000_000, help: "Reserve N dynamic tags for swold-edit"
    ) { $0.spareDynamicTags = Int($1) }
    choice(
      "sort-section", help: "Order of sections within a rule",
      among: [("none", SectionSort.none), ("name", .name), ("alignment", .alignment)]
    ) { $0.sectionSort = $1 }
    value(
      "unique", for: "GLOB", form: .optional, help: "Do not join sections of these names"
    ) { options, glob in
      if glob.isEmpty {
        options.uniqueOrphans = true
      } else {
        options.uniqueSectionPatterns += [glob]
      }
    }
    custom(
      "shuffle-sections", for: "SEED|GLOB=SEED", form: .optional,
      help:
        "Put the parts of sections, or those named GLOB, in random order; SEED: in the same one "
        + "each time (0: another each time, -1: reversed)"
    ) { parser, use in parser.addShuffle(use) }
    flag("reverse-sections", help: "Put the parts of sections in reverse order") {
      $0.shuffleSections.append(SectionShuffle(pattern: "*", order: .reversed))
    }
    value(
      "symbol-ordering-file", for: "FILE",
      help: "Begin each section with what defines the symbols that FILE lists, in its order"
    ) {
      $0.symbolOrderingFile = $1
    }
    value(
      "section-ordering-file", for: "FILE",
      help: "Begin each section with the input sections that FILE lists (patterns), in its order"
    ) {
      $0.sectionOrderingFile = $1
    }
    value(
      "call-graph-ordering-file", for: "FILE",
      help: "Put functions together that call each other often, as FILE says: CALLER CALLEE COUNT"
    ) { $0.callGraphOrderingFile = $1 }
    choice(
      "call-graph-profile-sort", help: "Do so as profiles in the inputs say (default hfsort)",
      among: [("none", false), ("hfsort", true), ("cdsort", true)]
    ) { $0.callGraphProfileSort = $1 }
    flag("no-call-graph-profile-sort", help: "Take no notice of such profiles") {
      $0.callGraphProfileSort = false
    }
    toggle("check-sections", help: "Report sections that overlap (default)") {
      $0.checkSections = $1
    }
    custom(
      "section-order", for: "STRING", form: .required,
      help:
        "Lay out in this order; words: EHDR PHDR TEXT RODATA DATA BSS .NAME =ADDRESS %ALIGN !SYMBOL"
    ) { parser, use in
      let (order, wrong) = SectionOrder.parse(use.text)
      if let wrong {
        return parser.error(
          .badOptionValue(
            use.spelling + "=…\(wrong)…",
            "EHDR, PHDR, TEXT, RODATA, DATA, BSS, sections, =ADDRESS, %ALIGNMENT and !SYMBOL"))
      }
      parser.options.sectionOrder = order
    }
    custom(
      "section-align", for: "SECTION=N", form: .required,
      help: "Align an output section by N or more"
    ) { parser, use in
      guard let (name, text) = parser.splitAssignment(use) else { return }
      guard let alignment = Number.parse(text), alignment.nonzeroBitCount == 1, alignment <= 1 << 32
      else {
        return parser.error(.badOptionValue(use.description, "SECTION=N, a power of two up to 2³²"))
      }
      parser.options.sectionAlignments[name] = alignment
    }
    value("discard-section", for: "SECTION", help: "Leave out input sections of this name") {
      $0.discardedSections.append($1)
    }
    value("no-discard-section", for: "SECTION", help: "Undo --discard-section") { options, name in
      options.discardedSections.removeAll { $0 == name }
    }
    toggle(
      "zero-to-bss", help: "Store no bytes of data that is zero",
      negatedHelp: "Store it as the compiler wants it (default)"
    ) { $0.zeroToBSS = $1 }
    custom(
      "filler", for: "HEX", form: .required, help: "Fill gaps of what is loaded with this byte"
    ) { parser, use in
      guard let byte = Number.parse(use.text, radix: 16), byte < 256 else {
        return parser.error(.badOptionValue(use.description, "a byte, such as 0xcc"))
      }
      parser.options.filler = UInt8(byte)
    }
    toggle(
      "execute-only", help: "Load code without the right to read it",
      negatedHelp: "Load code readable (default)"
    ) { $0.executeOnly = $1 }
    flag(
      "start-stop",
      help: "Let __start_NAME and __stop_NAME mean sections by other names, too: .a.b is a_b"
    ) { $0.startStop = true }
  }
}
