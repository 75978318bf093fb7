// Commands with a word of their own, and assignments.

extension LinkerScriptParser {
  mutating func command(
    _ word: String, _ block: Block
  ) throws(ScriptError) -> ScriptStatement.Kind? {
    switch word {
    case "PROVIDE", "HIDDEN", "PROVIDE_HIDDEN":
      try expect("(", "behind \(word)")
      let target = try name("in \(word)")
      guard try isAssignment() else {
        throw failure("expected '=' in \(word), found \(lexer.found())")
      }
      var syntax = try assignment(to: target)
      syntax.isProvided = word != "HIDDEN"
      syntax.isHidden = word != "PROVIDE"
      try expect(")", "at the end of \(word)")
      return .assignment(syntax)
    case "ASSERT":
      try expect("(", "behind ASSERT")
      let condition = try expression()
      try expect(",", "behind the condition of ASSERT")
      let message = try name("in ASSERT")
      try expect(")", "at the end of ASSERT")
      return .assertion(condition, message)
    case "ENTRY" where block != .section:
      return .entry(try arguments(of: word).first ?? "")
    case "EXTERN" where block != .section: return .extern(try arguments(of: word))
    case "INSERT" where block != .section:
      let side = try name("behind INSERT")
      guard side == "AFTER" || side == "BEFORE" else {
        throw failure("expected AFTER or BEFORE behind INSERT, not '\(side)'")
      }
      return .insert(side, try name("behind INSERT \(side)"))
    case "MEMORY" where block == .top: return .memory(try memory())
    case "PHDRS" where block == .top: return .headers(try headers())
    case "SECTIONS" where block == .top:
      try expect("{", "behind SECTIONS")
      let body = try statements(.sections)
      try expect("}", "at the end of SECTIONS")
      return .sections(body)
    case "REGION_ALIAS" where block == .top:
      let names = try arguments(of: word)
      guard names.count == 2 else { throw failure("REGION_ALIAS has two names") }
      return .alias(names[0], names[1])
    case "OVERLAY" where block == .sections: return .overlay(try overlay())
    case "BYTE", "SHORT", "LONG", "QUAD", "SQUAD":
      guard block == .section else { return nil }
      try expect("(", "behind \(word)")
      let value = try expression()
      try expect(")", "at the end of \(word)")
      return .data(word, value)
    case "ASCIZ" where block == .section: return .text(try name("behind ASCIZ"))
    case "FILL" where block == .section:
      try expect("(", "behind FILL")
      let fill = try self.fill()
      try expect(")", "at the end of FILL")
      return .fill(fill)
    case "CONSTRUCTORS", "CREATE_OBJECT_SYMBOLS", "LINKER_VERSION":
      return block == .section ? .command(word, []) : nil
    case "FORCE_COMMON_ALLOCATION", "INHIBIT_COMMON_ALLOCATION", "FORCE_GROUP_ALLOCATION":
      return block == .top ? .command(word, []) : nil
    case "OUTPUT_FORMAT", "OUTPUT_ARCH", "OUTPUT", "TARGET", "INPUT", "GROUP", "STARTUP",
      "SEARCH_DIR", "NOCROSSREFS", "NOCROSSREFS_TO", "LD_FEATURE", "HLL", "SYSLIB", "FLOAT",
      "NOFLOAT":
      guard block != .section, try lexer.peek() == UInt8(ascii: "(") else { return nil }
      return .command(word, try arguments(of: word))
    case "VERSION" where block == .top:
      try expect("{", "behind VERSION")
      var open = 1
      while open > 0 {
        if try lexer.take("{") {
          open += 1
        } else if try lexer.take("}") {
          open -= 1
        } else {
          if try takeAny([";", "=", "(", ")", ","]) { continue }
          _ = try name("in VERSION")
        }
      }
      return .command(word, [])
    default: return nil
    }
  }

  /// The names between parentheses, nested lists flattened.
  mutating func arguments(of command: String) throws(ScriptError) -> [String] {
    try expect("(", "behind \(command)")
    var names: [String] = []
    var open = 1
    while open > 0 {
      if try lexer.take(")") {
        open -= 1
      } else if try lexer.take("(") {
        open += 1
      } else {
        if try lexer.take(",") { continue }
        names.append(try name("in \(command)"))
      }
    }
    return names
  }

  static let assignmentSigns: [StaticString] = [
    "=", "+=", "-=", "*=", "/=", "&=", "|=", "^=", "<<=", ">>=",
  ]

  mutating func isAssignment() throws(ScriptError) -> Bool {
    let saved = lexer
    let sign = try assignmentSign()
    lexer = saved
    return sign != nil
  }

  mutating func assignmentSign() throws(ScriptError) -> String? {
    for sign in Self.assignmentSigns where try lexer.take(sign) {
      // `==` is a comparison.
      if lexer.byte(0) == UInt8(ascii: "="), sign.utf8CodeUnitCount == 1 { return nil }
      return "\(sign)"
    }
    return nil
  }

  mutating func assignment(
    to target: String
  ) throws(ScriptError) -> ScriptAssignmentSyntax {
    guard let sign = try assignmentSign() else {
      throw failure("expected '=', found \(lexer.found())")
    }
    return ScriptAssignmentSyntax(target: target, sign: sign, value: try expression())
  }
}
