// --cref: a table of all global symbols with the file that defines each and those that refer to it.

internal import ELF

extension Program {
  /// The table, sorted by name. Symbols of shared libraries are in it if an object refers to them.
  func crossReferenceTable() -> ReportText {
    var rows: [(definition: SymbolID, user: FileID)] = []
    for number in 0..<files.count where isLive(FileID(number)) && files[number].kind == .object {
      let file = files[number]
      for index in file.globals {
        rows.append((definition[file.symbolID(index)], FileID(number)))
      }
    }
    rows.sort { ($0.definition, $0.user) < ($1.definition, $1.user) }
    // One group of rows for each symbol, then the groups by name.
    var groups: [(name: String, rows: Range<Int>)] = []
    var first = 0
    while first < rows.count {
      var end = first + 1
      while end < rows.count && rows[end].definition == rows[first].definition { end += 1 }
      groups.append((demangled(rows[first].definition), first..<end))
      first = end
    }
    groups.sort { ($0.name, $0.rows.lowerBound) < ($1.name, $1.rows.lowerBound) }

    var text = ReportText()
    text += "Cross Reference Table\n\n"
    text.append("Symbol", width: 50)
    text += "File\n"
    for group in groups {
      let symbol = rows[group.rows.lowerBound].definition
      let definer = flags[symbol].contains(.undefined) ? nil : inputs.file(of: symbol)
      var names = definer.map { [inputs.displayName($0)] } ?? []
      var last: FileID?
      for row in group.rows where rows[row].user != definer && rows[row].user != last {
        last = rows[row].user
        names.append(inputs.displayName(rows[row].user))
      }
      for (position, name) in names.enumerated() {
        text.append(position == 0 ? group.name : "", width: 49)
        text.append(" \(name)\n")
      }
    }
    return text
  }
}
