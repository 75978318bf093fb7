// The words that options choose between, as closed sets.
//
// Each type here is the value of one or two members of `Options`. The names on the command line
// are in the option table; what a word does to the output is said here.

internal import ELF

/// What is written.
enum OutputKind: Sendable, Hashable {
  /// An executable at a fixed address (ET_EXEC).
  case executable
  /// A position-independent executable (ET_DYN with an entry).
  case pie
  /// A shared library (ET_DYN).
  case sharedObject
  /// An object file for a further link: -r (ET_REL).
  case relocatable

  /// Whether the addresses in the output are relative to where it is loaded.
  var isPositionIndependent: Bool { self == .pie || self == .sharedObject }
  /// Whether the output is a program, at a fixed address or not.
  var isExecutable: Bool { self == .executable || self == .pie }
}

/// --oformat.
enum OutputFormat: Sendable, Hashable {
  case elf
  /// The bytes of the loaded sections, without any header.
  case binary
}

/// --hash-style: the tables by which the dynamic linker finds a symbol. Empty: none.
struct HashStyle: OptionSet, Sendable, Hashable {
  let rawValue: UInt8
  static var sysv: HashStyle { HashStyle(rawValue: 1) }
  static var gnu: HashStyle { HashStyle(rawValue: 2) }
  static var both: HashStyle { [.sysv, .gnu] }
}

/// --build-id: what the note `.note.gnu.build-id` holds.
enum BuildID: Sendable, Hashable {
  case none
  /// 20 bytes over the XXH3 of chunks: `tree` and the bare option.
  case tree
  /// 8 bytes of XXH3.
  case fast
  case md5
  case sha1
  case sha256
  /// 16 random bytes.
  case uuid
  /// The bytes that the user gives, `0x…`.
  case hex([UInt8])
}

/// -Bsymbolic and its kin: which references of a shared library to its own definitions are bound
/// at link time, so that nobody can interpose.
enum SymbolicBinding: Sendable, Hashable {
  case none
  case all
  case functions
  case nonWeak
  case nonWeakFunctions
}

/// What becomes of a reference that nothing defines.
enum UndefinedAction: Sendable, Hashable {
  case error
  case warning
  /// The reference is left to the dynamic linker; in a static program it is zero.
  case ignore
}

/// -s and -S.
enum StripMode: Sendable, Hashable {
  case none
  case debug
  /// No symbol table at all.
  case all
}

/// -x, -X and --discard-none: which local symbols are left out of the symbol table.
enum DiscardMode: Sendable, Hashable {
  case none
  /// Without an option: those that begin with `.L` and lie in a mergeable section.
  case temporaryInMergeable
  /// -X: all that begin with `.L`.
  case temporary
  /// -x: all local symbols.
  case all
}

/// --compress-debug-sections.
enum DebugCompression: Sendable, Hashable {
  case none
  /// SHF_COMPRESSED with ELFCOMPRESS_ZLIB; nil: the library's usual level.
  case zlib(level: Int?)
  /// SHF_COMPRESSED with ELFCOMPRESS_ZSTD.
  case zstd(level: Int?)
  /// The older form: sections `.zdebug_…` with a header of "ZLIB" and the size.
  case zlibGNU
}

/// --icf: identical code folding.
enum FoldingMode: Sendable, Hashable {
  case none
  /// Only functions whose address nobody compares.
  case safe
  case all
}

/// -z separate-code and its kin: which segments may share a page of the file. In memory no two
/// segments ever do.
enum CodeSeparation: Sendable, Hashable {
  /// Segments follow one another in the file. The default where pages are larger than 4 KiB.
  case nothing
  /// Executable segments share no page with others.
  case code
  /// No two segments share a page. The default elsewhere: each can be mapped, hashed and edited by itself.
  case loadableSegments
}

/// -z text, -z notext: relocations in read-only sections of a position-independent output.
enum TextRelocationPolicy: Sendable, Hashable {
  case error
  case warning
  case allow
}

/// -z execstack and its kin.
enum ExecutableStack: Sendable, Hashable {
  case no
  case yes
  /// As GNU ld: if an input asks for it with `.note.GNU-stack`.
  case ifNeeded
}

/// -z gcs.
enum GuardedControlStack: Sendable, Hashable {
  /// If all inputs are.
  case implicit
  case always
  case never
}

/// What is said about inputs that lack a promise: -z cet-report, -z bti-report and their kin.
enum FeatureReportLevel: Sendable, Hashable {
  case none
  case warning
  case error
}

/// -z x86-64-v2 and its kin: the ISA level marked as needed in `.note.gnu.property`.
enum X86ISALevel: Int, Sendable, Hashable {
  case baseline = 1
  case v2
  case v3
  case v4
}

/// -z start-stop-visibility: visibility of `__start_NAME` and `__stop_NAME`.
enum StartStopVisibility: Sendable, Hashable {
  case `default`
  case `protected`
  case `internal`
  case hidden

  /// `STV` of the gABI.
  var value: UInt8 {
    switch self {
    case .default: STV.DEFAULT
    case .protected: STV.PROTECTED
    case .internal: STV.INTERNAL
    case .hidden: STV.HIDDEN
    }
  }
}

/// --orphan-handling: what to do with sections that no rule of the map takes.
enum OrphanHandling: Sendable, Hashable {
  case place
  case discard
  case warn
  case error
}

/// --sort-section: the order of sections within a rule that does not say one.
enum SectionSort: Sendable, Hashable {
  case none
  case name
  case alignment
}

/// --explain: a question about the layout, answered after it is made.
enum ExplainRequest: Sendable, Hashable {
  /// Which rules could take the sections that match this pattern, and which did.
  case section(pattern: String)
  case symbol(String)
  case address(UInt64)
  case region(String)
}

/// --print-memory-usage, and its form.
enum MemoryUsageForm: Sendable, Hashable {
  case none
  case text
  case json
}

/// --color-diagnostics.
enum ColorChoice: Sendable, Hashable {
  /// If standard error is a terminal.
  case automatic
  case always
  case never
}

/// --shuffle-sections, one request. `pattern` is `*` in the form without one.
struct SectionShuffle: Sendable, Hashable {
  enum Order: Sendable, Hashable {
    /// Another one on each run.
    case random
    case seeded(UInt64)
    case reversed
  }

  var pattern: String
  var order: Order
}

/// An output section and the address that an option pins it to.
struct PinnedSection: Sendable, Hashable {
  var name: String
  var address: UInt64
}

/// --compress-sections: how sections that are not loaded are compressed, if their names match.
struct SectionCompression: Sendable, Hashable {
  var pattern: String
  var choice: DebugCompression
}

/// -z dead-reloc-in-nonalloc: the value of references to what is not in the output, in sections whose
/// names match.
struct DeadRelocationValue: Sendable, Hashable {
  var pattern: String
  var value: UInt64
}

/// --defsym NAME=EXPRESSION.
struct DefsymOption: Sendable, Hashable {
  var name: String
  var expression: SymbolExpression
  /// The expression as it was written, for messages and maps.
  var text: String
  /// The place in the expanded list of arguments: assignments of scripts stand between those of
  /// options.
  var position = 0
}

/// --map-set NAME=EXPRESSION. The expression is text in the map language.
struct MapParameter: Sendable, Hashable {
  var name: String
  var expression: String
}

/// What R_ARM_TARGET2 means.
enum Target2Meaning: Sendable, Hashable {
  case absolute
  case distance
  case gotDistance
}
