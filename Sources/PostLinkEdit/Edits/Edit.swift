// Edits as values. A script, a command line and a Swift caller all make these; the engine knows
// nothing else. An edit says what shall be so, not where the bytes lie: places and expressions
// are resolved against the working image when the edit's turn comes.

/// A number, or how to compute one.
public indirect enum EditExpression: Sendable, Equatable {
  case number(UInt64)
  case unary(Unary, EditExpression)
  case binary(Binary, EditExpression, EditExpression)
  case conditional(EditExpression, EditExpression, EditExpression)
  case call(String, [Operand])

  /// Operators of one operand of 64 bits; `!` yields 0 or 1.
  public enum Unary: String, Sendable { case minus = "-", not = "!", complement = "~" }

  /// Operators of two operands of 64 bits. A result beyond them is an error, unless a `poke` wraps;
  /// comparisons yield 0 or 1.
  public enum Binary: String, Sendable {
    case multiply = "*", divide = "/", remainder = "%"
    case add = "+", subtract = "-"
    case shiftLeft = "<<", shiftRight = ">>"
    case and = "&", xor = "^", or = "|"
    case less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
    case equal = "==", notEqual = "!="
    case logicalAnd = "&&", logicalOr = "||"
  }
}

/// What a function of an expression takes.
public enum Operand: Sendable, Equatable {
  case expression(EditExpression)
  case range(RangeSpecification)
  case place(EditPlace)
  case object(ObjectName)
  case name(String)
}

/// Something of the file that has a name.
public enum ObjectName: Sendable, Equatable, CustomStringConvertible {
  case symbol(String)
  case section(String)
  case slot(String)
  case region(String)
  case segment(Int)
  /// From the lowest to the highest load address with file bytes.
  case rom

  public var description: String {
    switch self {
    case .symbol(let name): "sym:\(name)"
    case .section(let name): "sec:\(name)"
    case .slot(let name): "slot:\(name)"
    case .region(let name): "region:\(name)"
    case .segment(let index): "seg:\(index)"
    case .rom: "rom"
    }
  }
}

/// One position in the file.
public struct EditPlace: Sendable, Equatable {
  /// What a place is counted from.
  public enum Base: Sendable, Equatable {
    /// A virtual address.
    case virtual(EditExpression)
    /// A load address.
    case load(EditExpression)
    /// A file offset, outside of loaded segments.
    case file(EditExpression)
    case start(ObjectName)
    case end(ObjectName)
  }
  /// An address, or an edge of something that has a name.
  public var base: Base
  /// Added to the base, in bytes.
  public var offset: UInt64

  public init(_ base: Base, offset: UInt64 = 0) {
    self.base = base
    self.offset = offset
  }

  /// The first byte of a slot.
  public static func slot(_ name: String) -> EditPlace { EditPlace(.start(.slot(name))) }
  /// The first byte of a section.
  public static func section(_ name: String) -> EditPlace { EditPlace(.start(.section(name))) }
  /// Where a symbol of the file points.
  public static func symbol(_ name: String) -> EditPlace { EditPlace(.start(.symbol(name))) }
  /// The byte at a virtual address.
  public static func virtual(_ address: UInt64) -> EditPlace {
    EditPlace(.virtual(.number(address)))
  }
}

/// A half-open range of positions.
public enum RangeSpecification: Sendable, Equatable {
  case between(EditPlace, EditPlace)
  case sized(EditPlace, UInt64)
  case object(ObjectName)
}

/// Bytes to be written.
public enum EditData: Sendable, Equatable {
  case bytes([UInt8])
  /// The contents of a file.
  case file(String)
  /// So many zero bytes.
  case zero(UInt64)
  /// An integer of 1, 2, 4 or 8 bytes in the byte order of the file.
  case integer(UInt64, size: Int)

  /// The UTF-8 bytes of `text`, without a NUL.
  public static func string(_ text: String) -> EditData { .bytes(Array(text.utf8)) }
}

/// The width of an integer in the file, in bytes.
public enum IntegerWidth: Int, Sendable { case u8 = 1, u16 = 2, u32 = 4, u64 = 8 }

/// A byte order that an edit names; the file's own is the default.
public enum Endianness: String, Sendable { case little = "le", big = "be" }

/// What to do where data is shorter than the object it goes to.
public enum PaddingTreatment: String, Sendable { case keep, fill, zero }

/// How bytes that no segment holds are read.
public enum HoleTreatment: Sendable, Equatable {
  case byte(UInt8)
  case skip
}

/// How slots are read by `digest`.
public enum SlotTreatment: String, Sendable { case asIs = "as-is", asFill = "as-fill", skip }

