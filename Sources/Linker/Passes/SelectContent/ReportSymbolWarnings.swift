// Prints the warnings that objects carry with them.
//
// A section `.gnu.warning.SYMBOL` holds a text for whoever refers to SYMBOL ("the use of gets is
// dangerous"), a section `.gnu.warning` one for whoever links the object at all. (GNU ld manual; glibc
// has about fifty.) Nothing of them is copied to the output.
//
// Before: it is known which sections live. Only references from live sections count, and each file
// is named once for each symbol.

internal import ELF
internal import Parallel

extension Selection {
  func reportSymbolWarnings() {
    guard !warningSections.isEmpty else { return }
    var texts: [SymbolID: String] = [:]
    let symbols = findSymbols()
    for section in warningSections {
      let file = files[section.file.index]
      let name = file.sectionName(file.sectionHeaders[section.index])
      let text = readable(section.text)
      if let symbolName = name.suffix(from: 13), name.hasPrefix(".gnu.warning.") {
        guard let symbol = symbols[symbolName], texts[symbol] == nil else { continue }
        texts[symbol] = text
        program.flags.insert(.hasWarning, at: symbol)
      } else if name.equals(".gnu.warning") {
        log.warning(
          .inputWarning(inputs.displayName(section.file), text), at: inputs.place(section.file))
      }
    }
    if !texts.isEmpty { reportReferences(texts) }
  }

  /// The text up to its end; what follows is padding.
  private func readable(_ bytes: ByteView) -> String {
    let text = bytes.cString(at: 0) ?? bytes
    return String(text.string.split(whereSeparator: \.isNewline).joined(separator: " "))
  }

  /// The definitions of the names that warnings are about.
  private func findSymbols() -> [ByteView: SymbolID] {
    var wanted: Set<ByteView> = []
    for section in warningSections {
      let file = files[section.file.index]
      let name = file.sectionName(file.sectionHeaders[section.index])
      if name.hasPrefix(".gnu.warning."), let symbol = name.suffix(from: 13) {
        wanted.insert(symbol)
      }
    }
    var result: [ByteView: SymbolID] = [:]
    for number in 0..<files.count where !wanted.isEmpty && program.isLive(FileID(number)) {
      let file = files[number]
      for index in file.globals {
        let name = file.symbolName(index)
        if wanted.remove(name) != nil { result[name] = program.definition[file.symbolID(index)] }
      }
    }
    return result
  }

  private func reportReferences(_ texts: [SymbolID: String]) {
    let found = Gathered<(file: FileID, index: Int)>(pool)
    let (files, program) = (files, program)
    pool.parallelFor(files.count) { range, worker in
      for number in range where program.isLive(FileID(number)) && files[number].kind == .object {
        let file = files[number]
        for index in file.globals
        where file.symbols[index].sectionIndex == SHN.UNDEF
          && program.flags[program.definition[file.symbolID(index)]].contains(.hasWarning)
        {
          found.append((FileID(number), index), worker)
        }
      }
    }
    let locators = SourceLocators(program)
    var byFile: [FileID: [Int: (SectionID, UInt64)]] = [:]
    for (id, index) in found.take() {
      let file = files[id.index]
      let symbol = program.definition[file.symbolID(index)]
      if byFile[id] == nil { byFile[id] = firstReferences(in: file) }
      guard let text = texts[symbol], let (row, offset) = byFile[id]?[index] else { continue }
      let section = Int(sections[row].index)
      log.warning(
        .inputWarning(
          locators.reference(id, section: section, name: sectionName(row), offset: offset), text),
        at: inputs.place(id, section: section, offset: offset))
    }
  }

  /// For each symbol with a warning, the first relocation of a live section that names it.
  private func firstReferences(in file: InputFile) -> [Int: (SectionID, UInt64)] {
    var result: [Int: (SectionID, UInt64)] = [:]
    for number in 0..<file.sectionCount {
      let row = section(file, UInt32(number))
      guard row != .none, isLive(row) else { continue }
      let records = sections[row].relocationRecords
      for position in 0..<records.count {
        let index = Int(records[position].symbol)
        guard index < file.symbolCount,
          program.flags[program.definition[file.symbolID(index)]].contains(.hasWarning),
          result[index] == nil
        else { continue }
        result[index] = (row, records[position].offset)
      }
    }
    return result
  }
}

extension Message {
  static func inputWarning(_ place: String, _ text: String) -> Message {
    Message("inputWarning", "\(place): \(text)")
  }
}
