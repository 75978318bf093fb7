// The names of a unit that somebody may ask a debugger for, by a walk over its tree of entries.
//
// These are functions, variables, types, enumerators and namespaces, qualified by what they are in. What
// is inside of functions is local to them and not indexed. A definition that was declared elsewhere
// (members of classes) has its name there: DW_AT_specification leads to the declaration, which may stand
// before or behind it, so such names are put together at the end of the unit.

internal import CXXHash
internal import ELF

/// What an index says of a name in a unit.
struct NameAttributes: BitwiseCopyable, Equatable {
  /// As in `.gdb_index` and `.debug_gnu_pubnames`: the kind in bits 4 to 6, bit 7: static.
  let rawValue: UInt8

  init(rawValue: UInt8) { self.rawValue = rawValue & 0xf0 }

  static func type(isStatic: Bool) -> Self { Self(1, isStatic) }
  static func variable(isStatic: Bool) -> Self { Self(2, isStatic) }
  static func function(isStatic: Bool) -> Self { Self(3, isStatic) }
  static var other: Self { Self(4, false) }

  private init(_ kind: UInt8, _ isStatic: Bool) { rawValue = kind << 4 | (isStatic ? 0x80 : 0) }
}

/// A name in a unit of a file.
struct IndexedName: BitwiseCopyable {
  let hash: UInt64
  /// More bits of the hash, for HashNumbering.
  let check: UInt32
  /// The unit's number in its file, and in the upper 8 bits the attributes.
  let unitAndAttributes: UInt32
  let text: ByteView

  static var maximumUnit: Int { 0xff_ffff }

  init(_ text: ByteView, _ attributes: NameAttributes, unit: Int) {
    let hash = swold_xxh3_128(text.buffer.baseAddress, text.count)
    self.hash = hash.low
    check = UInt32(truncatingIfNeeded: hash.high)
    unitAndAttributes = UInt32(attributes.rawValue) << 24 | UInt32(truncatingIfNeeded: unit)
    self.text = text
  }
}

struct NameCollector {
  private(set) var names = GrowingBlock<IndexedName>()
  /// Qualified names, and copies of what does not last.
  private var arena = TextArena()
  private var scopes = GrowingBlock<ByteView>()
  private var declarations = GrowingBlock<Declaration>()
  private var definitions = GrowingBlock<Definition>()

  /// Something with a name that a definition may refer to.
  private struct Declaration: BitwiseCopyable {
    var offset: UInt64
    var scope: ByteView
    var name: DebugValue
    var isExternal: Bool
  }

  private struct Definition: BitwiseCopyable {
    var declaration: UInt64
    var isFunction: Bool
    var isExternal: Bool
  }

  /// Adds a name as it is.
  mutating func add(_ text: DebugFile.Text, _ attributes: NameAttributes, unit: Int) {
    guard !text.bytes.isEmpty else { return }
    let bytes = text.isTemporary ? arena.copy(text.bytes) : text.bytes
    names.append(IndexedName(bytes, attributes, unit: unit))
  }

  /// Adds the names of a unit; false: it is malformed, and none was added.
  mutating func walk(
    _ unit: DebugUnit, number: Int, _ table: inout DebugTable, _ file: inout DebugFile,
    _ abbreviations: inout AbbreviationTable
  ) -> Bool {
    let count = names.count
    guard let section = file.abbreviations(for: unit),
      abbreviations.read(section, at: unit.abbreviations.value, unit.format),
      collect(unit, number, &table, &file, abbreviations)
    else {
      names.truncate(to: count)
      return false
    }
    return true
  }

