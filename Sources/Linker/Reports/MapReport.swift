// -Map and -M: what went where.
//
// The table has the columns of LLVM's linker, which people's scripts read: run address, load address,
// size and alignment in hexadecimal (the alignment in decimal), then the output section, or indented
// the input section, or further indented the symbol. Sections that are not loaded have offsets
// instead of addresses. Behind the table stand the input sections that were left out, with the reason.
//
// Chunks of sections are put into words in parallel and joined in order.

internal import ELF
internal import Glibc
internal import Parallel

extension Layout {
  /// Writes the map and the cross reference, as far as they are asked for.
  func writeMapReports() {
    guard options.printMap || options.mapFile != nil || options.crossReference else { return }
    var text = ReportText()
    let hasMap = options.printMap || options.mapFile != nil
    if hasMap { text = MapReport(self).text() }
    if options.crossReference {
      if hasMap { text += "\n" }
      text.append(selection.program.crossReferenceTable())
    }
    if let path = options.mapFile { TextOutput.write(text.bytes, to: path, log) }
    if options.printMap || options.mapFile == nil {
      DiagnosticEngine.write(text.bytes, to: STDOUT_FILENO)
    }
  }
}

struct MapReport: Sendable {
  private let layout: Layout
  private let selection: Selection
  private let symbols: SectionSymbols
  /// The linker's own symbols by the output section that they are relative to.
  private let linkerSymbols: [OutputID: [SymbolID]]

  init(_ layout: Layout) {
    self.layout = layout
    selection = layout.selection
    symbols = SectionSymbols(layout)
    var linkerSymbols: [OutputID: [SymbolID]] = [:]
    for (symbol, owner) in layout.linkerSymbolOutputs {
      linkerSymbols[owner, default: []].append(symbol)
    }
    self.linkerSymbols = linkerSymbols
  }

  /// Members of one output section that one worker puts into words.
  private struct Chunk {
    let output: OutputID
    let members: Range<Int>
    var isFirst: Bool { members.lowerBound == 0 }
    let isLast: Bool
  }

  func text() -> ReportText {
    let chunks = makeChunks()
    let parts = Gathered<(Int, ReportText)>(layout.pool)
    layout.pool.parallelForEach(chunks.count) { index, worker in
      parts.append((index, self.text(of: chunks[index])), worker)
    }
    var text = ReportText()
    text += "             VMA              LMA     Size Align Out     In      Symbol\n"
    appendNumbers(&text)
    for (_, part) in parts.take().sorted(by: { $0.0 < $1.0 }) { text.append(part) }
    appendTables(&text)
    appendDiscarded(&text)
    return text
  }

  private func makeChunks() -> [Chunk] {
    var chunks: [Chunk] = []
    let size = layout.pool.portion(1024)
    for id in layout.headerOrder {
      let count = layout.outputs[id.index].members.count
      var first = 0
      repeat {
        let end = min(first + size, count)
        chunks.append(Chunk(output: id, members: first..<end, isLast: end == count))
        first = end
      } while first < count
    }
    return chunks
  }

  // MARK: One output section

  private func text(of chunk: Chunk) -> ReportText {
    let output = layout.outputs[chunk.output.index]
    var text = ReportText()
    if chunk.isFirst {
      line(&text, output, 0, output.size, output.alignment, indent: 0)
      text.append(output.name)
      text += "\n"
    }
    for position in chunk.members {
      let id = output.members[position]
      let section = selection.sections[id]
      if section.kind.contains(.synthetic)
        && section.index == SyntheticKind.exceptionFrames.rawValue
      {
        appendFrames(&text, output, section)
        continue
      }
      line(&text, output, section.offset, section.size, section.alignment, indent: 8)
      let isMade = section.kind.contains(.mergedGroup)
      text.append(
        isMade ? "<linker>:(\(selection.sectionName(id)))" : selection.displayName(id))
      text += "\n"
      appendSymbols(&text, of: id, output)
    }
    if chunk.isLast { appendLinkerSymbols(&text, chunk.output, output) }
    return text
  }

  /// The parts of `.eh_frame`: each input's records that are still there.
  private func appendFrames(_ text: inout ReportText, _ output: OutputSection, _ row: InputSection)
  {
    let inputs = selection.exceptionFrames.inputs
    for (position, id) in inputs.enumerated() {
      let section = selection.sections[id]
      let end =
        position + 1 < inputs.count
        ? selection.sections[inputs[position + 1]].offset : row.size &- 4
      guard end > section.offset else { continue }
      line(
        &text, output, row.offset &+ section.offset, end &- section.offset, section.alignment,
        indent: 8)
      text.append(selection.displayName(id))
      text += "\n"
      appendSymbols(&text, of: id, output)
    }
  }

