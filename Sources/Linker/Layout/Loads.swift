// The PT_LOADs, from what was placed.
//
// A PT_LOAD begins where the access rights change, at each `segment` of the map, where bytes follow a
// section without bytes, and after a gap of a page. Then the pages are looked at. A system maps whole
// pages (gABI, "Program Loading"), and of two PT_LOADs that share one the later decides what it holds
// and what may be done with it. The flow of a map begins a page where rights change, but -n, -N,
// pins and what lies behind a section without bytes may put two PT_LOADs on one page. They become one
// with the rights of both, as in GNU ld.

internal import ELF
internal import MapLang

/// A PT_LOAD while it is made.
struct LoadSegment: Sendable {
  var start: UInt64
  var end: UInt64
  var access: Access
  /// Number of the `segment` of the map.
  var segment: Int?
  /// The map promises that it is exactly this `segment`.
  var isWholeSegment = false
  /// Index of the memory that it lies in.
  var memory = 0
  /// Load address − run address, modulo 2⁶⁴.
  var loadDistance: UInt64 = 0
  var fileEnd: UInt64 = 0
  var fileOffset: UInt64 = 0
  var endsWithoutBytes = false
  var endsWithThreadBlock = false
  var holdsHeaders = false
  var outputs: [OutputID] = []
}

extension Layout {
  /// The smallest page that a system may have.
  static var smallestPage: UInt64 { 4096 }

  /// The size of the pages that separate access rights; 1: rights are not separated.
  var pageSize: UInt64 {
    options.omagic || options.nmagic ? 1 : selection.map.pageSize(selection.inputs)
  }

  /// The size of the pages that a system maps the output by; 1: nobody does.
  var mappedPageSize: UInt64 {
    let size = selection.map.pageSize(selection.inputs)
    return pageSize == 1 && size > 1 ? Layout.smallestPage : size
  }

  func makeLoads() {
    var result: [LoadSegment] = []
    for item in placed {
      let output = item.output.map { outputs[$0.index] }
      if let output, !output.takesAddresses || output.isNotLoaded { continue }
      if item.size == 0 { continue }  // nothing to load; its offset follows from its neighbours
      if let last = result.indices.last, continues(result[last], item, output) {
        result[last].append(item, output)
        if options.omagic { result[last].access.formUnion(item.access) }
      } else {
        result.append(LoadSegment(item, output))
        if options.omagic { result[result.count - 1].access.insert(.write) }
      }
    }
    result.sort { $0.start < $1.start }
    loads = mappedPageSize > 1 ? joinOnPages(result) : result
  }

  private func continues(
    _ last: LoadSegment, _ item: LayoutEngine.Placed, _ output: OutputSection?
  ) -> Bool {
    guard item.address >= last.end, item.memory == last.memory,
      item.loadAddress &- item.address == last.loadDistance,
      last.access == item.access && last.segment == item.segment || options.omagic
    else { return false }
    // What one header describes is one piece of memory and of the file, whatever gaps are in it.
    if item.isWholeSegment && item.segment != nil { return true }
    if last.end > relroStart && item.address < relroEnd { return true }
    if last.endsWithThreadBlock && output?.isTLS == true { return true }
    return !(last.endsWithoutBytes && output?.hasBytes ?? true)
      && item.address &- last.end < max(pageSize, Layout.smallestPage)
      && !(pageSize == 1 && item.isBehindObstacle && item.address != last.end)
  }

  /// One PT_LOAD for those that share pages, unless the map promises that they are two.
  private func joinOnPages(_ loads: [LoadSegment]) -> [LoadSegment] {
    var result: [LoadSegment] = []
    for load in loads {
      if let last = result.indices.last, sharesPage(result[last], load), mayJoin(result[last], load)
      {
        result[last].append(load)
      } else {
        result.append(load)
      }
    }
    return result
  }

  private func mayJoin(_ first: LoadSegment, _ second: LoadSegment) -> Bool {
    guard second.start >= first.end, second.loadDistance == first.loadDistance,
      !first.isWholeSegment && !second.isWholeSegment
    else { return false }
    return first.memory == second.memory
      || memories[first.memory].region == nil && memories[second.memory].region == nil
  }

  /// Whether a system that maps whole pages maps one of them for both.
  func sharesPage(_ first: LoadSegment, _ second: LoadSegment) -> Bool {
    let page = mappedPageSize
    return page > 1 && first.end > first.start && (first.end &- 1) / page >= second.start / page
  }