  private mutating func collect(
    _ unit: DebugUnit, _ number: Int, _ table: inout DebugTable, _ file: inout DebugFile,
    _ abbreviations: AbbreviationTable
  ) -> Bool {
    scopes.truncate(to: 0)
    declarations.truncate(to: 0)
    definitions.truncate(to: 0)
    let isCxx = unit.language == .cxx
    var reader = EntryReader(unit, in: table.bytes)
    guard reader.next(abbreviations, wantsNone: true) else { return false }
    guard reader.entry.hasChildren else { return true }
    var scope = ByteView()
    while !reader.isAtEnd {
      guard reader.next(abbreviations) else { return false }
      let entry = reader.entry
      switch entry.tag {
      case 0:
        // The end of the unit's own children is followed by nothing but padding.
        guard scopes.count > 0 else { return finish(unit, number, &table, &file) }
        scope = scopes.removeLast()
        continue
      case 0x39:  // namespace
        let name = qualified(entry, scope, unit, &table, &file, unnamed: "(anonymous namespace)")
        add(name, .type(isStatic: false), number)
        enter(entry, &scope, name)
        continue
      case 0x1e:  // module
        let name = qualified(entry, scope, unit, &table, &file)
        add(name, .other, number)
        enter(entry, &scope, name)
        continue
      case 0x02, 0x13, 0x17, 0x38:  // class, structure, union, interface types
        let name = typeName(entry, scope, unit, &table, &file)
        if !entry.isDeclaration { add(name, .type(isStatic: !isCxx), number) }
        if unit.language != .other {
          enter(entry, &scope, name)
          continue
        }
      case 0x04:  // enumeration_type
        let name = typeName(entry, scope, unit, &table, &file)
        if !entry.isDeclaration { add(name, .type(isStatic: !isCxx), number) }
        // Enumerators belong to what surrounds the type, unless it is a class.
        enter(entry, &scope, entry.isEnumClass ? name : ByteView())
        continue
      case 0x28:  // enumerator
        add(qualified(entry, scope, unit, &table, &file), .variable(isStatic: !isCxx), number)
      case 0x24, 0x16, 0x21, 0x43, 0x08:
        // base_type, typedef, subrange_type, template_alias, imported_declaration (of another name)
        if !entry.isDeclaration {
          add(qualified(entry, scope, unit, &table, &file), .type(isStatic: true), number)
        }
      case 0x2e: function(entry, scope, unit, number, &table, &file)
      case 0x34, 0x27, 0x0d:  // variable, constant, member
        variable(entry, scope, unit, number, &table, &file)
      default: break
      }
      guard reader.skipChildren(abbreviations) else { return false }
    }
    return finish(unit, number, &table, &file)
  }

  /// Whether names of entries with a tag are collected.
  static func isIndexed(_ tag: UInt16) -> Bool {
    switch tag {
    case 0x39, 0x1e, 0x02, 0x13, 0x17, 0x38, 0x04, 0x28, 0x24, 0x16, 0x21, 0x43, 0x08, 0x2e, 0x34,
      0x27, 0x0d:
      true
    default: false
    }
  }

  /// Goes on among the children of an entry. Those of one without a name have the scope around it.
  private mutating func enter(_ entry: DebugEntry, _ scope: inout ByteView, _ name: ByteView) {
    guard entry.hasChildren else { return }
    scopes.append(scope)
    if !name.isEmpty { scope = name }
  }

  private mutating func add(_ name: ByteView, _ attributes: NameAttributes, _ unit: Int) {
    guard !name.isEmpty else { return }
    names.append(IndexedName(name, attributes, unit: unit))
  }

  /// The name of a type that others may be in. One in a unit of its own is declared where it belongs, and
  /// defined beside that.
  private mutating func typeName(
    _ entry: DebugEntry, _ scope: ByteView, _ unit: DebugUnit, _ table: inout DebugTable,
    _ file: inout DebugFile
  ) -> ByteView {
    if entry.isDeclaration { declare(entry, scope, unit) }
    let home = entry.specification == 0 ? nil : declaration(at: entry.specification)?.scope
    return qualified(entry, home ?? scope, unit, &table, &file)
  }

  // MARK: Functions and variables

