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

struct WarningSection: Sendable {
  let file: FileID
  /// Section index in the file.
  let index: Int
  let text: ByteView
}

extension Selection {
  func reportSymbolWarnings() {
    guard !warningSections.isEmpty else { return }
    var texts: [SymbolID: String] = [:]
    for section in warningSections {
      let file = files[section.file.index]
      let name = file.sectionName(file.sectionHeaders[section.index])
      let text = readable(section.text)
      if let symbolName = name.suffix(from: 13), name.hasPrefix(".gnu.warning.") {
        guard let symbol = find(symbolName, near: section.file), texts[symbol] == nil else {
          continue
        }
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

  /// The definition of a name: in `file`, which is usual, or in any other.
  private func find(_ name: ByteView, near file: FileID) -> SymbolID? {
    let others = (0..<files.count).lazy.map { FileID($0) }.filter { $0 != file }
    for id in [file] + others where program.isLive(id) {
      let file = files[id.index]
      for index in file.globals where file.symbolName(index) == name {
        return program.definition[file.symbolID(index)]
      }
    }
    return nil
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
    for (id, index) in found.take() {
      let file = files[id.index]
      let symbol = program.definition[file.symbolID(index)]
      guard let text = texts[symbol], let (row, offset) = firstReference(to: index, in: file) else {
        continue
      }
      let section = Int(sections[row].index)
      log.warning(
        .inputWarning(
          locators.reference(id, section: section, name: sectionName(row), offset: offset), text),
        at: inputs.place(id, section: section, offset: offset))
    }
  }

  /// The first relocation of a live section that names symbol `index` of the file.
  private func firstReference(to index: Int, in file: InputFile) -> (SectionID, UInt64)? {
    for number in 0..<file.sectionCount {
      let row = section(file, UInt32(number))
      guard row != .none, isLive(row) else { continue }
      let records = sections[row].relocationRecords
      for position in 0..<records.count where Int(records[position].symbol) == index {
        return (row, records[position].offset)
      }
    }
    return nil
  }
}

extension Message {
  static func inputWarning(_ place: String, _ text: String) -> Message {
    Message("inputWarning", "\(place): \(text)")
  }
}
