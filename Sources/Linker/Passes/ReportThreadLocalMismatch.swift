// A name that is a thread-local variable in one file and an ordinary one in another: the two are
// accessed in different ways, so no address would serve both.

internal import ELF

extension Program {
  /// Another file uses the ordinary symbol `row` as a thread-local one.
  func reportThreadLocalUse(of row: SymbolID, definedIn file: FileID) {
    let user = (0..<files.count).lazy.map { FileID($0) }.first { id in
      guard isLive(id) else { return false }
      let file = files[id.index]
      return file.globals.contains { index in
        file.symbols[index].type == STT.TLS && definition[file.symbolID(index)] == row
      }
    }
    guard let user else { return }
    log.error(
      .threadLocalMismatch(
        demangled(row), threadLocalIn: inputs.displayName(user),
        ordinaryIn: inputs.displayName(file)),
      at: inputs.place(user))
  }

  /// `file` uses the thread-local symbol `row` as an ordinary one.
  func reportOrdinaryUse(of row: SymbolID, by file: FileID, at place: Place) {
    log.error(
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