/// What a `digest` or a `tbs` export reads.
public struct Coverage: Sendable, Equatable {
  /// Read in the order of addresses, each byte once.
  public var ranges: [RangeSpecification]
  /// Taken out of `ranges`.
  public var except: [RangeSpecification] = []
  /// How bytes between segments are read; nil: the edit is refused if there are any.
  public var holes: HoleTreatment?
  /// How the bytes of slots are read.
  public var slots: SlotTreatment = .asIs
  /// Walk virtual instead of load addresses.
  public var virtual = false
  /// The widest walk in bytes; 64 MiB unless told.
  public var span: UInt64?
  public init(_ ranges: [RangeSpecification]) { self.ranges = ranges }
}

/// Where `insert` puts its bytes.
public enum InsertMode: Sendable, Equatable {
  case slot(String), hole, tail, segment, nonalloc
  /// At this virtual address, in whatever room is there.
  case address(EditExpression)
}

/// The forms of `export`.
public enum ExportFormat: String, Sendable, CaseIterable { case bin, ihex, srec, uf2, vmem, tbs }

/// The parameters of `export`.
public struct ExportOptions: Sendable, Equatable {
  /// What is exported; empty: all that has file bytes and a load address.
  public var range: [RangeSpecification] = []
  /// Taken out of `range`.
  public var skip: [RangeSpecification] = []
  /// The byte between segments. With one the image is flat, of one piece.
  public var fill: UInt8?
  /// Load address behind the last byte of the image, which `fill` then reaches.
  public var padTo: UInt64?
  /// Load address of the first byte of a flat image; nil: that of its contents.
  public var base: UInt64?
  /// Every `count`th row of `width` bytes, from row `index` on: one of several memory chips.
  public var bank: (index: Int, count: Int)?
  /// Bytes of a row of a bank and of a word of `vmem`, 1 to 8.
  public var width = 1
  /// Bytes are reversed in units of 2, 4 or 8.
  public var swap: Int?
  /// Data bytes in a line of `ihex` and `srec`, 16 to 255; nil: 16.
  public var record: Int?
  /// The family id of `uf2`, which says what chip the image is for.
  public var family: UInt32?
  /// The text of the S0 record of `srec`; nil: the name of the output.
  public var header: String?
  /// Whether `ihex` and `srec` have a record with the entry address.
  public var entry = true
  /// The longest flat image in bytes; nil: 64 MiB.
  public var span: UInt64?
  public init() {}

  public static func == (left: ExportOptions, right: ExportOptions) -> Bool {
    left.range == right.range && left.skip == right.skip && left.fill == right.fill
      && left.padTo == right.padTo && left.base == right.base
      && left.bank?.index == right.bank?.index && left.bank?.count == right.bank?.count
      && left.width == right.width && left.swap == right.swap && left.record == right.record
      && left.family == right.family && left.header == right.header && left.entry == right.entry
      && left.span == right.span
  }
}

/// What a `symbol` edit does to the symbols it selects.
public enum SymbolAction: Sendable, Equatable {
  case rename(to: String)
  case localize, globalize, weaken, hide, remove
  /// Takes the version from a dynamic symbol.
  case unversion
  case add(EditExpression)
}

/// What a `section` edit does.
public enum SectionAction: Sendable, Equatable {
  case add(EditData, alignment: UInt64)
  case replace(EditData, padding: PaddingTreatment?)
  case remove
  case rename(to: String)
  case dump(to: String, raw: Bool)
  /// Letters of `readelf`: a, w, x, M, S.
  case flags(String)
}

/// What an `rpath` edit does.
public enum RunPathAction: Sendable, Equatable {
  case set(String)
  /// Puts a directory behind the others, or before them.
  case add(String, first: Bool = false)
  case remove
  /// Takes one directory out.
  case drop(String)
  case replace(String, with: String)
  /// Drops directories that hold no needed library, seen below `root`; nil: as they are. With `prefixes`
  /// also absolute ones that begin with none of them.
  case shrink(root: String?, prefixes: [String]? = nil)
  /// Makes the tag the other one, DT_RPATH or DT_RUNPATH.
  case convert
}

/// What a `needed` edit does to DT_NEEDED.
public enum NeededAction: Sendable, Equatable {
  /// Puts a library behind the others, or before them.
  case add(String, first: Bool = false)
  case remove(String), replace(String, with: String)
}

/// What DT_FLAGS and DT_FLAGS_1 can say and an edit may change: not what the code is like (DF_TEXTREL,
/// DF_STATIC_TLS).
public enum DynamicFlag: String, Sendable, CaseIterable {
  case origin, symbolic, now, global, group, nodelete, loadfltr, initfirst, nodlopen, direct
  case interpose, nodeflib, nodump
}

/// Fields of the ELF header that no byte of the program depends on. Nil: as it is.
public struct HeaderFields: Sendable, Equatable {
  /// EI_OSABI
  public var system: UInt8?
  /// EI_ABIVERSION
  public var systemVersion: UInt8?
  /// e_flags
  public var flags: UInt32?
  public init() {}
}

