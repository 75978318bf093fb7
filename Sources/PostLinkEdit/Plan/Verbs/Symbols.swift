// symbol: the symbol table that debuggers read, and of the dynamic one what no hash table depends on:
// whether a definition is weak or global.

internal import ELF
internal import Text

extension EditSession {
  /// `symbol ACTION NAME`
  func editSymbol(
    _ pattern: String, _ action: SymbolAction, dynamic changesDynamic: Bool
  ) throws(EditFailure) {
    let selector = SymbolSelector(pattern)
    if action == .unversion { return try unversionDynamic(selector) }
    var dynamic = (matches: 0, changes: 0)
    if changesDynamic { dynamic = try editDynamicSymbol(selector, action) }
    if let binding = action.globalBinding { dynamic = try bindDynamic(selector, binding) }
    if dynamic.changes > 0 { note("\(dynamic.changes) dynamic symbols changed") }
    func nothingMore() throws(EditFailure) {
      if dynamic.changes == 0 { try nothingToDo("the symbols are so already") }
    }
    guard let table = image.symbolTable(SHT.SYMTAB) else {
      if dynamic.matches > 0 { return try nothingMore() }
      if edit.ifNeeded, changesDynamic, case .rename(let new) = action,
        try image.findSymbol(named: new) != nil
      {
        return
      }
      throw EditFailure(
        .notFound, "the file has no .symtab, and the symbol is none that can change in .dynsym",
        hint: "weaken and globalize change what .dynsym defines, too")
    }
    guard table.count > 0, table.section.link > 0 else {
      throw EditFailure(
        .malformed, "'\(table.section.name)' has no null symbol or no table of names")
    }
    if case .add(let value) = action { return try addSymbol(pattern, value, table) }
    var symbols = (0..<table.count).map { table[$0] }
    let selected = symbols.indices.dropFirst().filter { selector.matches(symbols[$0]) }
    guard !selected.isEmpty else {
      if dynamic.matches > 0 { return try nothingMore() }
      if edit.ifNeeded, changesDynamic, case .rename(let new) = action,
        let table = image.symbolTable(SHT.DYNSYM),
        (0..<table.count).contains(where: { table[$0].name.string == new })
      {
        return
      }
      if case .remove = action { return try nothingToDo("there is no symbol '\(pattern)'") }
      if edit.ifNeeded, case .rename(let new) = action,
        symbols.contains(where: { $0.name.string == new })
      {
        return
      }
      throw EditFailure(.notFound, "there is no symbol '\(pattern)'")
    }
    if action.globalBinding == nil, !changesDynamic {
      try checkDynamicNames(selected.map { symbols[$0] })
    }
    var names = Set<String>()
    var strings = image.contents(of: image.sections[Int(table.section.link)])?.array ?? [0]
    var removed = Set<Int>()
    var changes = 0
    var newName: UInt32 = 0
    if case .rename(let new) = action {
      guard !selector.isGlob else {
        throw EditFailure(.value, "rename takes one name, no pattern")
      }
      newName = try offset(ofNew: new, in: &strings, besides: symbols)
      names.insert(new)
    }
    for index in selected {
      names.insert(symbols[index].name.string)
      switch action {
      case .rename:
        symbols[index].nameOffset = newName
        changes += 1
      case .localize, .globalize, .weaken:
        let binding = action == .localize ? STB.LOCAL : action == .globalize ? STB.GLOBAL : STB.WEAK
        if symbols[index].binding == binding { continue }
        guard symbols[index].isDefined || binding == STB.WEAK else {
          throw EditFailure(.value, "'\(symbols[index].name.string)' is undefined")
        }
        symbols[index].info = binding << 4 | symbols[index].type
        changes += 1
      case .hide:
        if symbols[index].other & 3 == STV.HIDDEN { continue }
        symbols[index].other = symbols[index].other & ~3 | STV.HIDDEN
        changes += 1
      case .remove:
        removed.insert(index)
        changes += 1
      case .add, .unversion: break
      }
    }
    guard changes > 0 else { return try nothingMore() }
    plan.symbols?.formUnion(names)
    try writeSymbols(table, symbols, removed, strings)
    note("\(changes) symbols changed")
  }

