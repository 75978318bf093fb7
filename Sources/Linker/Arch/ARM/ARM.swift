// The ARM instruction sets, as the linker sees them (ELF for the Arm Architecture, AAELF32;
// Arm Architecture Reference Manual). 32-bit, little endian, ABI version 5.
//
// Addresses have 32 bits and sums wrap around. Relocations have their addends in the bytes that they
// patch (SHT_REL), which mostly are fields of instructions (ARM+Fields). Code is in one of two states,
// ARM and Thumb; bit 0 of a function's value tells which, and it stays in `addresses`: taken for
// itself, a function's address has it, and branches look at it (ARM+Branch).

internal import ELF
internal import Parallel

enum ARM: DebugFieldTarget {
  /// Made once, for what a file is is asked of every member of every archive.
  static let facts = makeFacts()

  private static func makeFacts() -> TargetFacts {
    var facts = TargetFacts(
      machine: .arm, name: EM.name(EM.ARM), format: Format(is64: false, order: .little),
      elfMachine: EM.ARM, emulations: ["armelf_linux_eabi", "armelf"],
      outputFormats: ["elf32-littlearm"], architectures: ["arm"],
      interpreter: softFloatInterpreter, imageBase: 0x1_0000, maxPageSize: 4096,
      libraryTriplet: "arm-linux-gnueabihf", libraryFolders: [],
      // `udf` in both states, whichever half a branch leads to.
      trap: FillPattern(0xf1, 0xde, 0xfd, 0xe7),
      // Zero does nothing in both: `andeq r0, r0, r0`, `movs r0, r0`.
      nop: FillPattern(0), hasAddends: false,
      dynamic: DynamicRelocationNumbers(
        absolute: Relocation.abs32.rawValue, globDat: Relocation.globDat.rawValue,
        jumpSlot: Relocation.jumpSlot.rawValue, copy: Relocation.copy.rawValue,
        relative: Relocation.relative.rawValue, iRelative: Relocation.iRelative.rawValue,
        dtpMod: Relocation.tlsDTPMod32.rawValue, dtpOff: Relocation.tlsDTPOff32.rawValue,
        tpOff: Relocation.tlsTPOff32.rawValue, tlsDesc: Relocation.tlsDesc.rawValue),
      threadLocal: ThreadLocalABI(variant: .above(headerSize: 8)), gotPLTHeaderEntries: 3,
      pltHeaderSize: 20, pltEntrySize: 20, pltGOTEntrySize: 20)
    facts.pltEntryPoint = thumbStubSize
    facts.hasBSSBounds = true
    facts.veneerSize = 16
    facts.bindsIndirectLazily = false
    facts.tlsDescArgument = 0
    facts.shortestReach = 1 << 20 - 2  // B<c>.W
    facts.hasFileFlags = true
    facts.attributes = AttributeSection(
      name: ".ARM.attributes", type: SHT.ARM_ATTRIBUTES, vendor: "aeabi",
      leadingTags: [AttributeTag.conformance, AttributeTag.noDefaults])
    facts.sectionSegments = [
      SectionSegment(sectionType: SHT.ARM_EXIDX, segmentType: PT.ARM_EXIDX)
    ]
    facts.unwindIndex = UnwindIndexSection(
      name: ".ARM.exidx", type: SHT.ARM_EXIDX, distance: Relocation.prel31.rawValue,
      tables: ".ARM.extab")
    return facts
  }

  static var softFloatInterpreter: String { "/lib/ld-linux.so.3" }
  static var hardFloatInterpreter: String { "/lib/ld-linux-armhf.so.3" }

  static func wordSize(_ type: UInt32) -> Int? {
    switch Relocation(rawValue: type) {
    case .abs32, .rel32, .abs32NoI, .rel32NoI, .target1, .tlsLDO32, .tlsLE32, .tlsDTPOff32: 4
    default: nil
    }
  }

  static func isDistance(_ type: UInt32) -> Bool { type == Relocation.rel32.rawValue }
  static func isNone(_ type: UInt32) -> Bool { type == Relocation.none.rawValue }
  static func isDominant(_ type: UInt32) -> Bool {
    // Branches may need a veneer.
    type == Relocation.prel31.rawValue
  }

  /// TARGET1 is a word with an address, unless --target1-rel makes it a distance.
  static func addressWords(_ options: Options) -> (UInt32, UInt32) {
    let word = Relocation.abs32.rawValue
    return (word, options.target1IsDistance ? word : Relocation.target1.rawValue)
  }

  static func isCall(_ record: Rela, _ section: InputSection) -> Bool {
    switch Relocation(rawValue: record.type) {
    case .call, .jump24, .pc24, .plt32, .thmCall, .thmJump24, .thmJump19, .prel31: true
    default: false
    }
  }

  /// The relocation that TARGET1 and TARGET2 stand for.
  static func meaning(_ type: Relocation, _ options: Options, isDynamic: Bool) -> Relocation {
    switch type {
    case .target1: options.target1IsDistance ? .rel32 : .abs32
    case .target2:
      switch options.target2 ?? defaultTarget2(options, isDynamic: isDynamic) {
      case .absolute: .abs32
      case .distance: .rel32
      case .gotDistance: .gotPrel
      }
    default: type
    }
  }

  /// How tables of exception handling name types, the platform says: Linux through the GOT, programs
  /// without an operating system by the distance. Without -m the output tells which it is.
  private static func defaultTarget2(
    _ options: Options, isDynamic: Bool
  ) -> Target2Meaning {
    if options.emulation.isEmpty { return isDynamic ? .gotDistance : .distance }
    return options.emulation == facts.emulations[0] ? .gotDistance : .distance
  }
}

/// What the processors that all objects agree on can do, as bits of `OutputABI.features`.
struct ARMFeatures: OptionSet, Sendable {
  let rawValue: UInt32
  /// BLX changes the state.
  static var blx: ARMFeatures { ARMFeatures(rawValue: 1) }
  /// BL in Thumb state reaches 16 MiB, for it has the bits J1 and J2.
  static var longBL: ARMFeatures { ARMFeatures(rawValue: 2) }
  /// Thumb-2: 32-bit instructions besides BL.
  static var thumb2: ARMFeatures { ARMFeatures(rawValue: 4) }
  /// There is no ARM state.
  static var thumbOnly: ARMFeatures { ARMFeatures(rawValue: 8) }
  /// MOVW and MOVT in Thumb state.
  static var thumbMOVW: ARMFeatures { ARMFeatures(rawValue: 16) }
}
