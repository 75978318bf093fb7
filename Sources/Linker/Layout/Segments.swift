// Program headers, from what was placed.
//
// A PT_LOAD begins where the access rights change, at each `segment` of the map, where bytes follow a
// section without bytes, and after a gap of a page. The other headers follow from section types.
// (gABI, "Program Header".)

internal import ELF
internal import MapLang

extension Layout {
  /// Fills `segments` without file offsets of the loaded parts, which `assignFileOffsets` adds.
  func makeSegments() {
    loads = makeLoads()
    var headers: [ProgramHeader] = []
    let interpreter = outputIndex(of: .interpreter)
    if headersAddress != nil && selection.program.isDynamic {
      headers.append(header(PT.PHDR, PF.R, alignment: 8))
    }
    if let interpreter {
      headers.append(header(PT.INTERP, PF.R, covering: [interpreter]))
    }
    for load in loads { headers.append(header(load)) }
    addThreadHeader(&headers)
    if let dynamic = outputIndex(of: .dynamic) {
      headers.append(header(PT.DYNAMIC, flags(dynamic), covering: [dynamic]))
    }
    addNoteHeaders(&headers)
    if let index = outputIndex(of: .exceptionFrameHeader) {
      headers.append(header(PT.GNU_EH_FRAME, PF.R, covering: [index]))
    }
    if options.stackSegment {
      var stack = header(PT.GNU_STACK, stackFlags, alignment: 16)
      stack.memorySize = options.stackSize
      headers.append(stack)
    }
    if options.relro { addRelroHeader(&headers) }
    segments = headers
  }

  private var stackFlags: UInt32 {
    let isExecutable =
      options.executableStack == .yes
      || options.executableStack == .ifNeeded && selection.needs.executableStack
    return PF.R | PF.W | (isExecutable ? PF.X : 0)
  }

  func outputIndex(of kind: SyntheticKind) -> OutputID? {
    guard let row = selection.syntheticRows[kind] else { return nil }
    let output = selection.sections[row].output
    return output == .none ? nil : output
  }

  private func flags(_ id: OutputID) -> UInt32 { Layout.flags(outputs[id.index].access) }

  static func flags(_ access: Access) -> UInt32 {
    (access.contains(.read) ? PF.R : 0) | (access.contains(.write) ? PF.W : 0)
      | (access.contains(.execute) ? PF.X : 0)
  }

  private func header(_ type: UInt32, _ flags: UInt32, alignment: UInt64) -> ProgramHeader {
    var header = ProgramHeader()
    header.type = type
    header.flags = flags
    header.alignment = alignment
    return header
  }

  /// A header over output sections that lie one behind the other. The file offset follows later.
  private func header(_ type: UInt32, _ flags: UInt32, covering ids: [OutputID]) -> ProgramHeader {
    var header = header(type, flags, alignment: ids.map { outputs[$0.index].alignment }.max() ?? 1)
    let first = outputs[ids[0].index]
    let end = ids.map { outputs[$0.index].end }.max() ?? first.end
    let fileEnd =
      ids.filter { outputs[$0.index].hasBytes }.map { outputs[$0.index].end }.max() ?? first.address
    header.virtualAddress = first.address
    header.physicalAddress = first.loadAddress
    header.offset = first.fileOffset
    header.memorySize = end &- first.address
    header.fileSize = max(fileEnd, first.address) &- first.address
    return header
  }

  // MARK: PT_LOAD

