// What the linker asks of an instruction set.

internal import ELF
internal import Parallel

/// Conformers are caseless enums: no values, only code. What runs for each relocation is inside one
/// conformer's functions, which know their own types and are called once for each section, through
/// this protocol; so nothing in a loop is a call through a table (docs/Experiments.md, E1).
protocol Target: SendableMetatype {
  associatedtype Relocation: RelocationType
  static var facts: TargetFacts { get }

  // MARK: Names and sizes

  /// Bytes of a word that holds a value or a distance, if relocations of this type are such words;
  /// nil: they are something else. In debug information such a word may get a tombstone.
  static func wordSize(_ type: UInt32) -> Int?
  /// Whether the type is a distance from the place, as in exception frames.
  static func isDistance(_ type: UInt32) -> Bool
  /// The addend of a relocation whose record has none: what stands in the section's bytes, 0 where
  /// that is outside or says nothing.
  static func implicitAddend(_ type: UInt32, _ bytes: ByteView, at offset: UInt64) -> Int64
  /// Leaves an addend where `implicitAddend` finds it, for a place inside `out`; false: there is no
  /// room for it.
  static func storeAddend(
    _ type: UInt32, _ addend: Int64, to out: OutputBytes, at offset: Int, _ format: Format
  ) -> Bool
  /// The types of words that hold an address, which may be packed: at most two.
  static func addressWords(_ options: Options) -> (UInt32, UInt32)
  /// R_*_NONE
  static func isNone(_ type: UInt32) -> Bool

  /// Whether a type is one of those that most relocations have, and is a distance that asks for
  /// nothing unless its symbol is unusual.
  static func isDominant(_ type: UInt32) -> Bool

  // MARK: What depends on the inputs

  /// The facts, once it is known what the inputs promise.
  static func facts(for selection: Selection) -> TargetFacts
  /// What options say about the properties of the output, value by type.
  static func adjust(_ properties: inout [UInt32: UInt32], _ options: Options)
  /// The promises whose lack is to be reported.
  static func featureReports(_ options: Options) -> [FeatureReport]
  /// Entries of `.dynamic` that only this machine has.
  static func dynamicEntries(_ selection: Selection) -> [(tag: Int64, value: UInt64)]

  // MARK: Relocations

  /// What one relocation needs; returns how many records were used: a TLS sequence that is replaced
  /// takes its call along.
  static func scan(
    _ type: Relocation, _ record: Rela, _ target: SymbolID, _ facts: SymbolFlags,
    _ records: RecordView<Rela>, _ index: Int, _ scanner: inout SectionScanner<Self>
  ) -> Int
  /// Finds what the relocations of a live allocated section need, and pushes the sections that they
  /// reach.
  static func scan(
    _ id: SectionID, _ context: ScanContext, _ reached: inout Worklist, _ worker: Worker)
  /// The same for some of the relocations; `.eh_frame` has its own idea of which count.
  static func scan(
    _ records: RecordView<Rela>, of section: InputSection, _ id: SectionID, in range: Range<Int>,
    _ context: ScanContext, _ reached: inout Worklist, _ worker: Worker)
  /// Applies the relocations of an allocated section to its copy.
  static func apply(_ id: SectionID, to out: OutputBytes, _ context: ApplyContext)
  /// Applies some relocations of a section whose parts were moved in the output. `start` is the
  /// address of `out`.
  static func apply(
    _ pieces: [RelocationPiece], of id: SectionID, to out: OutputBytes, start: UInt64,
    _ context: ApplyContext)
  /// Applies one relocation; returns how many records were used.
  static func apply(
    _ type: Relocation, _ record: Rela, _ row: SymbolID, _ offset: Int, _ S: UInt64, _ A: UInt64,
    _ P: UInt64, _ records: RecordView<Rela>, _ index: Int,
    _ applier: inout SectionApplier<Self>
  ) -> Int
  /// What holds of the output where a relocation was applied; `record` has its place there already.
  static func asApplied(_ record: Rela, _ place: AppliedPlace) -> Rela
  /// Whether a relocation is the operand of a call or jump.
  static func isCall(_ record: Rela, _ section: InputSection) -> Bool
  /// Applies the relocations of a section that is not loaded.
  static func applyToDebug(_ id: SectionID, to out: OutputBytes, _ context: ApplyContext)
  /// What a type of relocation means there, for targets that leave applying them to DebugApplier.
  static func debugField(number type: UInt32) -> DebugField?

  // MARK: Code that shrinks

  /// Where bytes of a section may be left out, in the order of offsets. Asked for sections that the
  /// scan marked as `shrinkable`.
  static func cuts(of id: SectionID, _ selection: Selection) -> [SectionCut]
  /// Chooses what each cut leaves out, given the addresses of the last round of layout. Returns
  /// whether anything changed. `mayTakeMore`: else cuts may only be taken back.
  static func choose(
    _ cuts: SectionCuts, of id: SectionID, _ context: ApplyContext, mayTakeMore: Bool
  ) -> Bool

  // MARK: Objects as a whole

  /// What the output says of itself, given what its objects do; says which of them do not fit
  /// together. `objects` are in input order. Asked if the facts say that there are flags or attributes.
  static func mergeABI(_ objects: [ObjectABI], _ inputs: Inputs) -> OutputABI
  /// What follows a tag of a build attribute.
  static func attributeForm(_ tag: UInt64) -> AttributeForm

