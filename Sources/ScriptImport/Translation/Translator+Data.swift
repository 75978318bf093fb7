// Bytes that a script writes itself: BYTE, LONG and their kin, and what fills gaps.

internal import Text

extension Translator {
  /// The fill of a whole section.
  mutating func fill(_ fill: ScriptFill, _ index: Int, _ place: ScriptPlace) {
    if let digits = fill.hexDigits {
      // A plain hexadecimal number is as many bytes as it has digits.
      let even = digits.utf8.count % 2 == 0 ? digits : "0" + digits
      switch even.utf8.count {
      case 2, 8:
        return outputs[index].attributes.append(
          .line("fill \(hexadecimal(digits: even));"))
      case 4:
        return outputs[index].attributes.append(
          .line("fill \(hexadecimal(digits: even + even));"))
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
        .line("fill \(hexadecimal(UInt64(word)));"))
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

  /// BYTE, SHORT, LONG, QUAD: words of a slot; what follows another word without a mark joins its slot.
  mutating func word(
    _ word: String, _ value: ScriptExpression, _ statement: ScriptStatement,
    _ section: ScriptSection, _ intervals: inout Intervals
  ) {
    let bits: UInt64 = word == "BYTE" ? 8 : word == "SHORT" ? 16 : word == "LONG" ? 32 : 64
    do throws(Untranslatable) {
      let text = try wordText(value, bits, section, &intervals)
      add(
        .line("word u\(bits) \(text);", behind: statement.trivia.behind.joined(separator: " ")),
        statement, section, &intervals)
    } catch {
      note("\(error.reason): \(statement.words)", statement.place)
      let zero = MapNode.line(
        "word u\(bits) 0;", behind: "not imported (\(error.reason)): \(statement.words)")
      add(zero, statement, section, &intervals)
    }
  }

  private mutating func wordText(
    _ value: ScriptExpression, _ bits: UInt64, _ section: ScriptSection,
    _ intervals: inout Intervals
  ) throws(Untranslatable) -> String {
    rootProvided(value)
    if isConstant(value), let number = self.value(value) {
      let mask: UInt64 = bits == 64 ? .max : (1 << bits) - 1
      // GNU ld drops what is too long.
      if number > mask {
        return hexadecimal(number & mask)
      }
      return try expression(value, .constant).text
    }
    let saved = anchor
    defer { anchor = saved }
    return try expression(value, .observing, here(section, value, &intervals)).text
  }

  /// GNU ld provides what its data refers to; for the linker of a map nobody asks.
  private mutating func rootProvided(_ value: ScriptExpression) {
    switch value {
    case .symbol(let name):
      if definedSymbols.contains(name), rootedSymbols.insert(name).inserted {
        tail.append(.line("root \(MapWords.name(name));"))
      }
    case .unary(_, let value): rootProvided(value)
    case .binary(_, let left, let right):
      rootProvided(left)
      rootProvided(right)
    case .conditional(let a, let b, let c): for value in [a, b, c] { rootProvided(value) }
    case .call(_, let values): for value in values { rootProvided(value) }
    case .number, .dot, .of: break
    }
  }

  /// ASCIZ: the bytes of the text and a zero.
  mutating func text(
    _ text: String, _ statement: ScriptStatement, _ section: ScriptSection,
    _ intervals: inout Intervals
  ) {
    let bytes = text.utf8.map { $0 < 10 ? String($0) : "0x" + String($0, radix: 16) } + ["0"]
    var start = 0
    while start < bytes.count {
      let line = bytes[start..<min(start + 12, bytes.count)].joined(separator: ", ")
      let behind = start == 0 ? "\"\(text)\"" : ""
      add(.line("word u8 \(line);", behind: behind), statement, section, &intervals)
      start += 12
    }
  }

  private mutating func add(
    _ line: MapNode, _ statement: ScriptStatement, _ section: ScriptSection,
    _ intervals: inout Intervals
  ) {
    let comments = statement.trivia.before.map { MapNode.comment($0) }
    if let (head, body) = intervals.openSlot {
      intervals.open.nodes[intervals.open.nodes.count - 1] = .block(head, body + comments + [line])
      return
    }
    let name = slotName(section, intervals.markHere)
    intervals.add(comments + [.block("slot \(name)", [line])])
  }
}
