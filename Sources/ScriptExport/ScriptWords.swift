// Numbers, names, patterns and expressions as a GNU ld script writes them.

internal import MapLang

enum ScriptWords {
  static func number(_ number: UInt64) -> String {
    if number >= 1 << 10 && number < 1 << 26 {
      for (shift, unit) in [(20 as UInt64, "M"), (10, "K")] {
        if number & (1 << shift - 1) == 0 && number >> shift < 1 << 14 {
          return "\(number >> shift)\(unit)"
        }
      }
    }
    return number < 4096 ? String(number) : "0x" + String(number, radix: 16)
  }

  /// A symbol or section; in quotes if the script would read it as something else.
  static func name(_ name: String) -> String {
    let isPlain =
      !name.isEmpty && name != "."
      && name.utf8.enumerated().allSatisfy { index, byte in
        switch byte {
        case 0x41...0x5a, 0x61...0x7a, 0x5f, 0x2e, 0x24: true
        case 0x30...0x39: index > 0
        default: false
        }
      }
    return isPlain ? name : "\"\(name)\""
  }

  static let wildcards = Set("*?[]\\".utf8)

  /// The names that a pattern matches, as patterns of a script.
  static func names(_ pattern: SectionPattern) -> [String] {
    switch pattern {
    case .any: return ["*"]
    case .name(let text, _): return [text.utf8.contains(0x20) ? "\"\(text)\"" : negated(text)]
    case .family(let text): return [text, text + ".*"]
    case .kind(let kind): return names(kind)
    }
  }

  /// `[!x]` is `[^x]` in a script.
  private static func negated(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      result.unicodeScalars.append(result.hasSuffix("[") && character == "!" ? "^" : character)
    }
    return result
  }

  /// What sections of a kind are customarily called.
  static func names(_ kind: SectionKind) -> [String] {
    func family(_ names: String...) -> [String] { names.flatMap { [$0, $0 + ".*"] } }
    switch kind {
    case .code: return family(".text") + [".gnu.linkonce.t.*", ".init", ".fini"]
    case .rodata: return family(".rodata", ".srodata") + [".gnu.linkonce.r.*"]
    case .data: return family(".data", ".sdata") + [".gnu.linkonce.d.*", ".gnu.linkonce.s.*"]
    case .bss:
      return family(".bss", ".sbss") + [
        ".gnu.linkonce.b.*", ".gnu.linkonce.sb.*", ".scommon", "COMMON",
      ]
    case .tdata: return family(".tdata") + [".gnu.linkonce.td.*"]
    case .tbss: return family(".tbss") + [".gnu.linkonce.tb.*", ".tcommon"]
    case .note: return family(".note")
    case .alloc:
      return [SectionKind.code, .rodata, .data, .bss, .tdata, .tbss, .note].flatMap { names($0) }
    }
  }

  /// GNU ld compares whole paths, so a name may have folders before it.
  static func file(_ pattern: FilePattern) -> String {
    func anywhere(_ name: String) -> String {
      let text = name.hasPrefix("*") || name.hasPrefix("/") ? name : "*" + name
      return text.utf8.contains(0x20) ? "\"\(text)\"" : text
    }
    switch pattern {
    case .any, .linker: return "*"
    case .object(let name, _): return anywhere(name)
    case .archive(let name, let member, _):
      if name.isEmpty { return ":" + anywhere(member) }
      return anywhere(name) + ":" + (member.isEmpty ? "*" : member)
    }
  }

  static func fill(_ word: UInt32) -> String {
    let byte = word & 0xff
    if word == byte &* 0x0101_0101 { return "0x" + padded(byte, 2) }
    return "0x" + padded(word, 8)
  }

  private static func padded(_ number: UInt32, _ width: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: width - digits.utf8.count) + digits
  }

  static func quoted(_ text: String) -> String {
    "\""
      + text.unicodeScalars.map { "\"\\\n\r".unicodeScalars.contains($0) ? "'" : String($0) }
      .joined() + "\""
  }
}

/// Why an expression has no counterpart in a script.
struct NoCounterpart: Error {
  var reason: String
}