  private func makeLoads() -> [LoadSegment] {
    var result: [LoadSegment] = []
    let pageSize = self.pageSize
    for item in placed {
      let output = item.output.map { outputs[$0.index] }
      if let output, !output.takesAddresses || output.isNotLoaded { continue }
      if item.size == 0 { continue }  // nothing to load; its offset follows from its neighbours
      let hasBytes = output?.hasBytes ?? true
      if var last = result.last,
        last.access == item.access && last.segment == item.segment || options.omagic,
        item.address >= last.end, item.memory == last.memory,
        item.loadAddress &- item.address == last.loadDistance,
        !(last.endsWithoutBytes && hasBytes) || item.isWholeSegment && item.segment != nil,
        item.address &- last.end < max(pageSize, 4096),
        !(pageSize == 1 && item.isBehindObstacle && item.address != last.end)
      {
        if options.omagic { last.access.formUnion(item.access) }
        last.end = item.address &+ item.size
        if hasBytes { last.fileEnd = last.end }
        last.endsWithoutBytes = !hasBytes
        if let id = item.output { last.outputs.append(id) }
        result[result.count - 1] = last
        continue
      }
      var load = LoadSegment(
        start: item.address, end: item.address &+ item.size, access: item.access,
        segment: item.segment)
      load.memory = item.memory
      load.loadDistance = item.loadAddress &- item.address
      load.holdsHeaders = item.output == nil
      if options.omagic { load.access.insert(.write) }
      load.fileEnd = hasBytes ? load.end : load.start
      load.endsWithoutBytes = !hasBytes
      if let id = item.output { load.outputs = [id] }
      result.append(load)
    }
    return result.sorted { $0.start < $1.start }
  }

  /// The size of the pages that separate access rights.
  var pageSize: UInt64 {
    if options.omagic || options.nmagic { return 1 }
    switch selection.map.pages {
    case .size(let size): return size
    case .none: return 1
    case .unspecified: return options.maxPageSize
    }
  }

  private func header(_ load: LoadSegment) -> ProgramHeader {
    let largest = load.outputs.map { outputs[$0.index].alignment }.max() ?? 1
    var header = header(PT.LOAD, Layout.flags(load.access), alignment: max(pageSize, largest))
    if pageSize == 1 { header.alignment = max(largest, load.holdsHeaders ? 8 : 1) }
    header.virtualAddress = load.start
    header.physicalAddress = load.start &+ load.loadDistance
    header.memorySize = load.end &- load.start
    header.fileSize = load.fileEnd &- load.start
    header.offset = load.fileOffset
    return header
  }

  // MARK: Others

  private func addThreadHeader(_ headers: inout [ProgramHeader]) {
    let ids = placed.compactMap(\.output).filter { outputs[$0.index].isTLS }
    guard !ids.isEmpty else { return }
    headers.append(header(PT.TLS, PF.R, covering: ids))
  }

  /// One PT_NOTE for each run of notes of one alignment, for readers step by it.
  private func addNoteHeaders(_ headers: inout [ProgramHeader]) {
    var run: [OutputID] = []
    func flush() {
      if !run.isEmpty { headers.append(header(PT.NOTE, flags(run[0]), covering: run)) }
      run = []
    }
    for item in placed {
      guard let id = item.output, outputs[id.index].type == SHT.NOTE else {
        flush()
        continue
      }
      let output = outputs[id.index]
      if let last = run.last.map({ outputs[$0.index] }),
        last.alignment != output.alignment || last.end != output.address
      {
        flush()
      }
      run.append(id)
    }
    flush()
    if let property = outputIndex(of: .noteProperty) {
      headers.append(header(PT.GNU_PROPERTY, PF.R, covering: [property]))
    }
  }

  private func addRelroHeader(_ headers: inout [ProgramHeader]) {
    let ids = placed.compactMap(\.output).filter {
      outputs[$0.index].isRelro && outputs[$0.index].takesAddresses
    }
    guard let first = ids.first, relroEnd != 0 else { return }
    var header = header(PT.GNU_RELRO, PF.R, covering: ids)
    header.alignment = 1
    header.memorySize = relroEnd &- outputs[first.index].address
    headers.append(header)
  }
}

/// A PT_LOAD while it is made.
struct LoadSegment: Sendable {
  var start: UInt64
  var end: UInt64
  var access: Access
  var segment: Int?
  /// Index of the memory that it lies in.
  var memory = 0
  /// Load address − run address, modulo 2⁶⁴.
  var loadDistance: UInt64 = 0
  var fileEnd: UInt64 = 0
  var fileOffset: UInt64 = 0
  var endsWithoutBytes = false
  var holdsHeaders = false
  var outputs: [OutputID] = []

  init(start: UInt64, end: UInt64, access: Access, segment: Int?) {
    self.start = start
    self.end = end
    self.access = access
    self.segment = segment
  }
}
