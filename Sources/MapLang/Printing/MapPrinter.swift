// A checked map as text: the map that is in force, with everything worked in.
//
// The text is complete: constants stand at their values, included files and branches are merged, and
// what came from the built-in map stands beside what the user wrote. Compiling it gives a map that
// decides and places the same. Two things need care. A rule of the user beats a built-in one that is
// neither more nor less specific; in one text there is no such difference any more, so the built-in
// rule gets an `except` for the user's selectors. And sections that stand in no place stay at the
// top level, which `orphans place` allows.

internal import Text

/// Text that compiles to a map which decides and places as the given one: `--print-section-map`.
public struct MapPrinter {
  private let map: SectionMap
  private var text = ""
  private var indentation = 0

  /// The text of `map`. `header` lines become comments behind the version.
  public static func print(_ map: SectionMap, header: [String] = []) -> String {
    var printer = MapPrinter(map: map)
    printer.printMap(header)
    return printer.text
  }

  private init(map: SectionMap) {
    self.map = map
  }

  // MARK: - Lines

  private mutating func line(_ words: String) {
    text += String(repeating: "    ", count: indentation) + words + "\n"
  }

  private mutating func block(_ head: String, _ body: (inout MapPrinter) -> Void) {
    line(head + " {")
    indentation += 1
    body(&self)
    indentation -= 1
    line("}")
  }

  // MARK: - Map

  private mutating func printMap(_ header: [String]) {
    line("smap \(mapLanguageVersion);")
    for words in header { line("# " + words) }
    if !map.isRelocatable { printPlacement() }
    for section in map.unplaced { printSection(section) }
    for (index, rule) in map.rules.enumerated() where rule.kind != .take && rule.kind != .gather {
      line(words(of: RuleID(index)))
    }
    for symbol in map.symbols {
      line(
        (symbol.provide ? "provide " : "") + (symbol.hidden ? "hidden " : "")
          + "symbol \(Self.name(symbol.name)) = \(words(symbol.value));")
    }
    for assertion in map.assertions {
      line(
        "assert \(words(assertion.condition))"
          + (assertion.message.map { ", \(Self.quoted($0))" } ?? "") + ";")
    }
  }

  /// What -r has no use for.
  private mutating func printPlacement() {
    switch map.pages {
    case .unspecified: break
    case .none: line("pages none;")
    case .size(let size): line("pages \(Self.number(size));")
    }
    line("orphans \(Self.orphans(map.orphans));")
    if let entry = map.entry { line("entry \(Self.name(entry.name));") }
    if !map.roots.isEmpty {
      line("root \(map.roots.map { Self.name($0.name) }.joined(separator: ", "));")
    }
    printSpare()
    for region in map.regions { printRegion(region) }
    for place in map.places { printPlace(place) }
  }

  private static func orphans(_ policy: OrphanPolicy) -> String {
    switch policy {
    case .error: "error"
    case .warn: "warn"
    case .place: "place"
    case .discard: "discard"
    }
  }

  private mutating func printSpare() {
    let items: [(String, UInt64?)] = [
      ("phdrs", map.spare.programHeaders), ("dyntags", map.spare.dynamicTags),
      ("dynstr", map.spare.dynamicStringBytes), ("interp", map.spare.interpreterBytes),
    ]
    let given = items.compactMap { name, count in count.map { "\(name) \($0)" } }
    if !given.isEmpty { line("spare \(given.joined(separator: ", "));") }
  }

  private mutating func printRegion(_ region: Region) {
    let whole = region.parent.map { " in \(map[$0].name)" } ?? ""
    block("region \(region.name)\(whole)") { printer in
      printer.line("at \(Self.number(region.at));")
      if let size = region.size { printer.line("size \(Self.number(size));") }
      if let original = region.mirrors { printer.line("mirrors \(printer.map[original].name);") }
      if let access = region.access { printer.line("access \(access.text);") }
      switch region.load {
      case .at(let address, _): printer.line("load at \(Self.number(address));")
      case .region(let id, _):
        printer.line("load in \(printer.map[id].name)\(Self.alignment(region.loadAlign));")
      case nil: break
      }
      if let fill = region.fill { printer.line("fill \(Self.words(fill));") }
      printer.printBounds(region.bounds)
    }
    for alias in region.aliases { line("region \(alias) = \(region.name);") }
  }

