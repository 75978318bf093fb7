// Bytes that a script writes itself: BYTE, LONG and their kin, and what fills gaps.

extension Translator {
  /// The fill of a whole section.
  mutating func fill(_ fill: ScriptFill, _ index: Int, _ place: ScriptPlace) {
    if let digits = fill.hexDigits {
      // A plain hexadecimal number is as many bytes as it has digits.
      let even = digits.utf8.count % 2 == 0 ? digits : "0" + digits
      switch even.utf8.count {
      case 2, 8:
        return outputs[index].attributes.append(
          .line("fill \(LinkerScriptParser.hexadecimal(even));"))
      case 4:
        return outputs[index].attributes.append(
          .line("fill \(LinkerScriptParser.hexadecimal(even + even));"))
      default: return note("a map fills with 1 or 4 bytes, not with 0x\(digits)", place)
      }
    }
    guard let value = value(fill.value), isConstant(fill.value) else {
      return note("the fill is no constant", place)
    }
    let word = UInt32(truncatingIfNeeded: value)
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    if Set(bytes).count == 1 {
      outputs[index].attributes.append(
        .line("fill \(bytes[0] < 10 ? String(bytes[0]) : "0x" + String(bytes[0], radix: 16));"))
    } else if word > 0xff {
      outputs[index].attributes.append(
        .line("fill \(LinkerScriptParser.hexadecimal(String(word, radix: 16)));"))
    } else {
      note(
        "the fill is the four bytes 00 00 00 \(String(word, radix: 16)), which a map cannot say",
        place)
    }
  }

  mutating func slotName(_ section: ScriptSection, _ mark: String?) -> String {
    let wish = mark.map(MapWords.identifier) ?? MapWords.identifier(section.name) + "_word"
    var name = wish
    var number = 1
    while !slotNames.insert(name).inserted {
      number += 1
      name = wish + "_\(number)"
    }
    return name
  }

  /// GNU ld provides what its data refers to; for the linker of a map nobody asks.
  mutating func rootProvided(_ value: ScriptExpression) {
    switch value {
    case .symbol(let name):
      if definedSymbols.contains(name) { tail.append(.line("root \(MapWords.name(name));")) }
    case .unary(_, let value): rootProvided(value)
    case .binary(_, let left, let right):
      rootProvided(left)
      rootProvided(right)
    case .number, .dot, .of, .conditional, .call: break
    }
  }

  /// What an edit of code has to say.
  func codeWord(_ section: ScriptSection) -> String {
    let names = section.contents.flatMap { statement -> [String] in
      if case .input(let input) = statement.kind { return input.patterns.map(\.name) }
      return []
    }
    let code = [".text", ".init", ".fini", ".boot"]
    return (names + [section.name]).contains { name in code.contains { name.hasPrefix($0) } }
      ? " code=yes" : ""
  }

  /// BYTE, SHORT, LONG, QUAD: room in the map, the bytes in the edit script.
  mutating func slot(
    _ word: String, _ value: ScriptExpression, _ statement: ScriptStatement,
    _ section: ScriptSection, _ intervals: inout Intervals
  ) {
    let size = word == "BYTE" ? 1 : word == "SHORT" ? 2 : word == "LONG" ? 4 : 8
    let comments = statement.trivia.before.map { MapNode.comment($0) }
    let behind = statement.trivia.behind.joined(separator: " ")
    let name = slotName(section, intervals.markHere)
    rootProvided(value)
    if let number = self.value(value), isConstant(value) {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
      if Set(bytes).count == 1 {
        let fill = bytes[0] < 10 ? String(bytes[0]) : "0x" + String(bytes[0], radix: 16)
        return intervals.add(
          comments + [.line("slot \(name) { size \(size); fill \(fill); }", behind: behind)])
      }
      let masked = size == 8 ? number : number & ((1 << UInt64(8 * size)) - 1)
      edits.append(
        "put slot:\(name) u\(8 * size):0x\(String(masked, radix: 16))\(codeWord(section))")
    } else if let words = editExpression(value, section, &intervals) {
      edits.append("poke u\(8 * size) slot:\(name) = (\(words))\(codeWord(section))")
    } else {
      intervals.open.nodes += untranslated(
        statement, "the value is nothing that an edit can compute")
    }
    intervals.add(comments + [.line("slot \(name) { size \(size); fill 0; }", behind: behind)])
  }

  /// The value in the words of swold-edit.
  mutating func editExpression(
    _ value: ScriptExpression, _ section: ScriptSection, _ intervals: inout Intervals
  ) -> String? {
    switch value {
    case .number(let number, _):
      return number < 10 ? String(number) : "0x" + String(number, radix: 16)
    case .dot, .conditional, .call: return nil
    case .symbol(let name): return MapWords.isPlain(name) ? "sym(\(name))" : nil
    case .unary: return nil
    case .binary(let sign, let left, let right):
      guard ["+", "-", "*", "/", "&", "|", "<<", ">>"].contains(sign),
        let first = editExpression(left, section, &intervals),
        let second = editExpression(right, section, &intervals)
      else { return nil }
      return "(\(first) \(sign) \(second))"
    case .of(let function, let name):
      guard MapWords.isPlain(name) else { return nil }
      switch function {
      case "ADDR": return "start(sec:\(name))"
      case "SIZEOF": return "size(sec:\(name))"
      case "LOADADDR": return "lma(sec:\(name))"
      default: return nil
      }
    }
  }
}
