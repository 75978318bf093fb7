// What a machine is, without its code: the cold facts that generic passes ask for.

internal import ELF

struct TargetFacts: Sendable {
  let machine: Machine
  /// As people call it.
  let name: String
  let format: Format
  /// `e_machine`
  let elfMachine: UInt16
  /// Names behind -m; the first is the one that is printed.
  let emulations: [String]
  /// Names of OUTPUT_FORMAT and --oformat (BFD's).
  let outputFormats: [String]
  /// Names of OUTPUT_ARCH.
  let architectures: [String]

  // MARK: Programs on Linux

  /// The dynamic linker of the GNU C library.
  let interpreter: String
  /// Where a program that is not position-independent begins, unless told otherwise.
  let imageBase: UInt64
  /// The largest page that a system may have: -z max-page-size.
  let maxPageSize: UInt64
  /// The folder below `lib` in which Debian and its kin keep this machine's libraries.
  let libraryTriplet: String
  /// Other folders for libraries, before `lib`: `lib64`.
  let libraryFolders: [String]

  // MARK: Code

  /// What never runs: an instruction that traps, repeated between functions.
  let trap: FillPattern
  /// What does nothing, where control may run through.
  let nop: FillPattern

  // MARK: Relocations

  /// Relocations have their addends in records (SHT_RELA); else in the bytes that they patch
  /// (SHT_REL).
  let hasAddends: Bool
  /// Numbers of the relocations that the dynamic linker knows.
  let dynamic: DynamicRelocationNumbers
  let threadLocal: ThreadLocalABI

  // MARK: The GOT and the PLT

  /// Words at the beginning of `.got.plt` that belong to the dynamic linker.
  let gotPLTHeaderEntries: Int
  /// Bytes of the PLT's first entry, which calls the dynamic linker; of an entry; of an entry of
  /// `.plt.got`. The last two may depend on the inputs (`Target.facts(for:)`).
  let pltHeaderSize: UInt64
  var pltEntrySize: UInt64
  var pltGOTEntrySize: UInt64
  /// Words at the beginning of `.got`; the first has the address of `.dynamic`, which on other
  /// machines `.got.plt` begins with.
  var gotHeaderEntries = 0
  /// The section at whose beginning `_GLOBAL_OFFSET_TABLE_` is.
  var gotBaseSection = SyntheticKind.gotPLT

  // MARK: What only some machines have

  /// How far the shortest branch reaches that may go through a thunk; 0: there are no thunks.
  var shortestReach: UInt64 = 0
  /// How the machine's own program properties combine.
  var properties = PropertyFacts()
  /// In position-independent output, PLT entries are for callers that have the GOT's address in a
  /// register; so they cannot be what a function pointer holds.
  var pltNeedsGOTRegister = false

  /// The section index of common symbols of the large code model; 0: none.
  var largeCommonIndex: UInt16 = 0
  /// `sh_flags` of sections that may lie far away; 0: none.
  var largeSectionFlag: UInt64 = 0
  /// `sh_type` of `.eh_frame` beside SHT_PROGBITS; 0: none.
  var unwindSectionType: UInt32 = 0

  /// The symbol whose address a program keeps in a register, in the middle of its small data; nil:
  /// the machine has none.
  var smallDataPointer: StaticString?
  /// Objects have the labels that compilers make, `.L0`, in their symbol tables, since differences of
  /// them may change; there are many, and in the output they serve nobody.
  var keepsTemporaryLabels = false
  /// `e_flags` of objects mean something.
  var hasFileFlags = false
  /// Where build attributes are; nil: the machine has none.
  var attributes: AttributeSection?
  /// Where control enters an entry of the PLT, from the entry's beginning.
  var pltEntryPoint: UInt64 = 0
  /// The built-in map defines `__bss_start__`, `__bss_end__` and `__end__`, too.
  var hasBSSBounds = false
  /// Bytes of a veneer that changes the processor's state.
  var veneerSize: UInt64 = 0
  /// Whether IRELATIVE stands behind JUMP_SLOT in `.rela.plt`. Else it ends `.rela.dyn`, for the dynamic
  /// linker of the machine refuses it among relocations that it binds lazily.
  var bindsIndirectLazily = true
  /// Which of the two words of a TLS descriptor is the argument.
  var tlsDescArgument = 1
  /// Tables that are searched for how to unwind a frame.
  var unwindIndex: UnwindIndexSection?
  /// Sections that program headers of the machine's own lead to.
  var sectionSegments: [SectionSegment] = []

