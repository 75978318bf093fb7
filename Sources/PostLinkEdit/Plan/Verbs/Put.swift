// put, poke, assert's neighbours: bytes into places.

internal import ELF

extension EditSession {
  /// `put PLACE DATA`
  func put(_ place: EditPlace, _ data: EditData, _ padding: PaddingTreatment?) throws(EditFailure) {
    let target = try resolve(place)
    var content = try bytes(of: data)
    guard !content.isEmpty else { throw EditFailure(.value, "there is no data to put") }
    if let room = target.room, UInt64(content.count) < room {
      let rest = Int(clamping: room) - content.count
      guard rest <= WorkingFile.growth else {
        throw EditFailure(.notInFile, "\(target.label) is larger than the file")
      }
      let mode: PaddingTreatment
      if let padding {
        mode = padding
      } else if target.slot != nil {
        mode = .fill
      } else if target.needsPadding {
        throw EditFailure(
          .value, "\(target.label) has \(room) bytes, data is \(content.count) bytes",
          hint: "say what happens to the rest: pad=keep, pad=zero or pad=fill")
      } else {
        mode = .keep
      }
      switch mode {
      case .keep: break
      case .zero: content.append(contentsOf: repeatElement(0, count: rest))
      case .fill:
        let start = content.count
        let skip = Int(truncatingIfNeeded: target.address &- target.start)
        let fill = target.slot?.fill ?? FillPattern(0xff)
        for offset in start..<(start + rest) { content.append(fill[offset &+ skip]) }
      }
    }
    if try store(content, at: target) {
      note("\(content.count) bytes at \(target.label) (va \(hex(target.address)))")
    }
  }

  /// `poke u32 PLACE = (EXPR)`
  func poke(
    _ width: IntegerWidth, _ place: EditPlace, _ expression: EditExpression, _ endian: Endianness?,
    _ wrap: Bool
  ) throws(EditFailure) {
    let target = try resolve(place)
    // expect= comes first: the expression may read what an earlier run has written.
    let result = try evaluate(expression, wrap: wrap)
    if result.isAddress, image.type == ET.DYN, !isAllowed(.positionIndependent) {
      throw EditFailure(
        .positionIndependent,
        "the value contains an address, but the file is position-independent",
        hint: "store a difference of two addresses, or --allow SE-PIE-ABS")
    }
    let bits = UInt64(width.rawValue * 8)
    var value = result.value
    if bits < 64, value >> bits != 0 {
      guard wrap else {
        throw EditFailure(
          .value, "the value \(hex(value)) does not fit \(bits) bits",
          hint: "add wrap=yes to store it modulo 2^\(bits)")
      }
      value &= (1 << bits) - 1
    }
    let order: ByteOrder =
      switch endian {
      case .little: .little
      case .big: .big
      case nil: image.format.order
      }
    if let room = target.room, target.slot == nil, room < UInt64(width.rawValue) {
      throw EditFailure(.slotOverflow, "\(target.label) has \(room) bytes only")
    }
    if try store(Format.encode(value, size: width.rawValue, order), at: target) {
      note("\(hex(value)) at \(target.label) (va \(hex(target.address)))")
    }
  }

  /// `seal`
  func seal(drop: Bool) throws(EditFailure) {
    let slots = try image.slots()
    for slot in slots where slot.flags.contains(.required) && !slot.flags.contains(.filled) {
      throw EditFailure(
        .slotUnfilled, "the required slot '\(slot.name)' is not filled",
        hint: "put something into it before 'seal'")
    }
    if drop {
      guard image.sections.contains(where: { $0.name == SlotNote.sectionName }) else {
        return try nothingToDo("there is no registry to drop", .already)
      }
      try removeSections { $0.name == SlotNote.sectionName }
      note("the registry is dropped")
      return
    }
    let open = slots.filter { !$0.flags.contains(.sealed) && $0.flagsOffset != nil }
    guard !open.isEmpty else {
      return try nothingToDo(
        slots.isEmpty ? "the file has no slots" : "all slots are sealed already", .already)
    }
    for slot in open { try setFlags(slot, slot.flags.union(.sealed)) }
    try refresh()
    note("\(open.count) slots sealed")
  }
}
