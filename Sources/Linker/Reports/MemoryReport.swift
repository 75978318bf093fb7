// --memory-report: what fills the memories, as an HTML page or as JSON.
//
// Memories are the regions of the map. What is in none, all of it if there is no map, is told by PT_LOADs.
// This file says what is where; MemoryReport+Shares.swift and +Merged.swift who it is made of, and the module MemoryPicture
// draws it. Nothing here runs unless the option asks for it.

internal import ELF
internal import MapLang
internal import MemoryPicture
internal import Text

extension Layout {
  /// Writes the report of --memory-report.
  func writeMemoryReport() {
    guard let path = options.memoryReport else { return }
    var earlier: MemoryReport?
    if let old = options.earlierMemoryReport {
      do throws(FileError) {
        guard let file = try MappedFile.open(old) else {
          return log.error(.cannotCompare(old, "no such file"))
        }
        selection.inputs.noteRead(old, .text)
        earlier = MemoryReport(reading: [UInt8](file.bytes.buffer))
      } catch {
        return log.error(.cannotCompare(old, error.reason))
      }
      if earlier == nil { return log.error(.cannotCompare(old, "it is no memory report")) }
    }
    let report = MemoryReportMaker(self).report()
    let isJSON = path.hasSuffix(".json")
    let text = isJSON ? report.json() : Picture(report, earlier: earlier).html()
    TextOutput.write(text, to: path, log)
  }
}

struct MemoryReportMaker {
  let layout: Layout
  let selection: Selection
  let symbols: SectionSymbols
  let merged: MergedShares

  init(_ layout: Layout) {
    self.layout = layout
    selection = layout.selection
    symbols = SectionSymbols(layout)
    merged = MergedShares(selection)
  }

  func report() -> MemoryReport {
    var report = MemoryReport(title: layout.options.outputPath, isLinked: true)
    for (index, region) in selection.map.regions.enumerated() {
      report.memories.append(memory(region, index))
    }
    for load in layout.loads {
      // What is in a region has been told.
      if layout.memories.indices.contains(load.memory), layout.memories[load.memory].region != nil {
        continue
      }
      var memory = self.memory(load)
      // A later report finds it by its name.
      let same = report.memories.count {
        $0.name == memory.name || $0.name.hasPrefix(memory.name + " ")
      }
      if same > 0 { memory.name += " \(same + 1)" }
      report.memories.append(memory)
    }
    report.notLoaded = notLoaded()
    return report
  }

  // MARK: Memories

  private func memory(_ region: Region, _ index: Int) -> Memory {
    let map = selection.map
    let state = layout.memories.indices.contains(index) ? layout.memories[index] : nil
    var memory = Memory(region, of: map)
    memory.used = state?.used ?? 0
    var outputs: [OutputID] = []
    for thing in layout.placed + layout.reserves where thing.memory == index {
      guard let block = block(thing) else { continue }
      memory.blocks.append(block)
      if let id = thing.output { outputs.append(id) }
    }
    for parent in map.regions.indices where map.regions[parent].parent?.index == index {
      let part = map.regions[parent]
      var block = MemoryBlock(
        name: "region \(part.name)", kind: .reserve, address: part.at, size: part.size ?? 0)
      block.remark = "a region of its own"
      memory.blocks.append(block)
    }
    for (id, block) in images(in: region) {
      memory.blocks.append(block)
      outputs.append(id)
    }
    finish(&memory, outputs)
    return memory
  }

  private func memory(_ load: LoadSegment) -> Memory {
    let name =
      load.access.contains(.execute)
      ? (load.access.contains(.write) ? "code and data" : "code")
      : !load.access.contains(.write)
        ? "read-only data"
        : load.start >= layout.relroStart && load.end <= layout.relroEnd
          ? "data, read-only once relocated" : "data"
    var memory = Memory(name: name, start: load.start)
    memory.isSegment = true
    memory.used = load.end &- load.start
    memory.access = load.access.text
    if load.loadDistance != 0 {
      memory.remark = "stored at \(hexadecimal(load.start &+ load.loadDistance))"
    }
    var outputs: [OutputID] = []
    for thing in layout.placed
    where thing.address >= load.start && thing.address < load.end && thing.memory == load.memory {
      guard let block = block(thing) else { continue }
      memory.blocks.append(block)
      if let id = thing.output { outputs.append(id) }
    }
    finish(&memory, outputs)
    return memory
  }

  private func finish(_ memory: inout Memory, _ outputs: [OutputID]) {
    memory.blocks.sort { ($0.address ?? 0, $0.name) < ($1.address ?? 0, $1.name) }
    memory.files = shares(of: outputs)
    memory.symbols = largestSymbols(of: outputs)
  }

  // MARK: Blocks

  private func block(_ thing: LayoutEngine.Placed) -> MemoryBlock? {
    guard thing.size > 0 else { return nil }
    if let reserve = thing.reserve {
      return MemoryBlock(
        name: selection.map[reserve].name, kind: .reserve, address: thing.address, size: thing.size)
    }
    guard let id = thing.output else {
      return MemoryBlock(
        name: "headers", kind: .headers, address: thing.address, size: thing.size)
    }
    let output = layout.outputs[id.index]
    guard output.takesAddresses else { return nil }
    var block = MemoryBlock(
      name: output.name, kind: kind(output), address: output.address, size: output.size)
    if output.loadAddress != output.address && output.hasBytes { block.load = output.loadAddress }
    block.shares = shares(of: [id], isPart: true)
    return block
  }

  private func kind(_ output: OutputSection) -> MemoryBlock.Kind {
    if output.slot != nil { return .slot }
    if !output.hasBytes { return .zeroed }
    if output.flags & SHF.EXECINSTR != 0 { return .code }
    return output.flags & SHF.WRITE != 0 ? .data : .constants
  }

  /// What runs elsewhere and is stored here.
  private func images(in region: Region) -> [(OutputID, MemoryBlock)] {
    var result: [(OutputID, MemoryBlock)] = []
    for (index, output) in layout.outputs.enumerated()
    where output.isAllocated && output.loadAddress != output.address && output.size > 0 {
      guard output.hasBytes, !output.isNotLoaded, output.loadAddress >= region.at,
        region.size.map({ output.loadAddress - region.at < $0 }) ?? false
      else { continue }
      var block = MemoryBlock(
        name: "image of \(output.name)", kind: .image, address: output.loadAddress,
        size: output.size)
      block.remark = "runs at \(hexadecimal(output.address))"
      block.shares = shares(of: [OutputID(index)], isPart: true)
      result.append((OutputID(index), block))
    }
    return result
  }

  private func notLoaded() -> [Share] {
    var list: [Share] = []
    for id in layout.headerOrder {
      let output = layout.outputs[id.index]
      if !output.isAllocated && output.size > 0 && output.hasBytes {
        list.append(Share(output.name, output.size))
      }
    }
    let tables = layout.symbolTable.headers(layout).own
    let size = tables.reduce(0 as UInt64) { $0 &+ $1.size }
    if size > 0 { list.append(Share("symbol tables", size)) }
    return list.sorted { ($0.size, $1.name) > ($1.size, $0.name) }
  }
}

extension Message {
  static func cannotCompare(_ path: String, _ reason: String) -> Message {
    Message("cannotCompare", "cannot compare with the memory report \(path): \(reason)")
  }
}