  // MARK: - Places

  private mutating func printPlace(_ place: MapPlace) {
    var head: String
    switch place.target {
    case .region(let id, let at):
      head = "place in \(map[id].name)" + (at.map { " at \(Self.number($0))" } ?? "")
    case .address(let at, let load):
      head = "place at \(Self.number(at))" + (load.map { " load at \(Self.number($0))" } ?? "")
    }
    block(head) { printer in
      printer.printAlignment(place.align, place.pad)
      printer.printBounds(place.bounds)
      printer.printItems(place.items)
    }
  }

  private mutating func printItems(_ items: [PlaceItem]) {
    for item in items {
      switch item {
      case .section(let id): printSection(id)
      case .reserve(let id): printReserve(map[id])
      case .slot(let id): printSlot(map[id])
      case .group(let group): printGroup("group", group)
      case .overlay(let group): printGroup("overlay", group)
      case .segment(let segment):
        let access = segment.access.map { " \($0.text)" } ?? ""
        block("segment \(segment.name)\(access)") { printer in
          printer.printAlignment(segment.align, segment.pad)
          if segment.splits { printer.line("splits;") }
          if segment.relro { printer.line("relro;") }
          printer.printBounds(segment.bounds)
          printer.printItems(segment.items)
        }
      case .image(let id, _): line("image \(Self.name(map[id].name));")
      case .headers: line("headers;")
      case .orphans(let rule): line(words(of: rule))
      }
    }
  }

  private mutating func printGroup(_ word: String, _ group: Group) {
    block(word + (group.name.map { " \($0)" } ?? "")) { printer in
      printer.printAlignment(group.align, group.pad)
      printer.printLoad(group.load, group.loadAlign)
      printer.printBounds(group.bounds)
      printer.printItems(group.items)
    }
  }

  private mutating func printLoad(_ load: LoadAddress?, _ align: UInt64?) {
    switch load {
    case .region(let region, _): line("load in \(map[region].name)\(Self.alignment(align));")
    case .address(let address): printExpression("load at", address)
    case nil: break
    }
  }

  /// ` align 4`, behind `load in R`.
  private static func alignment(_ align: UInt64?) -> String {
    align.map { " align \(number($0))" } ?? ""
  }

  private mutating func printReserve(_ reserve: Reserve) {
    block("reserve \(reserve.name)") { printer in
      printer.printExpression("at", reserve.at)
      printer.printAlignment(reserve.align, nil)
      switch reserve.size {
      case .exactly(let size): printer.printExpression("size", size)
      case .rest: printer.line("size rest;")
      }
      printer.printExpression("min", reserve.min)
      printer.printExpression("max", reserve.max)
      if reserve.high { printer.line("high;") }
      printer.printBounds(reserve.bounds)
    }
  }

  private mutating func printSlot(_ slot: MapSlot) {
    block("slot \(slot.name)") { printer in
      printer.printExpression("at", slot.at)
      printer.printAlignment(slot.align, nil)
      printer.printExpression("size", slot.size)
      for word in slot.words {
        printer.line("word u\(word.size * 8) \(printer.words(word.value));")
      }
      if let fill = slot.fill { printer.line("fill \(Self.words(fill));") }
      if slot.high { printer.line("high;") }
      if slot.required { printer.line("required;") }
    }
  }

  // MARK: - Sections

  private mutating func printSection(_ id: MapSectionID) {
    let section = map[id]
    let needsNothing =
      section.items.count == 1 && section.bounds.isEmpty && section.at == nil
      && section.align == nil && section.pad == nil && section.size == nil && section.min == nil
      && section.max == nil && section.load == nil && section.access == nil
      && section.subalign == nil && section.fill == nil
      && !(section.noload || section.nobits || section.high || section.relro || section.always)
    if needsNothing, case .take(let rule) = section.items[0], map[rule].isImplied,
      exceptions(to: rule).isEmpty
    {
      line("section \(Self.name(section.name));")
      return
    }
    block("section \(Self.name(section.name))") { printer in
      printer.printExpression("at", section.at)
      printer.printAlignment(section.align, section.pad)
      printer.printExpression("size", section.size)
      printer.printExpression("min", section.min)
      printer.printExpression("max", section.max)
      printer.printLoad(section.load, section.loadAlign)
      if let access = section.access { printer.line("access \(access.text);") }
      if let subalign = section.subalign { printer.line("subalign \(subalign);") }
      if let fill = section.fill { printer.line("fill \(Self.words(fill));") }
      if section.noload { printer.line("noload;") }
      if section.nobits { printer.line("nobits;") }
      if section.high { printer.line("high;") }
      if section.relro { printer.line("relro;") }
      if section.always { printer.line("always;") }
      printer.printBounds(section.bounds)
      printer.printItems(section.items)
    }
  }

