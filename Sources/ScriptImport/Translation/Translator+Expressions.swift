// Expressions of a script in the words of a map.

/// What an expression of a map may see.
enum ScriptExpressionLevel { case constant, placement, observing }

extension Translator {
  private static let tightness: [String: (script: String, level: Int)] = [
    "||": ("||", 1), "&&": ("&&", 2), "==": ("==", 3), "!=": ("!=", 3), "<=": ("<=", 3),
    ">=": (">=", 3), "<": ("<", 3), ">": (">", 3), "|": ("|", 4), "^": ("^", 5), "&": ("&", 6),
    "<<": ("<<", 7), ">>": (">>", 7), "+": ("+", 8), "-": ("-", 8), "*": ("*", 9), "/": ("/", 9),
    "%": ("%", 9),
  ]

  mutating func expression(
    _ value: ScriptExpression, _ level: ScriptExpressionLevel, _ dot: MapExpression? = nil
  ) throws(Untranslatable) -> MapExpression {
    switch value {
    case .number(_, let text): return MapExpression(text)
    case .dot:
      guard let dot else {
        throw Untranslatable(reason: "the location counter has no counterpart here")
      }
      if level != .observing, dot.text.contains("(") {
        throw Untranslatable(reason: "the address is not known before the layout")
      }
      if dot.text.contains("end("), let counterSection { referenced.insert(counterSection) }
      return dot
    case .symbol(let name): return try symbol(name, level)
    case .unary(let sign, let operand):
      let words = try expression(operand, level, dot)
      return MapExpression(sign + Self.tight(words, MapExpression.primary - 1), 10)
    case .binary(let sign, let left, let right):
      guard let (text, tightness) = Self.tightness[sign] else {
        throw Untranslatable(reason: "a map has no operator '\(sign)'")
      }
      let first = try expression(left, level, dot)
      let second = try expression(right, level, dot)
      // Comparisons do not chain.
      let own = tightness == 3 ? 4 : tightness
      return MapExpression(
        "\(Self.tight(first, own)) \(text) \(Self.tight(second, tightness + 1))", tightness)
    case .conditional(let condition, let first, let second):
      return try conditional(condition, first, second, level, dot)
    case .call(let name, let values): return try call(name, values, level, dot)
    case .of(let name, let argument): return try function(name, argument, level)
    }
  }

  /// The words, in parentheses if they bind less tightly than `level`.
  static func tight(_ words: MapExpression, _ level: Int) -> String {
    words.tightness < level ? "(\(words.text))" : words.text
  }

  private mutating func symbol(
    _ name: String, _ level: ScriptExpressionLevel
  ) throws(Untranslatable) -> MapExpression {
    if level == .observing { return MapExpression("sym(\(MapWords.name(name)))") }
    guard constants[name] != nil else {
      throw Untranslatable(reason: "'\(name)' has no value before the layout is known")
    }
    guard MapWords.isPlain(name), !MapWords.reserved.contains(name) else {
      throw Untranslatable(reason: "'\(name)' cannot be the name of a constant")
    }
    need(name)
    return MapExpression(name)
  }

  private mutating func conditional(
    _ condition: ScriptExpression, _ first: ScriptExpression, _ second: ScriptExpression,
    _ level: ScriptExpressionLevel, _ dot: MapExpression?
  ) throws(Untranslatable) -> MapExpression {
    if case .of("DEFINED", let name) = condition, defaults.contains(name) {
      need(name)
      return MapExpression(name)
    }
    if let known = self.value(condition) {
      return try expression(known != 0 ? first : second, level, dot)
    }
    // a > b ? a : b
    if case .binary(let sign, let left, let right) = condition,
      [">", ">=", "<", "<="].contains(sign),
      (left == first && right == second) || (left == second && right == first)
    {
      let isMax = (left == first) == sign.hasPrefix(">")
      return try call(isMax ? "MAX" : "MIN", [first, second], level, dot)
    }
    return try chosen(condition, first, second, level, dot)
  }

