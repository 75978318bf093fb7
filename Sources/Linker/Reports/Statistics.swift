// --stats: numbers about inputs and output. The times of the passes follow (Support/Timing.swift).

internal import ELF
internal import Glibc

extension Layout {
  func printStatistics() {
    let counts = inputCounts() + outputCounts()
    let width = counts.map { $0.name.utf8.count }.max() ?? 0
    var text = ReportText()
    for count in counts {
      text.append(count.name, width: width + 2)
      text.append(decimal: UInt64(clamping: count.value), width: 14)
      text += "\n"
    }
    DiagnosticEngine.write(text.bytes, to: STDERR_FILENO)
  }

  private typealias Count = (name: String, value: Int)

  private func inputCounts() -> [Count] {
    let program = selection.program
    var (objects, members, extracted, shared) = (0, 0, 0, 0)
    var (symbols, globals, headers, bytes) = (0, 0, 0, 0)
    for number in 0..<selection.files.count {
      let file = selection.files[number]
      let isLive = program.isLive(FileID(number))
      if !file.member.isEmpty {
        members += 1
        if isLive { extracted += 1 }
      }
      guard isLive else { continue }
      switch file.kind {
      case .linker: continue
      case .shared: shared += 1
      case .object:
        objects += 1
        headers += file.sectionCount
        bytes += file.bytes.count
      }
      symbols += file.symbolCount
      globals += file.globals.count
    }
    return [
      ("objects", objects), ("archive members", members), ("archive members taken", extracted),
      ("shared libraries", shared), ("bytes of objects", bytes), ("section headers", headers),
      ("symbols", symbols), ("global symbols", globals),
    ]
  }

  private func outputCounts() -> [Count] {
    var (sections, live, relocations, debugRelocations) = (0, 0, 0, 0)
    for index in 1..<selection.sectionCount {
      let section = selection.sections[SectionID(index)]
      guard section.kind.contains(.used), !section.kind.contains(.synthetic) else { continue }
      sections += 1
      guard selection.isLive(SectionID(index)) else { continue }
      live += 1
      if section.kind.contains(.alloc) {
        relocations += Int(section.relocationCount)
      } else {
        debugRelocations += Int(section.relocationCount)
      }
    }
    let ranges = selection.pieces.ranges
    let pieces = (0..<ranges.count).reduce(0) { $0 + ranges[$1].pieces.count }
    let merged = selection.mergedSections.reduce(0) { sum, group in
      group.shards.reduce(sum) { $0 + $1.count }
    }
    return [
      ("sections", sections), ("live sections", live),
      ("folded sections", selection.folded.count),
      ("bytes folded", Int(clamping: selection.folded.size)),
      ("rounds of folding", selection.foldingRounds), ("relocations", relocations),
      ("debug relocations", debugRelocations), ("mergeable pieces", pieces),
      ("pieces after merging", merged), ("dynamic symbols", dynamicSymbols.symbols.count),
      ("relative relocations", relativeCount), ("symbolic relocations", symbolicCount),
      ("output sections", headerOrder.count), ("bytes of output", Int(clamping: fileSize)),
    ]
  }
}