  /// Where `name` stands in the string table, perhaps from now on.
  private func offset(
    ofNew name: String, in strings: inout [UInt8], besides symbols: [SymbolEntry]
  ) throws(EditFailure) -> UInt32 {
    guard !name.isEmpty, !name.utf8.contains(0) else { throw EditFailure(.value, "bad name") }
    let wanted = Array(name.utf8)
    let isTaken = wanted.withView { view in
      symbols.contains { $0.name == view && $0.binding != STB.LOCAL }
    }
    if isTaken { throw EditFailure(.already, "there is a symbol '\(name)' already") }
    let offset = strings.withView { findString(name, in: $0) } ?? strings.count
    if offset == strings.count { strings += wanted + [0] }
    return UInt32(clamping: offset)
  }

  /// An edit of `.symtab` that `.dynsym` would contradict is refused.
  private func checkDynamicNames(_ selected: [SymbolEntry]) throws(EditFailure) {
    guard !isAllowed(.symbolDynamic), let dynamic = image.symbolTable(SHT.DYNSYM) else { return }
    let names = Set(selected.filter { $0.binding != STB.LOCAL }.map(\.unversionedName))
    for index in 0..<dynamic.count where names.contains(dynamic[index].name) {
      throw EditFailure(
        .symbolDynamic,
        "'\(dynamic[index].name.string)' is also a dynamic symbol, which stays as it is",
        hint: "dynamic=yes changes that, too; --allow SE-SYM-DYNAMIC changes .symtab alone")
    }
  }

  /// Makes definitions of `.dynsym` weak or global, where they are.
  private func bindDynamic(
    _ selector: SymbolSelector, _ binding: UInt8
  ) throws(EditFailure) -> (matches: Int, changes: Int) {
    guard let table = image.symbolTable(SHT.DYNSYM) else { return (0, 0) }
    let place = Int(table.section.offset) + (image.format.is64 ? 4 : 12)
    var (matches, changes) = (0, 0)
    for index in 0..<table.count {
      let symbol = table[index]
      guard symbol.binding != STB.LOCAL, selector.matches(symbol) else { continue }
      matches += 1
      if symbol.binding == binding { continue }
      guard symbol.isDefined else {
        if isAllowed(.symbolDynamic) { continue }
        throw EditFailure(
          .symbolDynamic, "'\(symbol.name.string)' is a dynamic symbol that another file defines",
          hint: "--allow SE-SYM-DYNAMIC changes .symtab alone")
      }
      plan.symbols?.insert(symbol.name.string)
      try writeHeader(
        [binding << 4 | symbol.type], at: place + index * image.format.symbolEntrySize)
      changes += 1
    }
    if changes > 0 { try refresh() }
    return (matches, changes)
  }

  private func addSymbol(
    _ name: String, _ expression: EditExpression, _ table: SymbolTable
  ) throws(EditFailure) {
    let value = try evaluate(expression)
    guard value.value <= image.format.addressLimit else {
      throw EditFailure(.value, "the value does not fit an address")
    }
    if let old = try image.findSymbol(named: name) {
      if old.value == value.value { return try nothingToDo("'\(name)' exists already", .already) }
      throw EditFailure(.already, "there is a symbol '\(name)' already")
    }
    var symbols = (0..<table.count).map { table[$0] }
    var strings = image.contents(of: image.sections[Int(table.section.link)])?.array ?? [0]
    let offset = strings.withView { findString(name, in: $0) } ?? strings.count
    if offset == strings.count { strings += Array(name.utf8) + [0] }
    let home =
      value.isAddress
      ? image.sections.first {
        $0.isLoaded && !$0.takesNoMemory && $0.memoryRange.contains(value.value)
      }
      : nil
    guard (home?.index ?? 0) < Int(SHN.LORESERVE) else {
      throw EditFailure(.unsupported, "the file has too many sections")
    }
    var symbol = symbols[0]
    symbol.nameOffset = UInt32(clamping: offset)
    symbol.value = value.value
    symbol.size = 0
    symbol.info = STB.GLOBAL << 4 | STT.NOTYPE
    symbol.rawSection = home.map { UInt16($0.index) } ?? SHN.ABS
    symbol.section = Int(symbol.rawSection)
    symbols.append(symbol)
    plan.symbols?.insert(name)
    try writeSymbols(table, symbols, [], strings)
    note("symbol '\(name)' = \(hex(value.value))")
  }