  /// `sh_type` of such tables; 0: none.
  var unwindIndexType: UInt32 { unwindIndex?.type ?? 0 }

  /// Types of the processor's range that loaded sections may have; 0: none.
  var loadedSectionTypes: (UInt32, UInt32) { (unwindSectionType, unwindIndexType) }

  /// `sh_type` of sections with build attributes; 0: none.
  var attributeSectionType: UInt32 { attributes?.type ?? 0 }

  /// Whether OUTPUT_FORMAT names this target: `elf64-x86-64-freebsd` does, too.
  func isOwn(outputFormat name: String) -> Bool {
    outputFormats.contains { name == $0 || name.hasPrefix($0 + "-") }
  }

  /// As `64-bit little-endian x86-64`.
  var description: String { "\(format.description) \(name)" }

  /// Bytes of a relocation in the output.
  var relocationEntrySize: Int { hasAddends ? format.relaEntrySize : format.relEntrySize }

  /// The ELF header of an output, without sizes and places.
  func fileHeader(
    _ type: UInt16, usesGNUExtensions: Bool, flags: UInt32 = 0
  ) -> FileHeader {
    var header = FileHeader()
    header.format = format
    // ELFOSABI_GNU if the file uses what only GNU systems know.
    header.osABI = usesGNUExtensions ? 3 : 0
    header.type = type
    header.machine = elfMachine
    header.flags = flags
    return header
  }
}

/// Kinds of dynamic relocations, which all machines have, under numbers of their own.
enum DynamicKind: UInt8, Sendable {
  /// A word with a symbol's address.
  case absolute
  /// A word of the GOT with a symbol's address.
  case globDat
  /// A word of the GOT that a PLT entry jumps through.
  case jumpSlot
  /// An object of a library is copied into the program.
  case copy
  /// A word to which the load address is added.
  case relative
  /// What a resolver answers.
  case iRelative
  /// The number of the module that defines a thread-local symbol.
  case dtpMod
  /// Its offset in the module's block.
  case dtpOff
  /// Its offset from the thread pointer.
  case tpOff
  /// The same with the other sign.
  case negatedTPOff
  /// Two words: a function that finds it, and its argument.
  case tlsDesc
}

/// `R_*` of each kind.
struct DynamicRelocationNumbers: Sendable {
  let absolute: UInt32
  let globDat: UInt32
  let jumpSlot: UInt32
  let copy: UInt32
  let relative: UInt32
  let iRelative: UInt32
  let dtpMod: UInt32
  let dtpOff: UInt32
  let tpOff: UInt32
  let tlsDesc: UInt32
  var negatedTPOff: UInt32 = 0

  subscript(kind: DynamicKind) -> UInt32 {
    switch kind {
    case .absolute: absolute
    case .globDat: globDat
    case .jumpSlot: jumpSlot
    case .copy: copy
    case .relative: relative
    case .iRelative: iRelative
    case .dtpMod: dtpMod
    case .dtpOff: dtpOff
    case .tpOff: tpOff
    case .negatedTPOff: negatedTPOff
    case .tlsDesc: tlsDesc
    }
  }
}

/// How thread-local blocks lie around the thread pointer (ELF Handling For Thread-Local Storage,
/// section 3), and what offsets are counted from.
struct ThreadLocalABI: Sendable {
  enum Variant: Sendable {
    /// The program's block lies above the pointer, behind `headerSize` bytes of the thread's own,
    /// rounded up to the block's alignment.
    case above(headerSize: UInt64)
    /// The program's block ends at the pointer.
    case below
  }

  let variant: Variant
  /// What offsets from the thread pointer are too small by, so that 12 signed bits reach 4 KiB.
  var pointerBias: UInt64 = 0
  /// The same of offsets in a module's block.
  var moduleBias: UInt64 = 0

  /// The value of the thread pointer in the terms of this output, for the block that begins at
  /// `start` and ends at `end`. Offsets from it are what the code has.
  func pointer(start: UInt64, end: UInt64, alignment: UInt64) -> UInt64 {
    let mask = alignment &- 1
    switch variant {
    case .below: return (end &+ mask) & ~mask
    case .above(let headerSize):
      return start &- ((headerSize &+ mask) & ~mask) &+ pointerBias
    }
  }
}