  private mutating func printItems(_ items: [SectionItem]) {
    for item in items {
      switch item {
      case .take(let rule): line(words(of: rule))
      case .hole(let size): printExpression("reserve", size)
      case .slot(let id): printSlot(map[id])
      case .group(let group):
        block("group" + (group.name.map { " \($0)" } ?? "")) { printer in
          printer.printExpression("at offset", group.offset)
          printer.printAlignment(group.align, group.pad)
          printer.printExpression("size", group.size)
          printer.printExpression("min", group.min)
          printer.printExpression("max", group.max)
          if let fill = group.fill { printer.line("fill \(Self.words(fill));") }
          printer.printBounds(group.bounds)
          printer.printItems(group.items)
        }
      }
    }
  }

  // MARK: - Attributes

  private mutating func printExpression(_ word: String, _ expression: Expression?) {
    if let expression { line("\(word) \(words(expression));") }
  }

  private mutating func printAlignment(_ align: Alignment?, _ pad: Padding?) {
    switch align {
    case .atLeast(let number): line("align \(Self.number(number));")
    case .powerOfTwo(1): line("align pow2;")
    case .powerOfTwo(let minimum): line("align pow2 \(Self.number(minimum));")
    case nil: break
    }
    switch pad {
    case .multiple(let multiple): printExpression("pad", multiple)
    case .powerOfTwo: line("pad pow2;")
    case nil: break
    }
  }

  private mutating func printBounds(_ bounds: [Bound]) {
    for bound in bounds {
      line(
        (bound.provide ? "provide " : "") + (bound.hidden ? "hidden " : "") + bound.edge.spelling
          + " " + bound.names.map { Self.name($0.name) }.joined(separator: ", ") + ";")
    }
  }

  // MARK: - Rules

  private func words(of id: RuleID) -> String {
    let rule = map[id]
    var words =
      (rule.isOptional ? "optional " : "") + (rule.keep ? "keep " : "")
      + (rule.prefer ? "prefer " : "")
    switch rule.kind {
    case .take: words += "take "
    case .discard: words += rule.isForOrphans ? "orphans discard " : "discard "
    case .gather: words += "orphans "
    case .forbid: words += "forbid "
    }
    words += Self.words(rule.selectors)
    let except = rule.except + exceptions(to: id)
    if !except.isEmpty { words += " except " + Self.words(except) }
    if !rule.sort.isEmpty {
      words += " sort " + rule.sort.map(\.spelling).joined(separator: ", ")
    }
    if let order = rule.orderFile { words += " order " + Self.quoted(order.path) }
    if let message = rule.message { words += ", " + Self.quoted(message) }
    return words + ";"
  }

  /// The user's selectors that beat a built-in rule only because they are the user's.
  private func exceptions(to id: RuleID) -> [Selector] {
    let rule = map[id]
    guard rule.isBuiltIn, map.rules.contains(where: { !$0.isBuiltIn }) else { return [] }
    var result: [Selector] = []
    for other in map.rules where !other.isBuiltIn {
      for selector in other.selectors {
        let isRival = rule.selectors.contains { own in
          let order = SelectorRelation(selector, own)
          return order.mayMeet && order.firstIsWithinSecond == order.secondIsWithinFirst
        }
        if isRival { result.append(selector) }
      }
    }
    return result
  }

  /// The selectors of a rule, as the map writes them.
  public static func words(_ selectors: [Selector]) -> String {
    var words: [String] = []
    var index = 0
    while index < selectors.count {
      let file = selectors[index].file
      var sections: [String] = []
      repeat {
        sections.append(Self.words(selectors[index].section))
        index += 1
      } while index < selectors.count && selectors[index].file == file
      let list = sections.joined(separator: " ")
      words.append(file == .any ? list : "\(Self.words(file))(\(list))")
    }
    return words.joined(separator: " ")
  }