  private mutating func function(
    _ entry: DebugEntry, _ scope: ByteView, _ unit: DebugUnit, _ number: Int,
    _ table: inout DebugTable, _ file: inout DebugFile
  ) {
    if entry.isDeclaration { return declare(entry, scope, unit) }
    if entry.specification != 0 { return define(entry, isFunction: true) }
    // One without a name is a copy of a function that has an entry of its own.
    guard entry.name.isThere else { return }
    // (Others may refer to this one as well.)
    declare(entry, scope, unit)
    add(
      qualified(entry, scope, unit, &table, &file), .function(isStatic: !entry.isExternal), number)
  }

  private mutating func variable(
    _ entry: DebugEntry, _ scope: ByteView, _ unit: DebugUnit, _ number: Int,
    _ table: inout DebugTable, _ file: inout DebugFile
  ) {
    if entry.tag == 0x0d {  // member: of all objects together, if it is external
      if entry.isExternal { declare(entry, scope, unit) }
      return
    }
    if entry.isDeclaration { return declare(entry, scope, unit) }
    // (The value of a constant may be with its declaration.)
    if entry.specification != 0 { return define(entry, isFunction: false) }
    guard entry.hasValue else { return }
    add(
      qualified(entry, scope, unit, &table, &file), .variable(isStatic: !entry.isExternal), number)
  }

  private mutating func declare(_ entry: DebugEntry, _ scope: ByteView, _ unit: DebugUnit) {
    declarations.append(
      Declaration(
        offset: UInt64(entry.offset - unit.start), scope: scope, name: entry.name,
        isExternal: entry.isExternal))
  }

  private mutating func define(_ entry: DebugEntry, isFunction: Bool) {
    definitions.append(
      Definition(
        declaration: entry.specification, isFunction: isFunction, isExternal: entry.isExternal))
  }

  /// Names the definitions that have their names elsewhere.
  private mutating func finish(
    _ unit: DebugUnit, _ number: Int, _ table: inout DebugTable, _ file: inout DebugFile
  ) -> Bool {
    for index in 0..<definitions.count {
      let definition = definitions[index]
      guard let declaration = declaration(at: definition.declaration) else { continue }
      let isStatic = !definition.isExternal && !declaration.isExternal
      let entry = DebugEntry(name: declaration.name)
      add(
        qualified(entry, declaration.scope, unit, &table, &file),
        definition.isFunction ? .function(isStatic: isStatic) : .variable(isStatic: isStatic),
        number)
    }
    return true
  }

  private func declaration(at offset: UInt64) -> Declaration? {
    var (low, high) = (0, declarations.count)
    while low < high {
      let middle = (low + high) / 2
      if declarations[middle].offset < offset { low = middle + 1 } else { high = middle }
    }
    guard low < declarations.count, declarations[low].offset == offset else { return nil }
    return declarations[low]
  }

  // MARK: Names

  /// The name of an entry behind that of its scope; empty: it has none.
  private mutating func qualified(
    _ entry: DebugEntry, _ scope: ByteView, _ unit: DebugUnit, _ table: inout DebugTable,
    _ file: inout DebugFile, unnamed: StaticString = ""
  ) -> ByteView {
    var name = DebugFile.Text(bytes: unnamed.view, isTemporary: false)
    if entry.name.isThere {
      guard let text = file.text(entry.name, unit, &table), !text.bytes.isEmpty else {
        return ByteView()
      }
      name = text
    }
    if name.bytes.isEmpty { return ByteView() }
    if unit.isOfGNUCxx, let canonical = CxxNames.canonical(name.bytes, &arena) {
      name = DebugFile.Text(bytes: canonical, isTemporary: false)
    }
    if scope.isEmpty || unit.language == .other {
      return name.isTemporary ? arena.copy(name.bytes) : name.bytes
    }
    return arena.join(scope, unit.language.separator.view, name.bytes)
  }

  /// Gives back what is needed for collecting only.
  func releaseScratch() {
    scopes.release()
    declarations.release()
    definitions.release()
  }
}
