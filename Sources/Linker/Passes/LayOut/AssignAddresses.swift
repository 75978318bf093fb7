// Gives every section its address: offsets inside output sections, then the walk over the map.
//
// Some things depend on each other in a circle: the number of program headers on the layout and the
// layout on the size of the headers; a size on an address (`pad`) and addresses on sizes; `.relr.dyn`
// on where relative relocations are. So the walk is repeated with what the last one found, until
// nothing changes. A round is a value; what the last one says is the layout.

internal import ELF
internal import MapLang
internal import Parallel

extension Layout {
  func assignAddresses() {
    layOutSections()
    packRelativeRelocations()
    removeEmptyOutputs()
    let isSound = checkSizes()
    checkSelectedContent()
    settle(rounds: isSound ? 32 : 1)
    if isSound {
      let layOut = {
        self.layOutSections()
        self.packRelativeRelocations()
        self.settle(rounds: 32)
      }
      shrinkSections(layOut)
      addThunks(layOut)
      sizePackedRelocations {
        layOut()
        self.shrinkSections(layOut)
        self.addThunks(layOut)
      }
    }
    checkAddresses()
    checkGaps()
    checkReadersOfCode()
    freezeOutputAddresses()
    assignLoadedOffsets()
    reportProblems()
    findGOTBase()
  }

  func findGOTBase() {
    gotBase = address(of: gotBaseSection)
  }

  // MARK: Rounds

  private func settle(rounds: Int) {
    var headerCount = 10
    var unsettled: [OutputID] = []
    floatingSizes = sizesThatFloat
    for round in 0..<rounds {
      place(headerCount)
      unsettled = sizesThatFloat.filter { floatingSizes[$0.key] != $0.value }.map(\.key)
      let isPacked = packAgain()
      let count = segments.count + spareProgramHeaders
      // Room to spare does no harm, and keeps two layouts from alternating without end.
      let hasRoom = count == headerCount || round > 0 && count < headerCount
      if hasRoom && unsettled.isEmpty && isPacked { return }
      if !hasRoom { headerCount = count }
      guard round + 1 < rounds, !unsettled.isEmpty || !isPacked else { continue }
      floatingSizes = sizesThatFloat
      layOutSections()
    }
    if rounds > 1 { reportUnsettled(unsettled) }
  }

  /// One round: everything gets its address, and the program headers follow from that.
  private func place(_ headerCount: Int) {
    headersSize = UInt64(format.headerSize + headerCount * format.segmentEntrySize)
    if selection.syntheticRows[.fileHeaders] == nil { headersSize = 0 }
    removeRelroPadding()
    var engine = LayoutEngine(self)
    adopt(engine.run())
    findRelro()
    padRelro()
    segments = []
    findThreadBlock()
    makeSegments()
  }

  private var sizesThatFloat: [OutputID: UInt64] {
    var sizes: [OutputID: UInt64] = [:]
    for (id, contents) in contents where contents.isFloating { sizes[id] = contents.size }
    return sizes
  }

  private func reportUnsettled(_ sections: [OutputID]) {
    guard let id = sections.min(by: { $0.rawValue < $1.rawValue }),
      let mapped = outputs[id.index].mapSection
    else { return log.error(.layoutDoesNotSettle(options.outputPath)) }
    layoutProblems.append(
      MapDiagnostic(
        .addressInPlacement,
        "'\(outputs[id.index].name)' depends on itself: its address on its size, and its size, by "
          + "'pad', on its address", at: selection.map[mapped].position,
        help: "give it an 'align' as large as its 'pad', and the size is the same everywhere"))
  }

  var spareProgramHeaders: Int {
    options.spareProgramHeaders ?? Int(selection.map.spare.programHeaders ?? 1)
  }

  // MARK: Limits

  /// Sizes come from the inputs, and what has no bytes in a file may be of any size. When this has
  /// passed, sums of sizes are far from what 64 bits hold.
  private func checkSizes() -> Bool {
    var total: UInt64 = 0
    for index in outputs.indices where outputs[index].type != SHT.NULL {
      total += min(outputs[index].size, Layout.largestSize)
      guard total >= Layout.largestSize else { continue }
      let sections = selection.sections
      let largest = outputs[index].members.max { sections[$0].size < sections[$1].size }
      log.error(
        .outputTooLarge(
          outputs[index].name, options.outputPath,
          largest: largest.map { (selection.displayName($0), sections[$0].size) }))
      for other in outputs.indices { outputs[other].size = min(outputs[other].size, 1) }
      return false
    }
    return true
  }

