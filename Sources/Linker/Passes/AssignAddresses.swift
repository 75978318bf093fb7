// Gives every section its address: offsets inside output sections, then the walk over the map.
//
// The number of program headers depends on the layout, and the layout on the size of the headers;
// `.relr.dyn` depends on where relative relocations are. Both settle after a round or two.

internal import ELF
internal import MapLang
internal import Parallel

extension Layout {
  func assignAddresses() {
    layOutSections()
    packRelativeRelocations()
    removeEmptyOutputs()
    checkSizes()
    checkSelectedContent()
    var programHeaderCount = 10
    for round in 0..<8 {
      headersSize = UInt64(format.headerSize + programHeaderCount * format.segmentEntrySize)
      if selection.syntheticRows[.fileHeaders] == nil { headersSize = 0 }
      headersAddress = nil
      relroEnd = 0
      removeRelroPadding()
      definedSymbols = [:]
      let problemCount = problems.count
      var engine = LayoutEngine(self)
      placed = engine.run()
      findRelro()
      padRelro()
      layoutProblems = engine.diagnostics
      if problems.count > problemCount { layoutProblems += problems[problemCount...] }
      problems.removeSubrange(problemCount...)
      segments = []
      findThreadBlock()
      makeSegments()
      let count = segments.count + spareProgramHeaders
      // Room to spare does no harm, and keeps two layouts from alternating without end.
      if count == programHeaderCount || round > 0 && count < programHeaderCount { break }
      programHeaderCount = count
    }
    checkAddresses()
    freezeOutputAddresses()
    assignLoadedOffsets()
    reportProblems()
    gotBase = address(of: selection.syntheticRows[.gotPLT] != nil ? .gotPLT : .got)
  }

  var spareProgramHeaders: Int {
    options.spareProgramHeaders ?? Int(selection.map.spare.programHeaders ?? 1)
  }

  // MARK: Limits

  /// Sizes come from the inputs, and what has no bytes in a file may be of any size. When this has
  /// passed, sums of sizes are far from what 64 bits hold.
  private func checkSizes() {
    var total: UInt64 = 0
    for index in outputs.indices where outputs[index].type != SHT.NULL {
      total += min(outputs[index].size, Layout.largestSize)
      guard total >= Layout.largestSize else { continue }
      log.error(.outputTooLarge(outputs[index].name, options.outputPath))
      for other in outputs.indices { outputs[other].size = min(outputs[other].size, 1) }
      return
    }
  }

  /// Nothing may reach beyond the last address; a place in the map or an option may be close to it.
  private func checkAddresses() {
    // The engine says it of each place and region that overflows.
    let isReported = layoutProblems.contains { $0.code == .regionOverflow }
    for item in placed where item.address > UInt64.max - item.size && !isReported {
      log.error(.beyondLastAddress(item.output.map { outputs[$0.index].name } ?? "the headers"))
    }
    if segments.count + spareProgramHeaders >= Int(UInt16.max) {
      log.error(.tooMuch("program headers", Int(UInt16.max) - 1))
    }
  }

  // MARK: Inside output sections

  /// Those without contents of their own first: sizes of the others may depend on them.
  private func layOutSections() {
    contentsDone = []
    for index in outputs.indices where !hasContents(index) { layOutMembers(OutputID(index)) }
    for index in outputs.indices where hasContents(index) { layOutMembers(OutputID(index)) }
  }

  private func hasContents(_ index: Int) -> Bool {
    guard let mapped = outputs[index].mapSection else { return false }
    return Layout.hasContents(selection.map[mapped])
  }

  private func reportProblems() {
    checkMapSizes()
    problems += layoutProblems
    for problem in problems { selection.inputs.report(problem, selection.map.sources) }
    problems = []
  }

  /// Offsets of the members, size and alignment of the section.
  private func layOutMembers(_ id: OutputID) {
    if hasContents(id.index) {
      layOutContents(id)
      return placeExceptionFrames(id)
    }
    if let slot = outputs[id.index].slot { return layOut(slot, id) }
    var offset: UInt64 = 0
    var alignment: UInt64 = 1
    let sections = selection.sections
    let align = outputs[id.index].mapSection.flatMap { minimumAlignment(selection.map[$0]) }
    for member in outputs[id.index].members {
      let section = sections[member]
      let own = section.alignment
      if own > alignment { alignment = own }
      offset = (offset &+ own &- 1) & ~(own &- 1)
      sections[member].offset = offset
      sections[member].output = id
      // Each is smaller than the limit, which `checkSizes` reports.
      offset = min(offset &+ section.size, Layout.largestSize)
    }
    outputs[id.index].size = offset
    outputs[id.index].alignment = max(alignment, align ?? 1)
    placeExceptionFrames(id)
  }

  private func minimumAlignment(_ section: MapLang.OutputSection) -> UInt64? {
    switch section.align {
    case .atLeast(let minimum): minimum
    case .powerOfTwo(let minimum): minimum
    case nil: nil
    }
  }

  /// The parts of `.eh_frame` are relative to the linker-made row that they are in.
  private func placeExceptionFrames(_ id: OutputID) {
    guard let row = selection.syntheticRows[.exceptionFrames],
      selection.sections[row].output == id, outputs[id.index].members.contains(row)
    else { return }
    for input in selection.exceptionFrames.inputs { selection.sections[input].output = id }
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
    if contentsDone.isEmpty {
      layOutMembers(selection.sections[row].output)
    } else {
      problems = []
      layOutSections()
    }
  }
}

extension Message {
  static func outputTooLarge(_ section: String, _ path: String) -> Message {
    Message(
      "outputTooLarge",
      "\(path) would have more than 2⁴⁷ bytes with section \(section), more than a process can have"
    )
  }

  static func beyondLastAddress(_ section: String) -> Message {
    Message(
      "beyondLastAddress",
      "\(section) reaches beyond the last address; give it or its place a lower one")
  }
}