  /// A condition that no constant decides: a map has no `?:`, but comparisons are numbers.
  private mutating func chosen(
    _ condition: ScriptExpression, _ first: ScriptExpression, _ second: ScriptExpression,
    _ level: ScriptExpressionLevel, _ dot: MapExpression?
  ) throws(Untranslatable) -> MapExpression {
    let opposite = ["==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"]
    let holds: String
    let fails: String
    if case .binary(let sign, let left, let right) = condition, let other = opposite[sign] {
      let operands = (try expression(left, level, dot), try expression(right, level, dot))
      let (a, b) = (Self.tight(operands.0, 4), Self.tight(operands.1, 4))
      (holds, fails) = ("(\(a) \(sign) \(b))", "(\(a) \(other) \(b))")
    } else {
      let words = Self.tight(try expression(condition, level, dot), 4)
      (holds, fails) = ("(\(words) != 0)", "(\(words) == 0)")
    }
    func isZero(_ value: ScriptExpression) -> Bool { isConstant(value) && self.value(value) == 0 }
    var terms: [String] = []
    if !isZero(first) {
      terms.append("\(holds) * \(Self.tight(try expression(first, level, dot), 10))")
    }
    if !isZero(second) {
      terms.append("\(fails) * \(Self.tight(try expression(second, level, dot), 10))")
    }
    let text = terms.isEmpty ? "0" : terms.joined(separator: " + ")
    guard text.utf8.count < 1000 else {
      throw Untranslatable(reason: "a map has no '?:', and what stands for it would be too long")
    }
    return MapExpression(text, terms.count == 2 ? 8 : 9)
  }

  private mutating func call(
    _ name: String, _ values: [ScriptExpression], _ level: ScriptExpressionLevel,
    _ dot: MapExpression?
  ) throws(Untranslatable) -> MapExpression {
    switch name {
    case "ABSOLUTE", "DATA_SEGMENT_END": return try expression(values[0], level, dot)
    case "ALIGN", "BLOCK", "NEXT":
      let base = try expression(values.count == 2 ? values[0] : .dot, level, dot)
      let multiple = try expression(values[values.count - 1], level, dot)
      return MapExpression("align_up(\(base.text), \(multiple.text))")
    case "MAX", "MIN":
      let first = try expression(values[0], level, dot)
      let second = try expression(values[1], level, dot)
      return MapExpression("\(name == "MAX" ? "max" : "min")(\(first.text), \(second.text))")
    case "LOG2CEIL":
      guard let number = value(values[0]) else {
        throw Untranslatable(reason: "a map has no LOG2CEIL")
      }
      return MapExpression(String(number < 2 ? 0 : 64 - (number - 1).leadingZeroBitCount))
    case "DATA_SEGMENT_ALIGN":
      let base = try expression(.dot, level, dot)
      let multiple = try expression(values[0], level, dot)
      return MapExpression("align_up(\(base.text), \(multiple.text))")
    case "DATA_SEGMENT_RELRO_END": return try expression(values[1], level, dot)
    case "SIZEOF_HEADERS":
      throw Untranslatable(reason: "a map has no number for the size of the headers")
    default: throw Untranslatable(reason: "a map has no \(name) in an expression")
    }
  }

  private mutating func function(
    _ name: String, _ argument: String, _ level: ScriptExpressionLevel
  ) throws(Untranslatable) -> MapExpression {
    switch name {
    case "ORIGIN", "LENGTH":
      guard let region = regionName(argument) else {
        throw Untranslatable(reason: "MEMORY has no '\(argument)'")
      }
      return MapExpression(name == "ORIGIN" ? "start(\(region))" : "size(\(region))")
    case "ADDR", "LOADADDR", "SIZEOF", "ALIGNOF":
      guard sectionNames.contains(argument) else {
        if name == "SIZEOF" || name == "ALIGNOF" { return MapExpression("0") }
        throw Untranslatable(reason: "the script has no section '\(argument)'")
      }
      let isAddress = name == "ADDR" || name == "LOADADDR"
      guard level == .observing || level == .placement && !isAddress else {
        throw Untranslatable(reason: "'\(argument)' has no address or size before the layout")
      }
      referenced.insert(argument)
      let word = [
        "ADDR": "start", "LOADADDR": "load_start", "SIZEOF": "size", "ALIGNOF": "align_of",
      ][name]!
      return MapExpression("\(word)(\(MapWords.name(argument)))")
    case "CONSTANT":
      guard ["MAXPAGESIZE", "COMMONPAGESIZE"].contains(argument) else {
        throw Untranslatable(reason: "a map has no CONSTANT(\(argument))")
      }
      usesPageConstants = true
      return MapExpression("page_size")
    case "DEFINED":
      if constants[argument] != nil || definedSymbols.contains(argument) {
        return MapExpression("1")
      }
      throw Untranslatable(reason: "a map has no DEFINED()")
    default: throw Untranslatable(reason: "a map has no \(name)()")
    }
  }

  // MARK: - Values