  /// Writes `.symtab` anew, locals first, and corrects what counts symbols.
  private func writeSymbols(
    _ table: SymbolTable, _ symbols: [SymbolEntry], _ removed: Set<Int>, _ strings: [UInt8]
  ) throws(EditFailure) {
    guard
      !image.sections.contains(where: {
        $0.type == SHT.SYMTAB_SHNDX && Int($0.link) == table.section.index
      })
    else {
      throw EditFailure(
        .unsupported, "symbols of files with extended section numbers stay as they are")
    }
    let firstGlobal = (0..<table.count).first { table[$0].binding != STB.LOCAL } ?? table.count
    guard firstGlobal == Int(table.section.info),
      (firstGlobal..<table.count).allSatisfy({ table[$0].binding != STB.LOCAL })
    else {
      throw EditFailure(.malformed, "the local symbols of '\(table.section.name)' are not first")
    }
    let kept = symbols.indices.filter { !removed.contains($0) }
    let order =
      kept.filter { symbols[$0].binding == STB.LOCAL }
      + kept.filter { symbols[$0].binding != STB.LOCAL }
    var map: [Int: Int] = [:]
    for (new, old) in order.enumerated() { map[old] = new }
    let format = image.format
    let content = order.flatMap { symbols[$0].record.encoded(format) }
    var edits = sectionEdits()
    let index = table.section.index
    edits[index - 1].content = content
    edits[index - 1].section.info = UInt32(order.prefix { symbols[$0].binding == STB.LOCAL }.count)
    let stringIndex = Int(table.section.link)
    if image.contents(of: image.sections[stringIndex])?.count != strings.count {
      edits[stringIndex - 1].content = strings
    }
    for name in [table.section.name, image.sections[stringIndex].name] {
      plan.contents.insert(name)
      plan.headers.insert(name)
    }
    // Emitted relocations name symbols by number.
    for section in image.sections
    where (section.type == SHT.REL || section.type == SHT.RELA) && Int(section.link) == index {
      guard !section.isLoaded, var content = image.contents(of: section)?.array else {
        throw EditFailure(.unsupported, "loaded relocations name symbols of .symtab")
      }
      let word = format.wordSize
      let size = word * (section.type == SHT.RELA ? 3 : 2)
      for start in stride(from: 0, to: content.count - content.count % size, by: size) {
        let field = (start + word)..<(start + 2 * word)
        let info = Format.decode(content[field], format.order)
        let shift: UInt64 = format.is64 ? 32 : 8
        guard let new = map[Int(info >> shift)] else {
          throw EditFailure(.linked, "a relocation of '\(section.name)' uses a removed symbol")
        }
        let changed = UInt64(new) << shift | info & ((1 << shift) - 1)
        content.replaceSubrange(field, with: format.encode(changed, size: word))
      }
      edits[section.index - 1].content = content
      plan.contents.insert(section.name)
    }
    try rewriteSections(edits)
  }
}

extension SymbolAction {
  /// The binding that `.dynsym` can get, too.
  fileprivate var globalBinding: UInt8? {
    switch self {
    case .globalize: STB.GLOBAL
    case .weaken: STB.WEAK
    case _: nil
    }
  }
}

extension SymbolEntry {
  /// `f` of `f@V` and `f@@V`, as linkers write versions into `.symtab`.
  fileprivate var unversionedName: ByteView {
    name.firstIndex(of: UInt8(ascii: "@")).flatMap { name.slice(0, $0) } ?? name
  }
}

/// A name, or `glob:PATTERN`. A pattern without a version selects every version.
struct SymbolSelector {
  let isGlob: Bool
  private let pattern: Glob
  private let namesVersion: Bool

  init(_ text: String) {
    isGlob = text.hasPrefix("glob:")
    pattern = isGlob ? Glob(text.dropFirst(5).utf8, .wildcards) : Glob(literal: text.utf8)
    namesVersion = text.utf8.contains(UInt8(ascii: "@"))
  }

  func matches(_ symbol: SymbolEntry) -> Bool {
    guard !symbol.name.isEmpty, symbol.type != STT.FILE, symbol.type != STT.SECTION else {
      return false
    }
    let name = namesVersion ? symbol.name : symbol.unversionedName
    return name.withSpan { pattern.matches($0) }
  }
}
