// MEMORY and PHDRS.

extension LinkerScriptParser {
  mutating func memory() throws(ScriptError) -> [ScriptMemory] {
    try expect("{", "behind MEMORY")
    var blocks: [ScriptMemory] = []
    while try !lexer.take("}") {
      if try takeAny([",", ";"]) { continue }
      let before = commentsBefore()
      let place = lexer.place
      var name = try name("in MEMORY")
      if name == "INCLUDE" {
        throw failure("INCLUDE inside MEMORY is not read; put the text here")
      }
      var attributes = ""
      if name.count > 1, name.hasSuffix(":") {
        lexer.back(1)
        name.removeLast()
      }
      if try lexer.take("(") {
        while try !lexer.take(")") {
          attributes += try self.name("in the attributes of '\(name)'")
        }
      }
      try expect(":", "behind the name '\(name)' in MEMORY")
      let origin = try memoryNumber(["ORIGIN", "org", "o"], "ORIGIN")
      _ = try lexer.take(",")
      let length = try memoryNumber(["LENGTH", "len", "l"], "LENGTH")
      let row = lexer.row
      _ = try lexer.take(";")
      blocks.append(
        ScriptMemory(
          name: name, attributes: attributes, origin: origin, length: length, place: place,
          trivia: ScriptTrivia(before: before, behind: try commentsBehind(row))))
    }
    return blocks
  }

  mutating func memoryNumber(
    _ words: [String], _ word: String
  ) throws(ScriptError) -> ScriptExpression {
    guard let found = try lexer.name(), words.contains(found) else {
      throw failure("expected \(word) in MEMORY, found \(lexer.found())")
    }
    try expect("=", "behind \(word)")
    return try expression()
  }

  mutating func headers() throws(ScriptError) -> [ScriptHeader] {
    try expect("{", "behind PHDRS")
    var result: [ScriptHeader] = []
    while try !lexer.take("}") {
      let place = lexer.place
      let name = try name("in PHDRS")
      let type = try self.name("behind '\(name)' in PHDRS")
      var header = ScriptHeader(name: name, type: type, place: place)
      while try !lexer.take(";") {
        let word = try self.name("in PHDRS, or ';'")
        switch word {
        case "FILEHDR": header.hasFileHeader = true
        case "PHDRS": header.hasProgramHeaders = true
        case "AT", "FLAGS":
          try expect("(", "behind \(word)")
          let value = try expression()
          try expect(")", "behind \(word)")
          if word == "AT" { header.address = value } else { header.flags = value }
        default: throw failure("'\(word)' is no word of PHDRS")
        }
      }
      result.append(header)
    }
    return result
  }
}