  /// What p_align says: both the address and the offset are as far from a multiple of it.
  func alignment(of load: LoadSegment) -> UInt64 {
    let largest = load.outputs.map { outputs[$0.index].alignment }.max() ?? 1
    if pageSize > 1 { return max(pageSize, largest) }
    // Those who load by pages without the help of a dynamic linker do not look at it, and with -n and
    // -N it is customary to say what the sections need. The dynamic linker refuses less than a page.
    if mappedPageSize > 1 && selection.program.isDynamic { return max(mappedPageSize, largest) }
    return max(largest, load.holdsHeaders ? 8 : 1)
  }

  /// --execute-only: nothing may be read in a PT_LOAD with code, so nothing but code may be there.
  func checkReadersOfCode() {
    guard options.executeOnly else { return }
    for load in loads where load.access == [.read, .execute] {
      if load.holdsHeaders { log.error(.readInCode("the ELF header")) }
      for id in load.outputs where !outputs[id.index].access.contains(.execute) {
        log.error(.readInCode(outputs[id.index].name))
      }
    }
  }

  /// What is far apart and in one PT_LOAD makes a file that nobody wants.
  func checkGaps() {
    for load in loads where load.fileEnd &- load.start > Layout.largestGap {
      var before: OutputID?
      var end = load.start
      for id in load.outputs where outputs[id.index].hasBytes {
        let output = outputs[id.index]
        if let before, output.address > end, output.address - end > Layout.largestGap {
          log.error(.gapInSegment(options.outputPath, outputs[before.index], output))
        }
        (before, end) = (id, output.end)
      }
    }
  }

  func header(_ load: LoadSegment) -> ProgramHeader {
    var header = ProgramHeader()
    header.type = PT.LOAD
    header.flags = Layout.flags(load.access)
    if options.executeOnly && load.access == [.read, .execute] { header.flags = PF.X }
    header.alignment = alignment(of: load)
    header.virtualAddress = load.start
    header.physicalAddress = load.start &+ load.loadDistance
    header.memorySize = load.end &- load.start
    header.fileSize = load.fileEnd &- load.start
    header.offset = load.fileOffset
    return header
  }
}

extension LoadSegment {
  init(_ item: LayoutEngine.Placed, _ output: OutputSection?) {
    start = item.address
    end = item.address
    access = item.access
    segment = item.segment
    isWholeSegment = item.isWholeSegment && item.segment != nil
    memory = item.memory
    loadDistance = item.loadAddress &- item.address
    fileEnd = item.address
    holdsHeaders = item.output == nil
    append(item, output)
  }

  fileprivate mutating func append(_ item: LayoutEngine.Placed, _ output: OutputSection?) {
    let hasBytes = output?.hasBytes ?? true
    end = item.address &+ item.size
    if hasBytes { fileEnd = end }
    endsWithoutBytes = !hasBytes
    endsWithThreadBlock = output?.isTLS ?? false
    if let id = item.output { outputs.append(id) }
  }

  fileprivate mutating func append(_ load: LoadSegment) {
    end = load.end
    if load.fileEnd > load.start { fileEnd = load.fileEnd }
    access.formUnion(load.access)
    if segment != load.segment { segment = nil }
    endsWithoutBytes = load.endsWithoutBytes
    endsWithThreadBlock = load.endsWithThreadBlock
    holdsHeaders = holdsHeaders || load.holdsHeaders
    outputs += load.outputs
  }
}

extension Message {
  static func readInCode(_ what: String) -> Message {
    Message(
      "readInCode",
      "\(what) is read, and lies in a segment of code, which --execute-only makes unreadable; keep "
        + "read-only data apart (no --no-rosegment, -N or map that joins them)")
  }

  static func gapInSegment(
    _ path: String, _ first: OutputSection, _ second: OutputSection
  ) -> Message {
    let gap = second.address &- first.end
    return Message(
      "gapInSegment",
      "\(path): \(byteCount(gap)) of zeros would stand in the file between \(first.name) and "
        + "\(second.name), which are in one segment; put them into two")
  }
}

extension SectionMap {
  /// The size of pages; 1: there are none.
  func pageSize(_ inputs: Inputs) -> UInt64 {
    switch pages {
    case .size(let size): size
    case .none: 1
    case .unspecified: inputs.maxPageSize
    }
  }
}
