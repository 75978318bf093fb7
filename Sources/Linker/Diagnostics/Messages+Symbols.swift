// Messages about symbols.

extension Message {
  static func duplicateSymbol(_ name: String, _ first: String, _ second: String) -> Message {
    Message(
      "duplicateSymbol", "duplicate symbol: \(name)",
      notes: ["defined at \(first)", "defined at \(second)"])
  }

  static func reservedSymbol(_ name: String, _ file: String) -> Message {
    Message(
      "reservedSymbol",
      "\(file): defines \(name), which is the linker's; give the symbol another name, or make it "
        + "local")
  }

  static func reservedAssignment(_ statement: String, _ name: String) -> Message {
    Message(
      "reservedAssignment",
      "\(statement): \(name) is the linker's; give the symbol another name")
  }

  static func multipleCommon(_ name: String, _ file: String, _ other: String) -> Message {
    Message("multipleCommon", "\(file): common symbol \(name) is also in \(other)")
  }

  static func unknownVersion(_ name: String, _ version: String, _ file: String) -> Message {
    Message(
      "unknownVersion",
      "\(file): symbol \(name) has version \(version), which no version script defines; "
        + "add a node \(version) { }; to one")
  }

  static func versionOfUndefinedSymbol(_ name: String) -> Message {
    Message(
      "versionOfUndefinedSymbol",
      "version script names the symbol \(name), which is not defined; remove it from the script, "
        + "or say --undefined-version")
  }

  /// `file`: the script, if there is only one.
  static func localAndGlobal(
    _ name: String, file: String?, _ first: TextPosition, _ second: TextPosition
  ) -> Message {
    let place = file ?? "version script"
    return Message(
      "localAndGlobal",
      "\(place):\(second): \(name) is named at \(first) too, and one of the two is 'local'; the "
        + "first counts: remove the other")
  }

  static func undefinedSymbol(_ name: String, notes: [String]) -> Message {
    Message("undefinedSymbol", "undefined symbol: \(name)", notes: notes)
  }

  static func requiredSymbolMissing(_ name: String) -> Message {
    Message(
      "requiredSymbolMissing", "required symbol \(name) is not defined (--require-defined)")
  }

  static func entrySymbolMissing(_ name: String) -> Message {
    Message(
      "entrySymbolMissing",
      "entry symbol \(name) is not defined; the output has entry address 0. Define it or name "
        + "another with -e")
  }
}