  /// Nothing may reach beyond the last address; a place in the map or an option may be close to it.
  private func checkAddresses() {
    // The engine says it of each place and region that overflows.
    let isReported = layoutProblems.contains { $0.code == .regionOverflow }
    for item in placed where item.address > UInt64.max - item.size && !isReported {
      log.error(beyondLastAddress(item.output))
    }
    if !format.is64, !isReported,
      let item = placed.first(where: { $0.address &+ $0.size > format.addressLimit &+ 1 })
    {
      log.error(beyondLastAddress(item.output))
    }
    if segments.count + spareProgramHeaders >= Int(UInt16.max) {
      log.error(.tooMuch("program headers", Int(UInt16.max) - 1))
    }
  }

  /// Names the largest input, without which the output would most likely do.
  private func beyondLastAddress(_ id: OutputID?) -> Message {
    guard let id else { return .beyondLastAddress(options.outputPath, "the headers", mostOf: nil) }
    let largest = outputs[id.index].members.max {
      selection.sections[$0].size < selection.sections[$1].size
    }
    return .beyondLastAddress(
      options.outputPath, outputs[id.index].name, mostOf: largest.map(selection.displayName))
  }

  /// Each once: an expression may have been evaluated for several purposes.
  private func reportProblems() {
    var problems = sizeProblems + layoutProblems + checkMapSizes()
    for contents in contents.values { problems += contents.problems }
    struct Key: Hashable {
      var position: SourcePosition?
      var message: String
    }
    var known: Set<Key> = []
    for problem in problems
    where known.insert(Key(position: problem.position, message: problem.message)).inserted {
      selection.inputs.report(problem, selection.map.sources)
    }
  }

  /// Output sections without content are left out, unless the map wants them.
  private func removeEmptyOutputs() {
    for kind in [SyntheticKind.exceptionFrames, .exceptionFrameHeader, .got] {
      if kind == .got || selection.exceptionFrames.size == 0 {
        dropEmpty(kind, size(of: kind) == 0)
      }
    }
    if selection.exceptionFrames.size == 0 { dropEmpty(.exceptionFrameHeader, true) }
    for index in outputs.indices where outputs[index].members.isEmpty && !outputs[index].isWanted {
      outputs[index].type = SHT.NULL
      outputs[index].flags = 0
      outputs[index].mapSection = nil
    }
  }

  /// PT_TLS: the thread's own copy begins aligned; the ABI says where the thread pointer is.
  private func findThreadBlock() {
    let blocks = outputs.filter { $0.isTLS && $0.type != SHT.NULL && $0.isAllocated }
    guard let start = blocks.map(\.address).min() else { return }
    let end = blocks.map(\.end).max() ?? start
    let alignment = blocks.map(\.alignment).max() ?? 1
    threadBlock = start
    threadPointer = target.threadLocal.pointer(start: start, end: end, alignment: alignment)
  }

  // MARK: DT_RELR

  /// Collects the relative relocations that `.relr.dyn` may hold, and encodes them.
  private func packRelativeRelocations() {
    guard options.packRelativeRelocations, selection.syntheticRows[.relrDynamic] != nil else {
      return
    }
    relr.collect(self)
    let size = relr.size
    dropEmpty(.relrDynamic, size == 0)
    guard size > 0, let row = selection.syntheticRows[.relrDynamic] else { return }
    selection.sections[row].size = size
    layOutAgain(selection.sections[row].output)
  }

  /// The same with the offsets that the round gave floating sections. Returns whether the size held.
  private func packAgain() -> Bool {
    guard !floatingSizes.isEmpty, let row = selection.syntheticRows[.relrDynamic] else {
      return true
    }
    let before = relr.size
    relr.collect(self)
    selection.sections[row].size = relr.size
    return relr.size == before
  }
}

extension Message {
  static func outputTooLarge(
    _ section: String, _ path: String, largest: (name: String, size: UInt64)?
  ) -> Message {
    Message(
      "outputTooLarge",
      "\(path) would have more than 2⁴⁷ bytes with section \(section), more than a process can have"
        + (largest.map { "; the largest part of it is \($0.name) with \($0.size) bytes" } ?? ""))
  }

  static func layoutDoesNotSettle(_ path: String) -> Message {
    Message(
      "layoutDoesNotSettle",
      "the layout of \(path) does not settle: whatever room the program headers get, they need more; "
        + "put the sections into fewer segments")
  }

  static func beyondLastAddress(
    _ path: String, _ section: String, mostOf largest: String?
  ) -> Message {
    Message(
      "beyondLastAddress",
      "\(path): \(section) reaches beyond the last address; give it or its place a lower one"
        + (largest.map { " (its largest part is \($0))" } ?? ""))
  }
}
