// entry, lma, build-id: fields of headers and of the build-id note.

internal import ELF

extension EditSession {
  /// `entry (EXPR)`
  func setEntry(_ expression: EditExpression, _ vectors: String?) throws(EditFailure) {
    var value = try evaluate(expression).value
    let isThumb = image.machine == EM.ARM && image.entry & 1 != 0
    if isThumb { value |= 1 }
    let address = image.machine == EM.ARM ? value & ~1 : value
    guard value <= image.format.addressLimit,
      image.loads.contains(where: { $0.flags & PF.X != 0 && $0.memoryRange.contains(address) })
    else { throw EditFailure(.value, "the entry \(hex(value)) is not in an executable segment") }
    if let wanted = edit.expect, !(edit.ifNeeded && value == image.entry) {
      guard case .integer(let old, _) = wanted, old == image.entry else {
        throw EditFailure(.expect, "the old entry is \(hex(image.entry))")
      }
    }
    if let vectors {
      let symbol = try image.symbol(named: vectors)
      let word = UInt64(image.format.wordSize)
      let (start, wraps) = symbol.value.addingReportingOverflow(word)
      guard !wraps, start <= .max - word else {
        throw EditFailure(.notInFile, "'\(vectors)' lies at the end of all memory")
      }
      let reset = try read(AddressRange(space: .virtual, range: start..<(start + word)))
      let stored = Format.decode(reset, image.format.order)
      if stored != value {
        warn(.invariant, "the vector table starts at \(hex(stored)), the entry is \(hex(value))")
      }
    }
    guard value != image.entry else { return try nothingToDo("the entry is \(hex(value)) already") }
    plan.entry = true
    try writeHeader(
      image.format.encode(value, size: image.format.wordSize),
      at: image.format.entryField)
    try refresh()
    note("entry \(hex(value))")
  }

  // MARK: Load addresses

  private func checkLoadEdit() throws(EditFailure) {
    guard !image.isProgram else {
      throw EditFailure(
        .hostedLMA, "the file runs under a loader, which ignores load addresses",
        hint: "only bare-metal images have load addresses that matter")
    }
  }

  /// A symbol whose value is where a segment is loaded: start-up code holds it as a literal.
  private func loadAddressSymbol(_ segments: [Segment]) -> (name: String, value: UInt64)? {
    guard let table = image.symbolTable(SHT.SYMTAB) else { return nil }
    var addresses = Set<UInt64>()
    for segment in segments where segment.address != segment.loadAddress && segment.fileSize > 0 {
      addresses.insert(segment.loadAddress)
      addresses.insert(segment.loadRange.upperBound)
    }
    // A segment that runs where it is loaded is named by ordinary symbols; only absolute ones tell.
    var absolute = addresses
    for segment in segments where segment.address == segment.loadAddress {
      absolute.insert(segment.loadAddress)
      absolute.insert(segment.loadRange.upperBound)
    }
    for index in 0..<table.count {
      let symbol = table[index]
      guard symbol.isDefined, !symbol.name.isEmpty else { continue }
      if symbol.isAbsolute && absolute.contains(symbol.value)
        || addresses.contains(symbol.value) && symbol.type == STT.NOTYPE
      {
        return (symbol.name.string, symbol.value)
      }
    }
    return nil
  }

  /// `lma all by=N`
  func moveAllLoadAddresses(_ delta: Int64, remap: Bool) throws(EditFailure) {
    try checkLoadEdit()
    let segments = image.segments.filter { $0.type == PT.LOAD }
    guard let rom = image.rom else { throw EditFailure(.notInFile, "the file has no loaded bytes") }
    if case .integer(let wanted, _) = edit.expect, wanted != rom.lowerBound {
      if edit.ifNeeded, rom.lowerBound == wanted &+ UInt64(bitPattern: delta) {
        return try nothingToDo("the image begins at \(hex(rom.lowerBound)) already")
      }
      throw EditFailure(
        .expect, "the image begins at lma \(hex(rom.lowerBound)), expected \(hex(wanted))")
    }
    guard delta != 0 else { return try nothingToDo("by=0 moves nothing") }
    if !remap, let symbol = loadAddressSymbol(segments) {
      throw EditFailure(
        .loadAddress,
        "the symbol '\(symbol.name)' holds the load address \(hex(symbol.value)), which code uses",
        hint: "relink, or say remap=yes if loader or hardware maps the image back")
    }
    if edit.expect == nil {
      warn(.repeatable, "lma all without expect=: a second run moves the image again")
    }
    for segment in segments { try move(segment, by: delta) }
    try refresh()
    note("\(segments.count) segments moved by \(delta) bytes")
  }

