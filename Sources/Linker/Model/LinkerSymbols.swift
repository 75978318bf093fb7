// The symbols that the linker itself defines or asks for: `_end`, `__init_array_start`,
// `__start_NAME`, --defsym, and the references of -u and -e.
//
// They are rows of the linker's own file, like the symbols of any object: name resolution, versioning and output
// need no special case. The names are known before names are resolved; which of them get a value, and which
// value, is decided when addresses are known.

internal import ELF
internal import Glibc
internal import MapLang

/// What gives a linker-made symbol its value.
enum LinkerSymbolRole: Sendable, Hashable {
  /// Only a reference: -u, -e, EXTERN, what assignments refer to.
  case reference
  /// A boundary or other symbol that the section map defines.
  case map
  /// --defsym, an assignment of a script, `symbol` of the map: the statement that counts.
  case assignment(Int)
  /// `__start_NAME` and `__stop_NAME` of an output section named by a C identifier.
  case sectionStart(String)
  case sectionStop(String)
  /// Symbols of the ABI that no map need mention.
  case globalOffsetTable
  case dynamicSection
  case tlsModuleBase
  case ehdrStart
  case relaIpltStart
  case relaIpltEnd
  case dsoHandle
  /// The middle of the small data.
  case smallDataPointer
}

final class LinkerSymbols: @unchecked Sendable {
  // Sendable: filled serially while inputs are read.

  struct Entry: Sendable {
    let name: String
    var role: LinkerSymbolRole
    /// Define only what somebody references and nobody defines.
    var isProvided: Bool
    /// `STV` of the definition.
    var visibility: UInt8
    /// Its value does not move with the program.
    var isAbsolute = false
    /// STT_OBJECT: a slot.
    var isObject = false
    /// Where the map names it.
    var position: SourcePosition?
    /// -u, -e and their kin ask for it, whether or not the linker itself defines it.
    var isRequested = false
    /// An archive member that defines it takes part.
    var isWanted = false
    /// The first statement takes the value that the name has in the inputs: `foo = foo + 1`.
    var isExtended = false

    var isHidden: Bool { visibility == STV.HIDDEN }
  }

  private(set) var entries: [Entry] = []
  /// All statements, in order.
  private(set) var assignments: [Assignment] = []
  private var table = Block<Symbol>(count: 0)
  private var known: [String: Int] = [:]

  /// Adds a symbol unless the name is there already; a definition replaces a reference.
  func add(
    _ name: String, _ role: LinkerSymbolRole, provided: Bool = true, hidden: Bool = true,
    absolute: Bool = false, object: Bool = false, at position: SourcePosition? = nil
  ) {
    add(
      name, role, provided: provided, visibility: hidden ? STV.HIDDEN : STV.DEFAULT,
      absolute: absolute, object: object, at: position)
  }

  /// As above, with a visibility of the gABI.
  func add(
    _ name: String, _ role: LinkerSymbolRole, provided: Bool = true, visibility: UInt8,
    absolute: Bool = false, object: Bool = false, at position: SourcePosition? = nil
  ) {
    var entry = Entry(
      name: name, role: role, isProvided: provided, visibility: visibility, isAbsolute: absolute,
      isObject: object, position: position)
    if let index = known[name] {
      guard entries[index].role == .reference else { return }
      entry.isRequested = entries[index].isRequested
      entry.isWanted = entries[index].isWanted
      entries[index] = entry
      return
    }
    known[name] = entries.count
    entries.append(entry)
  }

  /// Adds a statement. The last assignment of options and scripts counts; PROVIDE defines only what
  /// no other statement does.
  func add(_ assignment: Assignment) {
    let number = assignments.count
    assignments.append(assignment)
    guard !assignment.name.isEmpty else { return }
    if let index = known[assignment.name], case .assignment(let earlier) = entries[index].role {
      if assignment.isMap || assignment.isProvided { return }
      entries[index].role = .assignment(number)
      entries[index].isProvided = false
      // Hidden once is hidden: a later statement of the name may be `n += 1`.
      if assignments[earlier].isHidden || assignment.isHidden {
        entries[index].visibility = STV.HIDDEN
      }
      return
    }
    var position: SourcePosition?
    if case .map(let place) = assignment.origin { position = place }
    add(
      assignment.name, .assignment(number), provided: assignment.isProvided,
      hidden: assignment.isHidden, at: position)
  }

