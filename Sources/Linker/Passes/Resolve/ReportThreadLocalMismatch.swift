// A name that is a thread-local variable in one file and an ordinary one in another: the two are
// accessed in different ways, so no address would serve both.

internal import ELF

extension Program {
  /// Other files use these ordinary symbols as thread-local ones. Names the first such file of each.
  func reportThreadLocalUses(of rows: [SymbolID]) {
    // What a plugin has not compiled does not say whether its symbols are thread-local.
    if inputs.isRehearsal { return }
    var waiting = Set(rows)
    for number in 0..<files.count where !waiting.isEmpty && isLive(FileID(number)) {
      let file = files[number]
      for index in file.globals where file.symbols[index].type == STT.TLS {
        let row = definition[file.symbolID(index)]
        guard waiting.remove(row) != nil else { continue }
        let user = FileID(number)
        log.fault(
          .threadLocalMismatch(
            demangled(row), threadLocalIn: inputs.displayName(user),
            ordinaryIn: inputs.displayName(inputs.file(of: row))),
          at: inputs.place(user))
      }
    }
  }

  /// `file` uses the thread-local symbol `row` as an ordinary one.
  func reportOrdinaryUse(of row: SymbolID, by file: FileID, at place: Place) {
    if inputs.isRehearsal { return }
    log.fault(
      .threadLocalMismatch(
        demangled(row), threadLocalIn: inputs.displayName(inputs.file(of: row)),
        ordinaryIn: inputs.displayName(file)),
      at: place)
  }
}

extension Message {
  static func threadLocalMismatch(
    _ name: String, threadLocalIn threadLocal: String, ordinaryIn ordinary: String
  ) -> Message {
    Message(
      "threadLocalMismatch",
      "symbol \(name) is thread-local in \(threadLocal), but not in \(ordinary); declare it alike "
        + "in both")
  }
}
