// A page on each code, for `swold-map explain`.
//
// Each has an example; where the fault needs no object file, a test compiles the example and expects
// the code.

/// What a code means.
public struct Explanation: Sendable {
  /// The code that the page is on.
  public var code: MapCode
  /// One line, without full stop.
  public var summary: String
  /// Why it is an error, and what to do.
  public var text: String
  /// A map that provokes the message, perhaps only with certain input.
  public var example: String
  /// Whether the map alone suffices.
  public var needsNoInput: Bool

  /// The whole page.
  public var page: String {
    let indented = example.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "    " + $0 }.joined(separator: "\n")
    let when = needsNoInput ? "Example:" : "Example, which needs input that fits:"
    return "\(code.name): \(summary)\n\n\(text)\n\n\(when)\n\n\(indented)"
  }
}

extension MapCode {
  /// The page on this code; every code has one.
  public var explanation: Explanation {
    func page(
      _ summary: String, _ text: String, _ example: String, needsNoInput: Bool = true
    ) -> Explanation {
      Explanation(
        code: self, summary: summary, text: text, example: example, needsNoInput: needsNoInput)
    }
    switch self {
    case .syntax:
      return page(
        "the text is not a map",
        """
        The text does not follow the grammar. The caret stands under the first word that does not
        fit; what was expected is in the message. Three habits of GNU ld scripts end here: there is no
        location counter ('. = X' becomes a block 'place at X { … }'), there are no assignments
        ('symbol a = e;' defines a symbol once), and every statement ends with ';'.
        """, "smap 1;\nplace at 0 { . = 4; }")
    case .unknownUnit:
      return page(
        "a number has an unknown unit",
        """
        Units are B, KiB, MiB, GiB and TiB, powers of 1024. K and KB are refused, because people read
        them as 1000 and as 1024.
        """, "smap 1;\nregion ram { at 0x2000_0000; size 128K; }")
    case .unknownName:
      return page(
        "a name is not declared",
        """
        A constant, function, kind, region or section of this name does not exist in the map. The
        nearest known name is suggested. Symbols of the program are no names of the map: write
        sym(NAME), which only 'symbol' and 'assert' may use.
        """, "smap 1;\nlet BASE = 0x1000;\nplace at BSAE { section .text; }")
    case .badNumber:
      return page(
        "a number has no meaning here",
        """
        The result of an expression does not fit 64 bits (32 on a 32-bit target), something is divided
        by zero, an address or size is negative, or an alignment is not a power of two or larger than
        4 GiB, which is all that objects can ask for. Numbers are exact: nothing wraps.
        """, "smap 1;\nplace at 0 { section .text { align 3; take .text+; } }")
    case .unknownVersion:
      return page(
        "the version of the language is not known",
        """
        A map begins with 'smap N;'. This program knows the versions up to the one in the message; a
        newer program may know more.
        """, "smap 99;")
    case .include:
      return page(
        "an included file is missing, included twice, or part of a cycle",
        """
        'include "f";' takes in the text of another file, searched beside the including file and then
        in the directories of -L. Each file can be taken in once, so two fragments that both include a
        third do not work: include the third in the main file.
        """, "smap 1;\ninclude \"board.smap\";")
    case .redefinition:
      return page(
        "a name is defined twice",
        """
        Constants, regions, slots, reserves, segments and symbols have one definition each, and 'entry',
        'pages' and 'orphans' are said once. A 'param' gets another value with --map-set, not by a
        second line.
        """, "smap 1;\nlet stack = 1 KiB;\nlet stack = 2 KiB;")
    case .addressInPlacement:
      return page(
        "an expression asks for what is not known yet",
        """
        Placement is one pass: sizes first, then addresses. An expression that places something may use
        constants, and size() and align_of() of sections, without cycles; it cannot use addresses,
        symbols, or what is used of a region. Those are for 'symbol' and 'assert', which look at the
        finished layout. To place something behind something else, write it behind it.
        """, "smap 1;\nplace at 0 {\n    section .a;\n    section .b { at end(.a); take .b; }\n}")
    case .secondSection:
      return page(
        "an output section is declared twice",
        """
        One 'section' describes one output section. 'extend N { … }' adds to a section from elsewhere.
        With 'extends default', a 'section' outside of every place refines the built-in one; inside a
        place it would be a second one.
        """, "smap 1;\nplace at 0 {\n    section .text;\n    section .text { take .init; }\n}")
    case .attributeOutOfPlace:
      return page(
        "an attribute does not belong here, or contradicts another",
        """
        Each attribute belongs in certain blocks; the message names them. Some exclude each other: a
        section has an address of its own ('at') or is allocated from the end ('high'), it has load
        bytes ('load') or none ('noload', 'nobits').
        """, "smap 1;\nplace at 0 { section .bss { noload; nobits; take @bss; } }")
    case .doesNotFitLink:
      return page(
        "the map does not fit this link",
        """
        With -r nothing is placed, so only 'section' at the top level, 'take', 'discard', 'forbid',
        'let', 'param' and 'when' have a meaning. The same code says that an option and a map disagree
        on one thing; only -e and --map-set win over a map.
        """, "smap 1;\npages none;", needsNoInput: false)
    case .ambiguousRules:
      return page(
        "two rules claim one section, neither is more specific",
        """
        The most specific rule wins, wherever it stands. Of two rules that both match a section, one is
        more specific if everything it can match is matched by the other, too. Here one rule is
        narrower in the file and the other in the name, so a choice would be a guess. Add a rule with
        both (file.o(.text.hot+)), or write 'prefer take' in the one that should win.
        'swold-map check' warns of such pairs before there is any input.
        """,
        "smap 1;\nplace at 0 {\n    section .hot { take .text.hot+; }\n"
          + "    section .lib { take app.o(.text+); }\n}", needsNoInput: false)
    case .orphanSections:
      return page(
        "no rule takes a section",
        """
        In a complete map every section that is linked, allocated and not empty needs a rule: what is
        placed by a guess is found in the wrong memory later. Add the line that the message suggests,
        or 'discard' it, or say 'orphans warn;' or 'orphans place;'.
        """, "smap 1;\nplace at 0 { section .text { take @code; } }", needsNoInput: false)
    case .forbiddenSection:
      return page(
        "a section is present that the map forbids",
        """
        'forbid' says that a section must not exist, with the reason. The message names the file that
        brought it.
        """,
        "smap 1;\nplace at 0 { section .text { take @code; } }\n"
          + "forbid .got+, \"build without -fPIC\";", needsNoInput: false)
    case .referenceToDiscarded:
      return page(
        "live code refers to a discarded section",
        """
        'discard' removes the section; something that stays needs its address. Take the section
        somewhere, or remove the reference. References from debug information are harmless and get a
        value that stands for nothing.
        """, "smap 1;\nplace at 0 { section .text; }\ndiscard .data+;", needsNoInput: false)
    case .unusedSetting:
      return page(
        "a setting has no effect",
        """
        --map-set names a parameter that the map does not have, or a 'let', which cannot be set; a
        'prefer' settles nothing; a pattern stands twice.
        """, "smap 1;\nlet stack_size = 1 KiB;      # --map-set stack_size=2048 needs 'param'",
        needsNoInput: false)
    case .noSuchSymbol:
      return page(
        "a symbol that the map names does not exist",
        """
        'entry', 'root' and sym() name symbols of the program or of the map. Look for a typing error,
        or for an object that is not linked. 'root' pulls archive members, as -u does.
        """, "smap 1;\nentry Reset_Handlr;\nplace at 0 { section .text; }", needsNoInput: false)
    case .regionOverflow:
      return page(
        "a region is too small",
        """
        Everything that is placed in the region, padding, reserves and load images included, needs more
        than its size. The message lists who needs how much. It comes once for each region.
        """,
        "smap 1;\nregion rom { at 0; size 256; }\nplace in rom { section .text { take @code; } }",
        needsNoInput: false)
    case .misalignedPin:
      return page(
        "a pinned address is not aligned",
        """
        'at' places a section at exactly this address, and its alignment, its own or that of an input,
        does not allow it. Alignments are never lowered: code may rely on them.
        """, "smap 1;\nplace at 0 { section .cfg { at 0x401; align 4; keep take .cfg; } }")
    case .accessBeyond:
      return page(
        "a section needs more rights than its region or segment grants",
        """
        The region's or segment's 'access' is a promise that is checked. Place the section elsewhere: what
        is written at run time belongs in RAM, with 'load in FLASH;' if it has bytes. Tables of
        constructors, .data.rel.ro and the template of thread-local data are flagged writable, but a region
        that is not may hold them in a program that nobody relocates. For other sections to which nobody
        writes say 'access r;' in the section.
        """,
        "smap 1;\nregion flash { at 0; size 1 MiB; access rx; }\n"
          + "place in flash { section .data { take @data; } }", needsNoInput: false)
    case .overlap:
      return page(
        "two things have the same addresses",
        """
        Run addresses, or load addresses, of two sections or regions overlap. Pins are obstacles for the
        flow but not for each other. Of two places that overlap, one pair of sections is named. Segments
        with different rights may not share a page either, for a system maps whole pages.
        """, "smap 1;\nregion a { at 0; size 16; }\nregion b { at 8; size 16; }")
    case .pinInPositionIndependent:
      return page(
        "a fixed address in an output that may be loaded anywhere",
        """
        A PIE or shared object has no fixed addresses. Link with -no-pie, or remove the pin.
        """, "smap 1;\nextends default;\nplace at 0x1000_0000 { section .table { take .table; } }",
        needsNoInput: false)
    case .sizeViolated:
      return page(
        "a section is larger or smaller than the map allows",
        """
        'size' and 'max' bound it above, 'min' below. Thunks that the linker adds count.
        """, "smap 1;\nplace at 0 { section .boot { max 512; take .boot+; } }", needsNoInput: false)
    case .pinOutsideRegion:
      return page(
        "a pinned address lies outside of its region",
        "The section stands in 'place in R', and its 'at' is not in R.",
        "smap 1;\nregion rom { at 0x1000; size 4 KiB; }\n"
          + "place in rom { section .cfg { at 0x400; keep take .cfg; } }")
    case .contentInNoBits:
      return page(
        "bytes would be lost",
        """
        'noload' and 'nobits' say that a section has no bytes in the file, and an input has some that
        are not zero. Place it in another section, or let the program fill it.
        """, "smap 1;\nplace at 0 { section .noinit { noload; take .noinit+; } }",
        needsNoInput: false)
    case .assertionFailed:
      return page(
        "an assertion does not hold",
        "'assert e, \"why\";' is checked after the final layout; the values are in the message.",
        "smap 1;\nparam banks = 3;\nassert banks == 1 || banks == 2, \"the board has two banks\";")
    case .notContiguous:
      return page(
        "TLS or RELRO sections do not stand together",
        """
        @tdata and @tbss sections must be neighbours, tbss last, and so must all sections with 'relro'
        in one flow, because one program header describes each group.
        """,
        "smap 1;\nplace at 0 {\n    section .tdata { take @tdata; }\n    section .data { take @data; }\n"
          + "    section .tbss { take @tbss; }\n}", needsNoInput: false)
    case .inputInSlot:
      return page(
        "an input or a relocation lies in a slot",
        """
        A slot is filled after the link. Nothing that is linked may be in it: remove the input section
        .slot.* from the object.
        """, "smap 1;\nplace at 0 { slot crc { size 4; } }", needsNoInput: false)
    case .ruleMatchesNothing:
      return page(
        "a rule without wildcard matches nothing",
        """
        The map names a section that no input has; near names of the inputs are listed. A warning,
        because a library may bring the section later. Wildcards and families (X+) may match nothing.
        """, "smap 1;\nplace at 0 { section .vectors { keep take .vectros; } }", needsNoInput: false
      )
    case .orderNamesUnknownSymbol:
      return page(
        "an order file names an unknown symbol",
        """
        Each line of the file is a symbol or file.o:symbol; those that no section defines are skipped.
        """, "smap 1;\nplace at 0 { section .text { take .text+ order \"hot.order\"; } }",
        needsNoInput: false)
    case .keptSectionEmpty:
      return page(
        "a kept or pinned section is empty",
        """
        Someone relies on the section, and --gc-sections or LTO removed its content. 'keep take' makes
        the inputs roots; 'root SYMBOL;' also holds against LTO.
        """, "smap 1;\nplace at 0 { section .isr_vector { at 0; take .isr_vector; } }",
        needsNoInput: false)
    case .largeGap:
      return page(
        "more than 1 KiB is lost before a pinned section",
        """
        Items of a flow never overtake each other. The next item did not fit before an obstacle and went
        behind it. Put something smaller before it.
        """,
        "smap 1;\nregion rom { at 0; size 64 KiB; }\nplace in rom {\n"
          + "    section .cfg { at 0x4000; keep take .cfg; }\n    section .text { take @code; }\n}",
        needsNoInput: false)
    case .gapBeforeImage:
      return page(
        "a load image does not begin where the section before it ends",
        """
        Bytes that run elsewhere ('load in R') are stored behind what stands in R, aligned as where they
        run. Here that leaves a gap behind a symbol that marks the end of what stands before; start-up code
        that copies from that symbol, as is customary with GNU ld, would copy the gap. Let it copy from a
        'load_start' symbol, pad the section before, or say 'load in R align 1;' to store without a gap.
        """,
        "smap 1;\npages none;\norphans place;\nregion rom { at 1; size 1 MiB; }\n"
          + "region ram { at 0x2000_0000; size 1 MiB; }\n"
          + "place in rom { end _etext; section .text { take @code; } }\n"
          + "place in ram { section .data { align 64; load in rom; take @data; reserve 4; } }",
        needsNoInput: false)
    case .writableAndExecutable:
      return page(
        "an output section is both writable and executable",
        """
        Two inputs, one writable and one executable, meet in a section. If that is meant, say
        'access rwx;' in it.
        """, "smap 1;\nplace at 0 { section .all { take @code @data; } }", needsNoInput: false)
    }
  }
}
