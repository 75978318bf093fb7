// Gives the linker-made sections their sizes and the dynamic relocations their places.
//
// Before: it is known which linker-made sections exist and which input sections stand where. After:
// every row of the section table has its final size, but for `.relr.dyn`, whose packing depends on
// offsets inside sections.

internal import ELF
internal import MapLang
internal import Parallel

extension Layout {
  func sizeSyntheticSections() {
    selection.exceptionFrames.layOut(selection)
    dynamicSymbols = DynamicSymbols(selection)
    versionDefinitions = VersionDefinitions(selection, &dynamicSymbols)
    dropEmptyVersionSections()
    interpreter = options.dynamicLinker ?? selection.program.abi.interpreter ?? target.interpreter
    findUnwindStops()
    countDynamicRelocations()
    selection.needs.textRelocations = !textRelocationSections.isEmpty
    dropEmpty(.relaDynamic, dynamicRelocationCount == 0)
    dropEmpty(.relaPLT, pltRelocationCount == 0)
    if selection.syntheticRows[.dynamic] != nil {
      dynamicSection = DynamicSection(selection, &dynamicSymbols)
    }
    if dynamicSymbols.strings.size > UInt64(UInt32.max) {
      log.error(.tooMuch("bytes of dynamic symbol names", Int(UInt32.max)))
    }
    dynamicSymbols.padStrings(Int(selection.map.spare.dynamicStringBytes ?? 0))
    for (kind, row) in selection.syntheticRows {
      selection.sections[row].size = size(ofNew: kind)
      selection.sections[row].fileSize = selection.sections[row].size
    }
    headersSize = 0
  }

  private func dropEmptyVersionSections() {
    guard selection.syntheticRows[.dynamicSymbols] != nil else { return }
    let hasNeeds = !dynamicSymbols.needs.isEmpty
    if hasNeeds || dynamicSymbols.definesVersions { addLate(.versionSymbols) }
    if hasNeeds { addLate(.versionNeeds) }
    if dynamicSymbols.definesVersions { addLate(.versionDefinitions) }
  }

  /// A section whose need shows only now.
  private func addLate(_ kind: SyntheticKind) {
    let row = selection.make(kind)
    let section = selection.sections[row]
    if section.rule != InputSection.noRule,
      let mapped = selection.map.rules[Int(section.rule)].section
    {
      if let index = outputs.firstIndex(where: { $0.mapSection == mapped }) {
        outputs[index].members.append(row)
        selection.sections[row].output = OutputID(index)
        return
      }
    }
    var output = OutputSection(name: kind.name(target))
    if section.rule != InputSection.noRule {
      output.mapSection = selection.map.rules[Int(section.rule)].section
    }
    output.members = [row]
    output.type = kind.type(target)
    output.flags = SHF.ALLOC
    output.entrySize = kind.entrySize(target)
    selection.sections[row].output = OutputID(outputs.count)
    outputs.append(output)
  }

  /// Takes a section out again that turned out to be empty.
  func dropEmpty(_ kind: SyntheticKind, _ isEmpty: Bool) {
    guard isEmpty, let row = selection.syntheticRows[kind] else { return }
    let output = selection.sections[row].output
    outputs[output.index].members.removeAll { $0 == row }
    selection.sections[row].output = .none
    selection.syntheticRows[kind] = nil
  }