  private func appendSymbols(
    _ text: inout ReportText, of section: SectionID, _ output: OutputSection
  ) {
    let found = symbols[section].sorted {
      (layout.addresses[$0], $0) < (layout.addresses[$1], $1)
    }
    for symbol in found {
      let entry = selection.inputs.entry(of: symbol)
      guard layout.isInOutput(symbol) else { continue }
      line(
        &text, output, layout.addresses[symbol] &- base(output), entry.symbol.size, 1, indent: 16)
      text.append(selection.program.demangled(symbol))
      text += "\n"
    }
  }

  /// The symbols that the linker defines relative to an output section.
  private func appendLinkerSymbols(
    _ text: inout ReportText, _ id: OutputID, _ output: OutputSection
  ) {
    let table = selection.inputs.linkerSymbols.entries
    let found = (linkerSymbols[id] ?? []).filter { symbol in
      let entry = table[selection.inputs.entry(of: symbol).index - 1]
      return !entry.isProvided || selection.program.flags[symbol].contains(.referenced)
    }
    for symbol in found.sorted(by: {
      (layout.addresses[$0], $0) < (layout.addresses[$1], $1)
    }) {
      line(&text, output, layout.addresses[symbol] &- base(output), 0, 1, indent: 8)
      text.append("\(statement(of: symbol))\n")
    }
  }

  /// What defines a symbol of the linker's own: `name = value`.
  private func statement(of symbol: SymbolID) -> String {
    let inputs = selection.inputs
    let entry = inputs.linkerSymbols.entries[inputs.entry(of: symbol).index - 1]
    if case .assignment(let number) = entry.role,
      let text = inputs.linkerSymbols.assignments[number].text
    {
      return text
    }
    return "\(entry.name) = ."
  }

  /// The symbols of assignments that are numbers: they belong to no section.
  private func appendNumbers(_ text: inout ReportText) {
    let nowhere = OutputSection(name: "")
    let plan = selection.program.assignments
    for node in plan.order.sorted().map({ plan.nodes[$0] }) where !node.isAddress {
      guard let row = node.row else { continue }
      line(&text, nowhere, layout.assignedValues[row] ?? 0, 0, 1, indent: 0)
      text.append("\(statement(of: row))\n")
    }
  }

  private func base(_ output: OutputSection) -> UInt64 { output.isAllocated ? output.address : 0 }

  /// The numbers of a line. `offset` counts from the start of the output section.
  private func line(
    _ text: inout ReportText, _ output: OutputSection, _ offset: UInt64, _ size: UInt64,
    _ alignment: UInt64, indent: Int
  ) {
    text.append(hex: base(output) &+ offset, width: 16)
    text += " "
    text.append(hex: (output.isAllocated ? output.loadAddress : 0) &+ offset, width: 16)
    text += " "
    text.append(hex: size, width: 8)
    text += " "
    text.append(decimal: alignment, width: 5)
    text.append(spaces: 1 + indent)
  }

  /// The tables behind the sections.
  private func appendTables(_ text: inout ReportText) {
    let output = OutputSection(name: "")
    for header in layout.symbolTable.headers(layout).own {
      line(&text, output, 0, header.size, header.alignment, indent: 0)
      switch header.type {
      case SHT.SYMTAB: text += ".symtab\n"
      case SHT.SYMTAB_SHNDX: text += ".symtab_shndx\n"
      default: text += header.offset == layout.symbolTable.nameOffset ? ".shstrtab\n" : ".strtab\n"
      }
    }
  }

  // MARK: What is not there

  private func appendDiscarded(_ text: inout ReportText) {
    var lines = ReportText()
    for number in 0..<selection.files.count
    where selection.program.isLive(FileID(number)) && selection.files[number].kind == .object {
      let file = selection.files[number]
      guard let map = file.sectionMap else { continue }
      for index in 0..<file.sectionCount {
        let header = file.sectionHeaders[index]
        guard let reason = reason(map[index], header, file) else { continue }
        lines.append(hex: header.size, width: 8)
        lines += " "
        lines.append(reason, width: 9)
        lines.append("\(selection.inputs.displayName(FileID(number))):(")
        lines.append(file.sectionName(header))
        lines += ")\n"
      }
    }
    guard !lines.bytes.isEmpty else { return }
    text += "\nDiscarded input sections\n\n    Size Reason   In\n"
    text.append(lines)
  }

  /// Why a section is not in the output; nil if it is, or never could be.
  private func reason(_ row: UInt32, _ header: SectionHeader, _ file: InputFile) -> String? {
    if row == InputFile.discardedMark {
      let isCopy =
        header.flags & SHF.GROUP != 0
        || file.sectionName(header).hasPrefix(".gnu.linkonce.")
      return isCopy ? "copy" : "rule"
    }
    guard row != 0, row < UInt32(truncatingIfNeeded: selection.sectionCount) else { return nil }
    let id = SectionID(rawValue: row)
    if selection.isLive(id) { return nil }
    return selection.folded.representative(of: id) == nil ? "unused" : "folded"
  }
}