/// Compression of debug sections.
public enum Compression: String, Sendable { case zlib, zstd }

/// What a `debug` edit does to debug sections and `.gnu_debuglink`.
public enum DebugAction: Sendable, Equatable {
  case split(to: String, link: Bool, compress: Compression?)
  case compress(Compression), decompress, strip
  case link(to: String)
}

/// How `build-id recompute` makes the identifier, in the words of the linker's --build-id.
public enum BuildIDStyle: String, Sendable { case tree, fast, sha1, sha256 }

/// What a `build-id` edit does to the note NT_GNU_BUILD_ID.
public enum BuildIDAction: Sendable, Equatable {
  case keep, recompute(BuildIDStyle?), set([UInt8])
}

/// What to do. See the manual for what each verb accepts and refuses.
public enum Verb: Sendable, Equatable {
  case put(EditPlace, EditData, padding: PaddingTreatment?)
  case poke(IntegerWidth, EditPlace, EditExpression, endian: Endianness?, wrap: Bool)
  case fill([RangeSpecification], pattern: [UInt8], claim: Bool, all: Bool)
  case pad(to: UInt64?, size: UInt64?, byte: UInt8)
  case insert(String, EditData, mode: InsertMode?, alignment: UInt64?, flags: String, lma: UInt64?)
  case section(String, SectionAction)
  case entry(EditExpression, vectors: String?)
  case lmaAll(by: Int64, remap: Bool)
  case lmaSegment(Int, to: UInt64)
  case interpreter(String)
  /// - Parameter legacy: DT_RPATH, not DT_RUNPATH; nil: the one that is there, else DT_RUNPATH.
  case runPath(RunPathAction, legacy: Bool?, scrub: Bool)
  case needed(NeededAction)
  case soname(String)
  /// - Parameter dynamic: what the dynamic symbol table says is changed, too.
  case symbol(String, SymbolAction, dynamic: Bool = false)
  /// Whether the stack is executable.
  case executableStack(Bool)
  case flags([DynamicFlag], add: Bool)
  case header(HeaderFields)
  case noteSet(owner: String, type: UInt32, EditData, section: String?, loaded: String?)
  case noteRemove(owner: String, type: UInt32)
  case buildID(BuildIDAction)
  case debug(DebugAction)
  case digest(DigestAlgorithm, Coverage, into: EditPlace, endian: Endianness?, word: Int)
  case export(ExportFormat, Coverage?, ExportOptions, to: String)
  /// Runs a command, without a shell, that reads what is signed and writes the signature. For
  /// command lines and Swift callers only: scripts run no commands.
  case sign(command: [String], Coverage, slot: String, padding: PaddingTreatment?)
  case assert(EditExpression, String)
  case seal(drop: Bool)
}

extension Verb {
  /// Whether `expect=` means something: there are old bytes to compare.
  var takesExpectation: Bool {
    switch self {
    case .put, .poke, .digest, .sign, .entry, .lmaAll, .lmaSegment, .runPath, .interpreter, .soname:
      true
    case .fill(_, _, _, let all): all
    case .section(_, .replace), .buildID(.set), .buildID(.recompute): true
    default: false
    }
  }

  /// Whether the edit may meet something that `replace=yes` gives up.
  var takesReplacement: Bool {
    switch self {
    case .put, .poke, .fill, .insert, .digest, .sign, .noteSet, .section(_, .replace): true
    default: false
    }
  }

  /// Whether the edit may write into executable bytes.
  var takesCode: Bool {
    switch self {
    case .put, .poke, .fill, .insert, .digest, .sign, .section(_, .replace): true
    default: false
    }
  }
}

/// One edit: a verb and the words that every verb accepts.
public struct Edit: Sendable, Equatable {
  /// What shall be so.
  public var verb: Verb
  /// Succeed without doing anything if the file is already so.
  public var ifNeeded = false
  /// Replace what exists (a filled slot, an inserted section).
  public var replace = false
  /// Allow writes into executable sections.
  public var code = false
  /// What the bytes must be before.
  public var expect: EditData?
  /// For messages; nil if a Swift caller made the edit.
  public var location: EditLocation?
  /// The verb as the user wrote it, for reports.
  public var name: String

  public init(_ verb: Verb, name: String = "edit", location: EditLocation? = nil) {
    self.verb = verb
    self.name = name
    self.location = location
  }
}

extension Edit {
  /// The edit changes nothing in its file: assertions, exports and dumps.
  public var onlyReads: Bool {
    switch verb {
    case .assert, .export: true
    case .section(_, .dump): true
    case .buildID(.keep): true
    default: false
    }
  }
}
