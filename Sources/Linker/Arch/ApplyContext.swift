// What the loops that apply relocations may touch, copied out of the tables: such a loop must not
// meet reference counting.

internal import ELF
internal import Parallel
internal import Text

/// What applying may read and write, copied out of the tables for the loop's sake. A class, because
/// there is one for a pass, and a copy for each section would count references to all tables.
final class ApplyContext: @unchecked Sendable {
  // Sendable: tables are read only by now; the dynamic relocations of a section have entries of
  // their own.
  let code: any Target.Type
  let format: Format
  /// As the target's.
  let hasAddends: Bool
  /// The dynamic relocations of words.
  let wordType: UInt32
  let relativeType: UInt32
  let layout: Layout
  let selection: Selection
  let files: Block<InputFile>
  let sections: Column<SectionID, InputSection>
  let outputAddresses: Block<UInt64>
  /// As the layout's, when the context is made for writing.
  let relaDynamic: OutputBytes
  let relativeStarts: Column<SectionID, UInt32>
  let symbolicStarts: Column<SectionID, UInt32>
  let pieces: MergePieces
  let definingSection: Column<SymbolID, SectionID>
  let addresses: Column<SymbolID, UInt64>
  let definition: Column<SymbolID, SymbolID>
  let flags: AtomicFlags<SymbolID, SymbolFlags>
  private let foldedSymbols: Column<SymbolID, Bool>?
  let isShared: Bool
  let isPositionIndependent: Bool
  let copiesData: Bool
  let relaxes: Bool
  /// As the options' property.
  let relaxesThreadLocal: Bool
  /// Address of `.got`.
  let got: UInt64
  /// `_GLOBAL_OFFSET_TABLE_`.
  let gotBase: UInt64
  /// The thread pointer of the main program: the aligned end of the TLS segment.
  let threadPointer: UInt64
  /// Start of the TLS segment.
  let threadBlock: UInt64
  /// What offsets in that are too small by.
  let moduleBias: UInt64
  /// What the register for small data has, if this program sets it and code may be replaced.
  let smallDataPointer: UInt64?
  let applyAddends: Bool
  let packsRelative: Bool
  /// Instructions may have to be others for the sake of a processor's errata.
  let avoidsErrata: Bool
  /// As `OutputABI.features`.
  let features: UInt32
  /// -z dead-reloc-in-nonalloc.
  private let deadValues: [(pattern: Glob, value: UInt64)]

  init(_ layout: Layout) {
    code = layout.target.machine.code
    format = layout.format
    hasAddends = layout.target.hasAddends
    wordType = layout.target.dynamic.absolute
    relativeType = layout.target.dynamic.relative
    self.layout = layout
    selection = layout.selection
    files = selection.files
    sections = selection.sections
    outputAddresses = layout.outputAddresses
    relaDynamic = layout.relaDynamic
    relativeStarts = layout.relativeStarts
    symbolicStarts = layout.symbolicStarts
    pieces = selection.pieces
    definingSection = selection.definingSection
    addresses = layout.addresses
    definition = selection.program.definition
    flags = selection.program.flags
    foldedSymbols = selection.folded.foldedSymbols
    let options = selection.options
    isShared = options.outputKind == .sharedObject
    copiesData = options.copyRelocations
    isPositionIndependent = options.outputKind.isPositionIndependent
    relaxes = options.relax
    relaxesThreadLocal = selection.inputs.relaxesThreadLocal
    got = layout.address(of: .got)
    gotBase = layout.gotBase
    threadPointer = layout.threadPointer
    threadBlock = layout.threadBlock
    moduleBias = layout.target.threadLocal.moduleBias
    smallDataPointer = layout.smallDataPointer
    applyAddends = layout.appliesAddends
    packsRelative = options.packRelativeRelocations
    avoidsErrata = options.fixCortexA53Address
    features = selection.program.abi.features
    deadValues = options.deadRelocationValues.map { (Glob($0.pattern), $0.value) }
  }

  /// What a section that is not loaded has for a reference to nothing; nil: the addend.
  func tombstone(_ id: SectionID, _ section: InputSection) -> UInt64? {
    if !deadValues.isEmpty {
      let name = selection.sectionName(id)
      if let last = deadValues.last(where: { $0.pattern.matches(name) }) { return last.value }
    }
    guard section.kind.contains(.debug) else { return nil }
    return section.tombstone
  }

  /// Address of an input section's first byte.
  @inline(__always) func address(of section: InputSection) -> UInt64 {
    section.output == .none ? 0 : outputAddresses[section.output.index] &+ section.offset
  }

  /// The merged section that a symbol stands for; nil: it stands for something else.
  func mergedSection(_ row: SymbolID) -> SectionOfPieces? {
    guard addresses[row] == Layout.mergedMark else { return nil }
    let section = definingSection[definition[row]]
    return section != .none && pieces.isMerged(section) ? pieces.pieces(of: section) : nil
  }

  /// S and A for a symbol with a mark; nil: what it marks is not in the output. `isInside`: the addend
  /// does not lead out of a merged section, in which it says what is meant.
  @inline(__always) func specialAddress(
    _ row: SymbolID, _ addend: UInt64
  ) -> (S: UInt64, A: UInt64, isInside: Bool)? {
    if addresses[row] == Layout.mergedMark {
      let section = definingSection[definition[row]]
      if section != .none && pieces.isMerged(section) {
        return (pieces.address(section, addend), 0, !pieces.isOutside(section, addend))
      }
    }
    return layout.specialAddress(row, addend).map { ($0.0, $0.1, true) }
  }

  /// The symbols that a section of debug information must take for missing, lest it describe code a
  /// second time that was folded; nil: none. Lines it may: whoever stops at one of several means this code.
  func foldedSymbols(in id: SectionID) -> Column<SymbolID, Bool>? {
    guard let foldedSymbols, sections[id].kind.contains(.debug) else { return nil }
    return selection.sectionName(id) == ".debug_line" ? nil : foldedSymbols
  }

  /// S + A; 0 for what is not in the output.
  @inline(__always) func value(_ row: SymbolID, _ addend: UInt64) -> UInt64 {
    let S = addresses[row]
    guard Layout.isSpecial(S) else { return S &+ addend }
    return specialAddress(row, addend).map { $0.S &+ $0.A } ?? 0
  }

  /// Address of a GOT entry.
  @inline(__always) func gotEntry(_ index: Int32) -> UInt64 {
    got &+ UInt64(bitPattern: Int64(index) * Int64(format.wordSize))
  }
}