  private func move(_ segment: Segment, by delta: Int64) throws(EditFailure) {
    var moved = segment
    let distance = delta.magnitude
    let result =
      delta < 0
      ? segment.loadAddress.subtractingReportingOverflow(distance)
      : segment.loadAddress.addingReportingOverflow(distance)
    moved.loadAddress = result.partialValue
    let end = moved.loadAddress.addingReportingOverflow(segment.memorySize)
    guard !result.overflow, !end.overflow,
      segment.memorySize == 0 || end.partialValue - 1 <= image.format.addressLimit
    else {
      throw EditFailure(.value, "program header \(segment.index) would leave the address space")
    }
    plan.loadAddresses[segment.address] = moved.loadAddress
    try writeSegment(moved)
  }

  /// `lma seg:K to=ADDRESS`
  func moveLoadAddress(_ index: Int, _ address: UInt64) throws(EditFailure) {
    try checkLoadEdit()
    guard let segment = image.loads.first(where: { $0.index == index }) else {
      throw EditFailure(.notFound, "program header \(index) is not a PT_LOAD with file bytes")
    }
    if case .integer(let wanted, _) = edit.expect, wanted != segment.loadAddress,
      !(edit.ifNeeded && address == segment.loadAddress)
    {
      throw EditFailure(
        .expect, "the segment begins at lma \(hex(segment.loadAddress)), expected \(hex(wanted))")
    }
    guard address != segment.loadAddress else {
      return try nothingToDo("the segment is loaded at \(hex(address)) already")
    }
    if !isAllowed(.loadAddress), let symbol = loadAddressSymbol([segment]) {
      throw EditFailure(
        .loadAddress,
        "the symbol '\(symbol.name)' holds the load address \(hex(symbol.value)), which code uses",
        hint: "change the section map and relink")
    }
    guard !address.addingReportingOverflow(segment.memorySize).overflow else {
      throw EditFailure(.value, "to=\(hex(address)) is too high")
    }
    let range = address..<(address + segment.fileSize)
    for other in image.loads where other.index != index && other.loadRange.overlaps(range) {
      throw EditFailure(.value, "the segment would overlap program header \(other.index)")
    }
    var moved = segment
    moved.loadAddress = address
    plan.loadAddresses[segment.address] = address
    try writeSegment(moved)
    try refresh()
    note("program header \(index) loads at \(hex(address))")
  }

  // MARK: The build-id

  func editBuildID(_ action: BuildIDAction) throws(EditFailure) {
    if case .keep = action { return note("the build-id is kept") }
    guard let id = image.buildID() else {
      throw EditFailure(
        .notFound, "the file has no build-id", hint: "link with --build-id")
    }
    guard !hasSplitDebug else {
      throw EditFailure(
        .staleDigest, "the build-id must not change after 'debug split': the pair would not match",
        hint: "move build-id before debug split")
    }
    let new: [UInt8]
    switch action {
    case .keep: return
    case .set(let bytes):
      guard bytes.count == id.bytes.count else {
        throw EditFailure(
          .slotOverflow, "the build-id has \(id.bytes.count) bytes, not \(bytes.count)")
      }
      new = bytes
    case .recompute(let style): new = try identify(id.offset, id.bytes.count, style)
    }
    try checkExpectation(at: id.offset, limit: id.bytes.count, isSo: holds(new, at: id.offset))
    if holds(new, at: id.offset) {
      if case .recompute = action { coverFile() }
      return try nothingToDo("the build-id is so already")
    }
    plan.buildID = true
    for section in image.sections where section.fileRange.contains(UInt64(id.offset)) {
      plan.contents.insert(section.name)
    }
    try writeHeader(new, at: id.offset)
    try refresh()
    if case .recompute = action { coverFile() }
    note("build-id \(hex(new))")
  }

  private func coverFile() {
    coverage.append(Covered(what: "build-id recompute", ranges: RangeSet(), wholeFile: true))
  }

  /// Hashes the whole output with the bytes of the identifier zeroed, as the linker does.
  private func identify(
    _ offset: Int, _ size: Int, _ style: BuildIDStyle?
  ) throws(EditFailure) -> [UInt8] {
    // The first is what the linker makes when it is not told.
    let sizes: [Int: [BuildIDStyle]] = [
      8: [.fast], 16: [.fast], 20: [.tree, .sha1], 32: [.sha256],
    ]
    guard let fitting = sizes[size], let natural = fitting.first else {
      throw EditFailure(.value, "no style makes a build-id of \(size) bytes")
    }
    let style = style ?? natural
    guard fitting.contains(style) else {
      throw EditFailure(
        .value, "style=\(style.rawValue) does not fit the build-id of \(size) bytes",
        hint: "style=\(natural.rawValue) does; relink to change the size")
    }
    let old = image.bytes.slice(offset, size)?.array ?? []
    working.write([UInt8](repeating: 0, count: size), at: offset)
    defer { working.write(old, at: offset) }
    return SecureHash.buildID(working.bytes, style, size: size)
  }
}