  private func size(ofNew kind: SyntheticKind) -> UInt64 {
    let plan = selection.gotPlan
    let pltCount = UInt64(plan.pltSymbols.count)
    switch kind {
    case .fileHeaders, .thunks: return 0
    case .interpreter:
      return UInt64(interpreter.utf8.count + 1) + (selection.map.spare.interpreterBytes ?? 0)
    case .noteProperty: return selection.properties.noteSize
    case .noteBuildID: return UInt64(16 + options.buildID.byteCount)
    case .notePackage: return PackageNote.size(options.packageMetadata ?? "")
    case .sysvHash: return dynamicSymbols.sysvHashSize
    case .gnuHash: return dynamicSymbols.gnuHashSize
    case .dynamicSymbols: return UInt64(dynamicSymbols.count * format.symbolEntrySize)
    case .dynamicStrings: return dynamicSymbols.strings.size
    case .versionSymbols: return UInt64(dynamicSymbols.count * 2)
    case .versionDefinitions: return versionDefinitions?.size ?? 0
    case .versionNeeds: return dynamicSymbols.needsSize
    case .relaDynamic:
      // Packed, about what they will take; `sizePackedRelocations` finds out.
      let entrySize = options.packsDynamicRelocations ? 4 : target.relocationEntrySize
      return UInt64(dynamicRelocationCount * entrySize)
    case .relrDynamic: return 0
    case .relaPLT: return UInt64(pltRelocationCount * target.relocationEntrySize)
    case .exceptionFrameHeader: return selection.exceptionFrames.indexSize
    case .exceptionFrames: return selection.exceptionFrames.size
    case .plt:
      return (hasPLTHeader ? target.pltHeaderSize : 0) + target.pltEntrySize * pltCount
    case .pltGOT: return target.pltGOTEntrySize * UInt64(plan.pltGOTCount)
    case .pltSecondary: return target.pltEntrySize * pltCount
    case .veneers: return target.veneerSize * UInt64(plan.veneerCount)
    case .dynamic: return dynamicSection.size
    case .got: return UInt64(plan.entryCount * format.wordSize)
    case .gotPLT:
      return UInt64((target.gotPLTHeaderEntries + plan.pltSymbols.count) * format.wordSize)
    case .copy: return selection.copySize
    case .copyRelro: return selection.copyRelroSize
    case .unwindStops: return unwindStopsSize
    case .attributes: return UInt64(selection.program.abi.attributeBytes.count)
    case .slotRegistry: return SlotRegistryNote.size(selection.map)
    case .gdbIndex: return UInt64(gdbIndex?.size ?? 0)
    }
  }

  /// The PLT's first entry serves lazy binding only.
  var hasPLTHeader: Bool { selection.gotPlan.lazyCount > 0 }

  /// JUMP_SLOT for imported functions, then IRELATIVE.
  var pltRelocationCount: Int {
    selection.gotPlan.lazyCount + (indirectEndsDynamic ? 0 : indirectCount)
  }

  /// Of `.rela.dyn`.
  var dynamicRelocationCount: Int {
    relativeCount + symbolicCount + (indirectEndsDynamic ? indirectCount : 0)
  }

  /// IRELATIVE for IFUNCs: their PLT's entries in the GOT, those of their own, and the words that hold
  /// their addresses.
  var indirectCount: Int {
    selection.gotPlan.pltSymbols.count - selection.gotPlan.lazyCount + indirectGOTSymbols.count
      + indirectPlaceCount
  }

  /// Whether they are the last of `.rela.dyn`. A program without one has them in `.rela.plt`.
  var indirectEndsDynamic: Bool { !target.bindsIndirectLazily && selection.program.isDynamic }

  var indirectGOTSymbols: [SymbolID] {
    selection.entries.records.filter { $0.got >= 0 && selection.isIndirectGOT($0.symbol) }
      .map(\.symbol)
  }

  /// Words that hold an IFUNC's address and are alive.
  var indirectPlaceCount: Int { selection.indirectPlaces.count }
}

extension BuildID {
  /// Bytes of the identifier.
  var byteCount: Int {
    switch self {
    case .none: 0
    case .fast: 8
    case .md5, .uuid: 16
    case .tree, .sha1: 20
    case .sha256: 32
    case .hex(let bytes): bytes.count
    }
  }
}

/// `.note.package`: --package-metadata (the systemd package metadata note).
enum PackageNote {
  static func size(_ text: String) -> UInt64 { UInt64(16 + (text.utf8.count + 1 + 3) & ~3) }

  static func write(_ text: String, to out: OutputBytes) {
    out.fill(0, 0..<out.count)
    out.store(4 as UInt32, at: 0)
    out.store(UInt32(text.utf8.count + 1), at: 4)
    out.store(NT.FDO_PACKAGING_METADATA, at: 8)
    out.copy(Array("FDO\0".utf8), at: 12)
    out.copy(Array(text.utf8), at: 16)
  }
}