  /// -u, -e and their kin: a reference to a symbol.
  func request(_ name: String) {
    add(name, .reference)
    guard let index = known[name] else { return }
    entries[index].isRequested = true
    entries[index].isWanted = true
  }

  /// A name that an assignment refers to. `isWanted`: archives are searched for it.
  private func mention(_ name: String, isWanted: Bool) {
    add(name, .reference)
    if isWanted, let index = known[name] { entries[index].isWanted = true }
  }

  /// Lists what the statements refer to. What only PROVIDE needs may not be needed at all, and
  /// DEFINED asks without wanting.
  func mentionOperands(_ map: SectionMap?) {
    var seen: Set<String> = []
    for assignment in assignments {
      let operands = assignment.value.symbols(map)
      for name in operands { mention(name, isWanted: !assignment.isProvided) }
      if !assignment.isMap, !assignment.isProvided, seen.insert(assignment.name).inserted,
        operands.contains(assignment.name), let index = known[assignment.name]
      {
        entries[index].isExtended = true
      }
      guard case .expression(let expression) = assignment.value else { continue }
      for name in expression.probedSymbols { mention(name, isWanted: false) }
    }
  }

  func index(of name: String) -> Int? { known[name] }

  /// The size of a slot, known when it is placed.
  func setSize(_ size: UInt64, of name: String) {
    guard let index = known[name], index + 1 < table.count else { return }
    table[index + 1].size = size
  }

  /// The type of a symbol, known when it is known what it is an alias of.
  func setType(_ type: UInt8, at index: Int) {
    table[index + 1].info = STB.GLOBAL << 4 | type
  }

  /// Lays the entries out as the symbol table of an object: entry `i` is symbol `i + 1`.
  func makeTables(_ file: inout InputFile) {
    let names = entries.map { Array($0.name.utf8) }
    let stringSize = 1 + names.reduce(0) { $0 + $1.count + 1 }
    let strings = UnsafeMutableRawPointer.allocate(byteCount: stringSize + 8, alignment: 8)
    memset(strings, 0, stringSize + 8)
    let table = Block<Symbol>(count: entries.count + 1)
    var offset = 1
    for (index, name) in names.enumerated() {
      name.withUnsafeBytes {
        (strings + offset).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
      }
      var symbol = Symbol()
      symbol.nameOffset = UInt32(offset)
      let isReference = entries[index].role == .reference
      symbol.info = STB.GLOBAL << 4 | (entries[index].isObject ? STT.OBJECT : STT.NOTYPE)
      symbol.other = isReference ? STV.DEFAULT : entries[index].visibility
      // Provided symbols are undefined until it is known that nobody else defines them.
      symbol.sectionIndex = isReference || entries[index].isProvided ? SHN.UNDEF : SHN.ABS
      table[index + 1] = symbol
      offset += name.count + 1
    }
    self.table = table
    file.symbols = RecordView(
      ByteView(UnsafeRawPointer(table.base), count: (entries.count + 1) * Symbol.size))
    file.symbolNames = ByteView(UnsafeRawPointer(strings), count: stringSize)
    file.firstGlobal = 1
  }
}

extension String {
  /// A section's name as --start-stop has it in `__start_NAME`: without the dot in front, and with `_`
  /// for what no identifier has. (mold)
  var asIdentifier: String {
    let name = utf8.first == UInt8(ascii: ".") ? utf8.dropFirst() : utf8[...]
    return String(
      decoding: name.map { byte in
        let isWord = (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte)
        return isWord ? byte : UInt8(ascii: "_")
      }, as: UTF8.self)
  }
}