  func isConstant(_ value: ScriptExpression) -> Bool {
    switch value {
    case .number: true
    case .dot: false
    case .symbol(let name): constants[name] != nil
    case .unary(_, let value): isConstant(value)
    case .binary(_, let left, let right): isConstant(left) && isConstant(right)
    case .conditional(.of("DEFINED", let name), _, _) where defaults.contains(name): true
    case .conditional(let condition, _, _): self.value(condition) != nil && self.value(value) != nil
    case .call("MAX", let values), .call("MIN", let values): values.allSatisfy(isConstant)
    case .call("ALIGN", let values): values.count == 2 && values.allSatisfy(isConstant)
    case .call("ABSOLUTE", let values): isConstant(values[0])
    case .call: false
    case .of("ORIGIN", let name), .of("LENGTH", let name):
      memories.contains { $0.name == name } || aliases.contains { $0.name == name }
    case .of: false
    }
  }

  /// The number, if it depends on nothing else; as 64-bit arithmetic that wraps, like the script's.
  func value(_ value: ScriptExpression, depth: Int = 0) -> UInt64? {
    guard depth < 64 else { return nil }
    switch value {
    case .number(let number, _): return number
    case .dot: return constantCounter
    case .symbol(let name):
      return constantValues[name]
    case .unary(let sign, let operand):
      guard let number = self.value(operand, depth: depth + 1) else { return nil }
      return sign == "-" ? 0 &- number : sign == "~" ? ~number : number == 0 ? 1 : 0
    case .binary(let sign, let left, let right):
      guard let a = self.value(left, depth: depth + 1), let b = self.value(right, depth: depth + 1)
      else { return nil }
      return Self.apply(sign, a, b)
    case .conditional(.of("DEFINED", let name), _, _) where defaults.contains(name):
      return constantValues[name]
    case .conditional(let condition, let first, let second):
      guard let known = self.value(condition, depth: depth + 1) else { return nil }
      return self.value(known != 0 ? first : second, depth: depth + 1)
    case .call(let name, let values): return called(name, values, depth)
    case .of(let name, let argument):
      guard name == "ORIGIN" || name == "LENGTH", let region = regionName(argument, byScript: true),
        let memory = memories.first(where: { $0.name == region })
      else { return nil }
      return self.value(name == "ORIGIN" ? memory.origin : memory.length, depth: depth + 1)
    }
  }

  private func called(_ name: String, _ values: [ScriptExpression], _ depth: Int) -> UInt64? {
    func number(_ index: Int) -> UInt64? { value(values[index], depth: depth + 1) }
    switch name {
    case "ABSOLUTE": return number(0)
    case "MAX", "MIN":
      guard let a = number(0), let b = number(1) else { return nil }
      return name == "MAX" ? max(a, b) : min(a, b)
    case "ALIGN", "BLOCK", "NEXT":
      guard let base = values.count == 2 ? number(0) : constantCounter,
        let multiple = number(values.count - 1), multiple > 0
      else { return nil }
      let rest = base % multiple
      return rest == 0 ? base : base &+ (multiple - rest)
    default: return nil
    }
  }

  private static func apply(_ sign: String, _ a: UInt64, _ b: UInt64) -> UInt64? {
    switch sign {
    case "+": a &+ b
    case "-": a &- b
    case "*": a &* b
    case "/": b == 0 ? nil : a / b
    case "%": b == 0 ? nil : a % b
    case "&": a & b
    case "|": a | b
    case "^": a ^ b
    case "<<": b > 63 ? 0 : a << b
    case ">>": b > 63 ? 0 : a >> b
    case "==": a == b ? 1 : 0
    case "!=": a != b ? 1 : 0
    case "<": a < b ? 1 : 0
    case ">": a > b ? 1 : 0
    case "<=": a <= b ? 1 : 0
    case ">=": a >= b ? 1 : 0
    case "&&": a != 0 && b != 0 ? 1 : 0
    case "||": a != 0 || b != 0 ? 1 : 0
    default: nil
    }
  }

  // MARK: - Regions

  /// The region that a name of MEMORY or REGION_ALIAS means; as the script or the map calls it.
  func regionName(_ name: String, byScript: Bool = false) -> String? {
    var name = name
    for _ in 0...aliases.count {
      if memories.contains(where: { $0.name == name }) {
        return byScript || MapWords.isPlain(name) && !MapWords.reserved.contains(name)
          ? name : MapWords.identifier(name)
      }
      guard let alias = aliases.first(where: { $0.name == name }) else { return nil }
      name = alias.target
    }
    return nil
  }
}
