// -t and -y: which files take part, and which of them mention a symbol.
//
// Both are printed when it is known which archive members take part, in input order.

internal import ELF
internal import Glibc

extension Inputs {
  /// --trace: every file that was read; below an archive, the members that were taken, in the form
  /// of GNU ld: `(libc.a)printf.o`. Without `program` (reading failed) no members are known.
  func printTrace(_ program: Program?) {
    guard options.trace else { return }
    var text = ReportText()
    let read = readFiles.filter { $0.role == .input }
    for (position, file) in read.enumerated() {
      text.append(file.path)
      text += "\n"
      guard let program else { continue }
      let end = position + 1 < read.count ? read[position + 1].firstRow : files.count
      for row in file.firstRow..<max(end, file.firstRow)
      where !files[row].member.isEmpty && program.isLive(FileID(row)) {
        text.append("(\(paths[Int(files[row].path)]))")
        text.append(files[row].member)
        text += "\n"
      }
    }
    DiagnosticEngine.write(text.bytes, to: STDOUT_FILENO)
  }
}

extension Program {
  /// --trace-symbol: a line for each file that defines one of the symbols or refers to it.
  func printTracedSymbols() {
    guard !options.traceSymbols.isEmpty else { return }
    let wanted = Set(options.traceSymbols)
    var text = ReportText()
    for number in 0..<files.count {
      let id = FileID(number)
      guard fileFlags[id].contains(files[number].kind == .shared ? .needed : .live) else {
        continue
      }
      let file = files[number]
      for index in file.globals {
        let name = file.symbolName(index)
        guard wanted.contains(name.string), let what = occurrence(index, file) else { continue }
        text.append("\(inputs.displayName(id)): \(what) \(demangled(name))\n")
      }
    }
    DiagnosticEngine.write(text.bytes, to: STDOUT_FILENO)
  }

  /// What an entry does with its name, in words; nil for what the linker would define if needed.
  private func occurrence(_ index: Int, _ file: InputFile) -> String? {
    let symbol = file.symbols[index]
    switch file.kind {
    case .linker:
      let entry = inputs.linkerSymbols.entries[index - 1]
      if entry.role == .reference { return "reference to" }
      let row = file.symbolID(index)
      let isUsed = !entry.isProvided || flags[row].contains(.referenced)
      return definition[row] == row && isUsed ? "definition of" : nil
    case .shared:
      return symbol.sectionIndex == SHN.UNDEF ? "reference to" : "shared definition of"
    case .object:
      if symbol.sectionIndex == SHN.UNDEF { return "reference to" }
      return isCommon(symbol) ? "common definition of" : "definition of"
    }
  }
}
