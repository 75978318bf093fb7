// What a scan of relocations may touch, and what it finds.

internal import ELF
internal import Parallel

/// What a scan may touch, copied out of the tables so that the loop has no reference counting. A class
/// as ApplyContext is.
final class ScanContext: @unchecked Sendable {
  // Sendable: atomic columns, and rows of the section that is scanned.
  let code: any Target.Type
  let selection: Selection
  let files: Block<InputFile>
  let sections: Column<SectionID, InputSection>
  let relativeCounts: Column<SectionID, UInt32>
  let symbolicCounts: Column<SectionID, UInt32>
  let definition: Column<SymbolID, SymbolID>
  let definingSection: Column<SymbolID, SectionID>
  let flags: AtomicFlags<SymbolID, SymbolFlags>
  let states: AtomicFlags<SectionID, SectionState>
  let isShared: Bool
  let isPositionIndependent: Bool
  let isDynamic: Bool
  let relaxes: Bool
  /// As the options' property.
  let relaxesThreadLocal: Bool
  let marks: Bool
  /// Targets may be out of reach, so every load from the GOT keeps its entry.
  let keepsGOTLoads: Bool
  let reportsUndefined: Bool
  /// Whether data of libraries is copied into this program.
  let copiesData: Bool
  /// -z text: each text relocation is an error; else one of a section stands for all.
  let notesAllTextRelocations: Bool
  /// The first symbol of the linker's own file.
  let linkerBase: UInt32
  let found: ScanFindings

  init(_ selection: Selection, marks: Bool, keepsGOTLoads: Bool, _ found: ScanFindings) {
    code = selection.inputs.target.machine.code
    self.selection = selection
    files = selection.files
    sections = selection.sections
    relativeCounts = selection.relativeCounts
    symbolicCounts = selection.symbolicCounts
    definition = selection.program.definition
    definingSection = selection.definingSection
    flags = selection.program.flags
    states = selection.states
    let options = selection.options
    isShared = options.outputKind == .sharedObject
    isPositionIndependent = options.outputKind.isPositionIndependent
    isDynamic = selection.program.isDynamic
    relaxes = options.relax
    relaxesThreadLocal = selection.inputs.relaxesThreadLocal
    reportsUndefined = options.undefinedInObjects != .ignore
    copiesData = options.copyRelocations
    notesAllTextRelocations = options.textRelocations == .error
    linkerBase = files[selection.inputs.linker.index].symbolBase
    self.marks = marks
    self.keepsGOTLoads = keepsGOTLoads
    self.found = found
  }
}

/// What workers find besides bits and counts.
struct ScanFindings: Sendable {
  let undefined: Gathered<UndefinedReference>
  let indirect: Gathered<IndirectPlace>
  let textRelocations: Gathered<TextRelocation>
  /// Needs of the link as a whole.
  let needs: AtomicFlags<FileID, LinkNeed>

  init(_ pool: WorkerPool) {
    undefined = Gathered(pool)
    indirect = Gathered(pool)
    textRelocations = Gathered(pool)
    needs = AtomicFlags(count: 1)
  }

  func insert(_ need: LinkNeed) { needs.insert(need, at: FileID(rawValue: 0)) }
}

struct LinkNeed: OptionSet, Sendable {
  let rawValue: UInt32
  static var tlsModuleBase: LinkNeed { LinkNeed(rawValue: 1) }
  static var staticTLS: LinkNeed { LinkNeed(rawValue: 2) }
  static var gotBase: LinkNeed { LinkNeed(rawValue: 8) }
  static var pieces: LinkNeed { LinkNeed(rawValue: 16) }
  static var tlsTrampoline: LinkNeed { LinkNeed(rawValue: 32) }
}
