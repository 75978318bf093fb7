// Slots: room for bytes that come after the link, and the registry that tells the editor of it.

internal import ELF
internal import MapLang

extension Layout {
  /// Size and alignment of the output section of a slot.
  func layOut(_ id: SlotID, _ output: OutputID) {
    let slot = selection.map[id]
    let size = placementValue(slot.size, &sizeProblems) ?? 0
    if size > Layout.largestGap {
      sizeProblems.append(
        MapDiagnostic(
          .sizeViolated, "\(byteCount(size)) are more than a slot can have, 4 GiB",
          at: slot.size.position))
    }
    outputs[output.index].size = min(size, 1 << 46)
    outputs[output.index].alignment = slot.align?.value(size) ?? 1
  }

  /// A slot with its final address.
  struct FinalSlot {
    var id: SlotID
    var output: OutputID
    var offset: UInt64
    var size: UInt64
    var alignment: UInt64
  }

  /// All slots of the output, in the order of the map.
  var finalSlots: [FinalSlot] {
    var slots: [FinalSlot] = []
    for index in outputs.indices {
      guard let slot = outputs[index].slot else { continue }
      slots.append(
        FinalSlot(
          id: slot, output: OutputID(index), offset: 0, size: outputs[index].size,
          alignment: outputs[index].alignment))
    }
    for (output, contents) in contents {
      for slot in contents.slots {
        slots.append(
          FinalSlot(
            id: slot.slot, output: output, offset: slot.offset, size: slot.size,
            alignment: slot.alignment))
      }
    }
    return slots.sorted { $0.id < $1.id }
  }

  /// `__slot_N`, `__slot_N_start`, `__slot_N_end`.
  func defineSlots() {
    for slot in finalSlots {
      let name = SlotNote.symbolPrefix + selection.map[slot.id].name
      let address = outputs[slot.output.index].address &+ slot.offset
      let start = DefinedSymbolValue(address: address, output: slot.output)
      definedSymbols[name] = start
      definedSymbols[name + "_start"] = start
      definedSymbols[name + "_end"] = DefinedSymbolValue(
        address: address &+ slot.size, output: slot.output)
      selection.inputs.linkerSymbols.setSize(slot.size, of: name)
    }
  }
}

/// `.note.swold.slots`: the records are defined in the ELF library, for the editor reads them.
enum SlotRegistryNote {
  static func isWanted(_ map: SectionMap) -> Bool {
    !map.slots.isEmpty || map.regions.contains { $0.size != nil }
  }

  static func size(_ map: SectionMap) -> UInt64 {
    let slots = map.slots.reduce(0) { $0 + SlotRecord.encodedSize(name: $1.name) }
    let regions = map.regions.reduce(0) {
      $0 + ($1.size == nil ? 0 : RegionRecord.encodedSize(name: $1.name))
    }
    return UInt64(slots + regions)
  }

  static func write(to out: OutputBytes, _ layout: Layout) {
    let map = layout.selection.map
    var bytes: [UInt8] = []
    for slot in layout.finalSlots {
      let row = map[slot.id]
      bytes += SlotRecord(
        name: row.name, flags: row.required ? .required : [],
        alignment: UInt32(clamping: slot.alignment),
        address: layout.outputs[slot.output.index].address &+ slot.offset, size: slot.size,
        fill: row.fill.pattern(layout.target)
      ).encoded(.little)
    }
    for region in map.regions {
      guard let size = region.size else { continue }
      var origin = region.at
      if case .at(let address, _) = region.load { origin = address }
      bytes += RegionRecord(
        name: region.name, erased: region.fill.pattern(layout.target), origin: origin, length: size
      ).encoded(.little)
    }
    if bytes.count <= out.count { out.copy(bytes) }
  }
}

extension Optional where Wrapped == Fill {
  /// The four bytes that are repeated; zeros if nothing is said.
  func pattern(_ target: TargetFacts) -> FillPattern {
    self?.pattern(target) ?? FillPattern(0)
  }
}

extension Fill {
  /// The four bytes that are repeated.
  func pattern(_ target: TargetFacts) -> FillPattern {
    switch self {
    case .nop: target.nop
    case .trap: target.trap
    case .pattern(let word):
      FillPattern(
        UInt8(truncatingIfNeeded: word >> 24), UInt8(truncatingIfNeeded: word >> 16),
        UInt8(truncatingIfNeeded: word >> 8), UInt8(truncatingIfNeeded: word))
    }
  }
}