extension Exporter {
  func words(_ expression: Expression) throws(NoCounterpart) -> String {
    switch expression {
    case .number(let value, _):
      if let number = value.unsigned { return ScriptWords.number(number) }
      return "(-\(value.number.magnitude))"
    case .query(let query, _): return try words(query)
    case .unary(let sign, let operand, _):
      let inner = try tight(operand)
      switch sign {
      case .negate: return "(-\(inner))"
      case .complement: return "~\(inner)"
      case .not: return "!\(inner)"
      }
    case .binary(let sign, let left, let right, _):
      let (first, second) = (try tight(left), try tight(right))
      return "\(first) \(Self.sign(sign)) \(second)"
    case .call(let function, let arguments, _):
      var list: [String] = []
      for argument in arguments { list.append(try words(argument)) }
      switch function {
      case .min, .max:
        let name = function == .min ? "MIN" : "MAX"
        guard var text = list.first else { return "0" }
        for next in list.dropFirst() { text = "\(name)(\(text), \(next))" }
        return text
      case .alignUp: return "ALIGN(\(list.joined(separator: ", ")))"
      case .alignDown:
        guard list.count == 2 else { throw NoCounterpart(reason: "align_down of one number") }
        return "(\(list[0])) / (\(list[1])) * (\(list[1]))"
      case .pow2Ceil: return "1 << LOG2CEIL(\(list.first ?? "0"))"
      }
    }
  }

  /// In parentheses unless it is one word.
  private func tight(_ expression: Expression) throws(NoCounterpart) -> String {
    let text = try words(expression)
    switch expression {
    case .number, .unary: return text
    case .query where !text.contains(" "): return text
    case .call(let function, _, _) where function != .alignDown && function != .pow2Ceil:
      return text
    default: return "(\(text))"
    }
  }

  private func words(_ query: Query) throws(NoCounterpart) -> String {
    switch query {
    case .symbol(let name): return ScriptWords.name(name)
    case .section(let property, let id):
      let name = ScriptWords.name(map[id].name)
      switch property {
      case .address: return "ADDR(\(name))"
      case .end: return "ADDR(\(name)) + SIZEOF(\(name))"
      case .size: return "SIZEOF(\(name))"
      case .loadAddress: return "LOADADDR(\(name))"
      case .loadEnd: return "LOADADDR(\(name)) + SIZEOF(\(name))"
      case .alignment: return "ALIGNOF(\(name))"
      case .fileOffset: throw NoCounterpart(reason: "a script does not know offsets in the file")
      }
    case .region(let property, let id):
      let region = map[id]
      let name = ScriptWords.name(region.name)
      switch property {
      case .start: return isWhole(id) ? "ORIGIN(\(name))" : ScriptWords.number(region.at)
      case .size:
        guard let size = region.size else { throw NoCounterpart(reason: "the region has no size") }
        return isWhole(id) ? "LENGTH(\(name))" : ScriptWords.number(size)
      case .end:
        guard let size = region.size else { throw NoCounterpart(reason: "the region has no size") }
        return isWhole(id)
          ? "ORIGIN(\(name)) + LENGTH(\(name))" : ScriptWords.number(region.at &+ size)
      case .used, .free: throw NoCounterpart(reason: "a script does not know how full a region is")
      }
    }
  }

  private static func sign(_ sign: BinaryOperator) -> String {
    switch sign {
    case .or: "||"
    case .and: "&&"
    case .equal: "=="
    case .notEqual: "!="
    case .lessOrEqual: "<="
    case .greaterOrEqual: ">="
    case .less: "<"
    case .greater: ">"
    case .bitOr: "|"
    case .bitXor: "^"
    case .bitAnd: "&"
    case .shiftLeft: "<<"
    case .shiftRight: ">>"
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .remainder: "%"
    }
  }

  /// The words, or nil and a note.
  mutating func value(_ expression: Expression, _ what: String) -> String? {
    do throws(NoCounterpart) { return try words(expression) } catch {
      leaveOut(what, error.reason, expression.position)
      return nil
    }
  }

  /// The number, if it is one.
  func constant(_ expression: Expression?) -> UInt64? { expression?.constant?.unsigned }

  static func assignment(_ name: String, _ value: String, provide: Bool, hidden: Bool) -> String {
    let words = "\(ScriptWords.name(name)) = \(value)"
    return provide
      ? "\(hidden ? "PROVIDE_HIDDEN" : "PROVIDE")(\(words));"
      : hidden ? "HIDDEN(\(words));" : "\(words);"
  }
}