  static func words(_ pattern: SectionPattern) -> String {
    switch pattern {
    case .any: "*"
    case .kind(let kind): "@" + kind.name
    case .name(let text, let isLiteral): isLiteral ? quoted(text) : text
    case .family(let text): text + "+"
    }
  }

  static func words(_ pattern: FilePattern) -> String {
    switch pattern {
    case .any: return "*"
    case .linker: return "<linker>"
    case .object(let name, let isLiteral): return isLiteral ? quoted(name) : name
    case .archive(let name, let member, let isLiteral):
      let isPlain = member.isEmpty && name.hasSuffix(".a") && name.utf8.count > 2
      let text = isPlain ? name : name + ":" + member
      return isLiteral ? quoted(text) : text
    }
  }

  // MARK: - Words

  private static func words(_ fill: Fill) -> String {
    switch fill {
    case .pattern(let pattern):
      pattern == (pattern & 0xff) &* 0x0101_0101
        ? "0x" + String(pattern & 0xff, radix: 16) : "0x" + String(pattern, radix: 16)
    case .nop: "nop"
    case .trap: "trap"
    }
  }

  /// Small numbers in decimal, addresses and large powers as people write them.
  static func number(_ number: UInt64) -> String {
    if number < 1024 { return String(number) }
    for (shift, unit) in [(40 as UInt64, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")] {
      let count = number >> shift
      if count << shift == number && count < 1024 { return "\(count) \(unit)" }
    }
    return hexadecimal(number)
  }

  /// A name, in quotes if the language would not read it as one.
  static func name(_ name: String) -> String {
    var isPlain = false
    for (index, byte) in name.utf8.enumerated() {
      let wanted = index == 0 ? ByteClass.beginsName : ByteClass.continuesName
      isPlain = ByteClass.of(byte) & wanted != 0
      if !isPlain { break }
    }
    return isPlain ? name : quoted(name)
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for character in text.unicodeScalars {
      if character == "\"" || character == "\\" { result += "\\" }
      result.unicodeScalars.append(character)
    }
    return result + "\""
  }

  // MARK: - Expressions

  /// The expression with parentheses where the tree needs them.
  func words(_ expression: Expression) -> String { words(expression, 0) }

  private func words(_ expression: Expression, _ level: Int) -> String {
    switch expression {
    case .number(let value, _):
      if let number = UInt64(exactly: value.number) { return Self.number(number) }
      let digits = "-\(value.number.magnitude)"
      return level > 8 ? "(\(digits))" : digits
    case .query(let query, _):
      switch query {
      case .section(let property, let id):
        return "\(property.functionName)(\(Self.name(map[id].name)))"
      case .region(let property, let id): return "\(property.functionName)(\(map[id].name))"
      case .symbol(let name): return "sym(\(Self.name(name)))"
      }
    case .unary(let unaryOperator, let operand, _):
      let sign =
        switch unaryOperator {
        case .negate: "-"
        case .complement: "~"
        case .not: "!"
        }
      return sign + words(operand, 9)
    case .binary(let binaryOperator, let left, let right, _):
      let (sign, own) = Self.sign(binaryOperator)
      // Comparisons do not chain, so both of their sides bind tighter.
      let inner = words(left, own == 2 ? 3 : own) + " \(sign) " + words(right, own + 1)
      return own < level ? "(\(inner))" : inner
    case .call(let function, let arguments, _):
      return "\(function.name)(\(arguments.map { words($0, 0) }.joined(separator: ", ")))"
    }
  }

  private static func sign(_ binaryOperator: BinaryOperator) -> (String, level: Int) {
    switch binaryOperator {
    case .or: ("||", 0)
    case .and: ("&&", 1)
    case .equal: ("==", 2)
    case .notEqual: ("!=", 2)
    case .lessOrEqual: ("<=", 2)
    case .greaterOrEqual: (">=", 2)
    case .less: ("<", 2)
    case .greater: (">", 2)
    case .bitOr: ("|", 3)
    case .bitXor: ("^", 4)
    case .bitAnd: ("&", 5)
    case .shiftLeft: ("<<", 6)
    case .shiftRight: (">>", 6)
    case .add: ("+", 7)
    case .subtract: ("-", 7)
    case .multiply: ("*", 8)
    case .divide: ("/", 8)
    case .remainder: ("%", 8)
    }
  }
}
