// Program headers, from what was placed.
//
// The PT_LOADs are made in Loads.swift. The other headers follow from section types. (gABI, "Program
// Header".)

internal import ELF
internal import MapLang

extension Layout {
  /// Fills `segments` without file offsets of the loaded parts, which `assignFileOffsets` adds.
  func makeSegments() {
    makeLoads()
    var headers: [ProgramHeader] = []
    let interpreter = outputIndex(of: .interpreter)
    if headersAddress != nil && (selection.map.listsProgramHeaders ?? selection.program.isDynamic) {
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
    addSectionSegments(&headers)
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

  /// Tables that a machine's unwinder or tools find by a program header.
  private func addSectionSegments(_ headers: inout [ProgramHeader]) {
    for segment in target.sectionSegments {
      // Those that are not loaded have a place in the file only.
      let ids = placed.compactMap(\.output).filter {
        outputs[$0.index].type == segment.sectionType && outputs[$0.index].size > 0
      }
      if !ids.isEmpty {
        headers.append(header(segment.segmentType, PF.R, covering: ids))
        continue
      }
      for output in outputs
      where output.type == segment.sectionType && !output.isAllocated && options.sectionHeaders {
        var header = header(segment.segmentType, PF.R, alignment: output.alignment)
        header.offset = output.fileOffset
        header.fileSize = output.size
        headers.append(header)
      }
    }
  }

  private func addRelroHeader(_ headers: inout [ProgramHeader]) {
    let ids = placed.compactMap(\.output).filter {
      outputs[$0.index].isRelro && outputs[$0.index].takesAddresses && outputs[$0.index].size > 0
    }
    guard !ids.isEmpty, relroEnd != 0 else { return }
    var header = header(PT.GNU_RELRO, PF.R, covering: ids)
    header.alignment = 1
    header.memorySize = relroEnd &- relroStart
    headers.append(header)
  }
}