  // MARK: Far branches

  /// How far relocations of a type reach, if they are branches that may go through a thunk.
  static func branchReach(_ type: UInt32) -> BranchReach?
  static func findFarBranches(
    of id: SectionID, _ context: ApplyContext, _ found: inout [FarBranch])
  /// What a thunk for a kind of branches is made of, if its target is so far away.
  static func thunkForm(_ kind: UInt8, distance: Int64) -> UInt8
  /// Bytes of a thunk, what stands before its target's name in its symbol, the mapping symbols in it,
  /// and its code: false if it does not reach the target.
  static func thunkSize(_ form: UInt8) -> UInt64
  static func thunkName(_ form: UInt8) -> String
  static func thunkMarks(_ form: UInt8) -> [(name: String, offset: UInt64)]
  static func writeThunk(
    _ form: UInt8, to out: OutputBytes, at offset: Int, place: UInt64, target: UInt64
  ) -> Bool

  /// Sequences that a processor gets wrong, of which one instruction has to move.
  static func wantsPatches(_ options: Options) -> Bool
  /// Whether their islands must be behind them.
  static var patchesStandAhead: Bool { get }
  static func findPatches(
    of id: SectionID, _ context: ApplyContext, _ found: inout [CodePatch])
  /// Moves the instruction at byte `original` of the output, address `source`, to byte `offset`, or what it does.
  static func writePatch(
    to file: OutputBytes, at offset: Int, place: UInt64, movedFrom original: Int, at source: UInt64)

  // MARK: The PLT

  /// Where entry `number` of `.got.plt` points before the function is found.
  static func lazyEntry(_ number: Int, _ layout: Layout) -> UInt64
  static func writePLT(to out: OutputBytes, _ layout: Layout)
  static func writePLTSecondary(to out: OutputBytes, _ layout: Layout)
  static func writePLTGOT(to out: OutputBytes, _ layout: Layout)
  /// What leads to functions in another state of the processor.
  static func writeVeneers(to out: OutputBytes, _ layout: Layout)
}

extension Target {
  static func cuts(of id: SectionID, _ selection: Selection) -> [SectionCut] { [] }
  static func choose(
    _ cuts: SectionCuts, of id: SectionID, _ context: ApplyContext, mayTakeMore: Bool
  ) -> Bool { false }

  static func mergeABI(_ objects: [ObjectABI], _ inputs: Inputs) -> OutputABI { OutputABI() }

  /// Odd tags have texts, even ones numbers.
  static func attributeForm(_ tag: UInt64) -> AttributeForm { tag & 1 == 0 ? .number : .text }

  static func writeVeneers(to out: OutputBytes, _ layout: Layout) {}

  static func asApplied(_ record: Rela, _ place: AppliedPlace) -> Rela { record }

  static func debugField(number type: UInt32) -> DebugField? { nil }

  static func addressWords(_ options: Options) -> (UInt32, UInt32) {
    (facts.dynamic.absolute, facts.dynamic.absolute)
  }

  /// For machines whose relocations are whole numbers.
  static func storeAddend(
    _ type: UInt32, _ addend: Int64, to out: OutputBytes, at offset: Int, _ format: Format
  ) -> Bool {
    guard let width = relocationWidth(type) else { return true }
    out.copy(format.encode(UInt64(bitPattern: addend), size: width), at: offset)
    return true
  }

  static func facts(for selection: Selection) -> TargetFacts { facts }
  static func adjust(_ properties: inout [UInt32: UInt32], _ options: Options) {}
  static func featureReports(_ options: Options) -> [FeatureReport] { [] }
  static func dynamicEntries(_ selection: Selection) -> [(tag: Int64, value: UInt64)] { [] }

  /// The ELF name of a relocation type; nil: there is no such type.
  static func relocationName(_ type: UInt32) -> String? { Relocation(rawValue: type)?.name }

  /// Bytes that a relocation changes; nil: there is no such type.
  static func relocationWidth(_ type: UInt32) -> Int? { Relocation(rawValue: type)?.width }

  /// For little-endian machines whose relocations are fields of 1, 2, 4 or 8 bytes.
  static func implicitAddend(_ type: UInt32, _ bytes: ByteView, at offset: UInt64) -> Int64 {
    guard let width = Relocation(rawValue: type)?.width, let offset = Int(exactly: offset) else {
      return 0
    }
    switch width {
    case 1: return Int64(bytes.load(Int8.self, at: offset) ?? 0)
    case 2: return Int64(bytes.load(Int16.self, at: offset) ?? 0)
    case 4: return Int64(bytes.load(Int32.self, at: offset) ?? 0)
    case 8: return bytes.load(Int64.self, at: offset) ?? 0
    default: return 0
    }
  }
}

/// The relocation types of a machine.
protocol RelocationType: RawRepresentable<UInt32>, Sendable {
  /// The ELF name.
  var name: String { get }
  /// Bytes that applying it changes.
  var width: Int { get }
}

/// Consecutive relocations whose place moved by `shift` bytes with the part that they are in.
struct RelocationPiece: Sendable {
  var records: Range<Int>
  var shift: Int64
}
