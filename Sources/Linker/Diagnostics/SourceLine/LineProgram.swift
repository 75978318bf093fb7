// Line number programs: which source line an instruction comes from (DWARF 2 to 5, section 6.2).
//
// `.debug_line` holds, for each compilation, a list of files and a program for a little machine.
// Running it yields rows (address, file, line); the instruction belongs to the last row that is not
// behind it. In an object, an address begins with an operand that a relocation fills, and the
// relocation's symbol says which section the following rows are about.

internal import ELF

struct LineProgram {
  struct File {
    let name: ByteView
    let directory: UInt64
  }

  let version: UInt16
  private(set) var directories: [ByteView] = []
  private(set) var files: [File] = []

  private let section: DebugSection
  private let is64Bit: Bool
  /// The opcodes, and where they begin in the section.
  private var program = ByteView()
  private var programOffset = 0
  private var minimumInstructionLength: UInt8 = 1
  private var maximumOperations: UInt8 = 1
  private var lineBase: Int8 = 0
  private var lineRange: UInt8 = 1
  private var opcodeBase: UInt8 = 1
  private var operandCounts = ByteView()

  /// Strings for names that are not in the section itself.
  struct Strings {
    var lineStrings = ByteView()
    var strings = ByteView()
  }

  /// Reads the header at the cursor and moves the cursor behind the program. Nil if the program is
  /// malformed or of an unknown version; the cursor moves then, too, if the length can be trusted.
  init?(_ section: DebugSection, _ cursor: inout ByteCursor, _ strings: Strings) {
    self.section = section
    guard let (length, is64Bit) = takeInitialLength(&cursor) else { return nil }
    self.is64Bit = is64Bit
    guard length <= UInt64(cursor.remaining),
      let whole = section.bytes.slice(0, cursor.offset + Int(length))
    else { return nil }
    // `inner` ends with the program, so nothing is read beyond it.
    var inner = ByteCursor(whole, at: cursor.offset)
    _ = cursor.skip(length)
    guard let version = inner.take(UInt16.self), (2...5).contains(version) else { return nil }
    self.version = version
    if version >= 5 {
      // address_size and segment_selector_size
      guard inner.skip(2) else { return nil }
    }
    let headerLength = is64Bit ? inner.take(UInt64.self) : inner.take(UInt32.self).map(UInt64.init)
    guard let headerLength, headerLength <= UInt64(inner.remaining) else { return nil }
    programOffset = inner.offset + Int(headerLength)
    program = whole
    guard readMachine(&inner) else { return nil }
    let isRead = version >= 5 ? readTables(&inner, strings) : readOldTables(&inner)
    guard isRead else { return nil }
  }

  private mutating func readMachine(_ cursor: inout ByteCursor) -> Bool {
    guard let minimum = cursor.take(UInt8.self) else { return false }
    minimumInstructionLength = minimum
    if version >= 4 {
      guard let maximum = cursor.take(UInt8.self) else { return false }
      maximumOperations = max(maximum, 1)
    }
    guard cursor.skip(1), let base = cursor.take(Int8.self), let range = cursor.take(UInt8.self),
      let opcodes = cursor.take(UInt8.self), opcodes > 0, range > 0,
      let counts = cursor.take(count: Int(opcodes) - 1)
    else { return false }
    (lineBase, lineRange, opcodeBase, operandCounts) = (base, range, opcodes, counts)
    return true
  }

  // MARK: Tables of files

  /// Before version 5: strings up to an empty one.
  private mutating func readOldTables(_ cursor: inout ByteCursor) -> Bool {
    while true {
      guard let name = cursor.takeCString() else { return false }
      if name.isEmpty { break }
      directories.append(name)
    }
    while true {
      guard let name = cursor.takeCString() else { return false }
      if name.isEmpty { return true }
      guard let directory = cursor.takeULEB(), cursor.takeULEB() != nil, cursor.takeULEB() != nil
      else { return false }
      files.append(File(name: name, directory: directory))
    }
  }

  /// From version 5: tables that say themselves what their columns are.
  private mutating func readTables(_ cursor: inout ByteCursor, _ strings: Strings) -> Bool {
    guard let directories = readTable(&cursor, strings), let files = readTable(&cursor, strings)
    else { return false }
    self.directories = directories.map(\.name)
    self.files = files
    return true
  }

  private func readTable(_ cursor: inout ByteCursor, _ strings: Strings) -> [File]? {
    guard let columnCount = cursor.take(UInt8.self) else { return nil }
    var columns: [(content: UInt64, form: UInt64)] = []
    for _ in 0..<columnCount {
      guard let content = cursor.takeULEB(), let form = cursor.takeULEB() else { return nil }
      columns.append((content, form))
    }
    // Each entry takes at least a byte for each column.
    guard let count = cursor.takeULEB(), count <= UInt64(cursor.remaining),
      count == 0 || columnCount > 0
    else { return nil }
    var entries: [File] = []
    for _ in 0..<count {
      var name = ByteView()
      var directory: UInt64 = 0
      for column in columns {
        let form = DebugForm(
          rawValue: column.form, version: version, is64Bit: is64Bit, addressSize: 8)
        guard let value = form.take(section, &cursor) else { return nil }
        switch (column.content, value) {
        // DW_LNCT_path, DW_LNCT_directory_index
        case (1, .text(let text)): name = text
        case (1, .lineString(let offset)): name = Self.string(strings.lineStrings, offset)
        case (1, .string(let offset)): name = Self.string(strings.strings, offset)
        case (2, .number(let number)): directory = number
        default: break
        }
      }
      entries.append(File(name: name, directory: directory))
    }
    return entries
  }

  private static func string(_ table: ByteView, _ offset: UInt64) -> ByteView {
    Int(exactly: offset).flatMap(table.cString) ?? ByteView()
  }

  /// The path of a file as the compiler was told it: relative to the folder of compilation, or
  /// absolute.
  func path(file: UInt64) -> String? {
    // Before version 5 files and directories count from 1, and 0 is the folder of compilation.
    let isOld = version < 5
    guard let index = Int(exactly: isOld ? file &- 1 : file), files.indices.contains(index) else {
      return nil
    }
    let file = files[index]
    guard !file.name.isEmpty else { return nil }
    guard !file.name.hasPrefix("/"), file.directory > 0,
      let directory = Int(exactly: isOld ? file.directory - 1 : file.directory),
      directories.indices.contains(directory), !directories[directory].isEmpty
    else { return file.name.string }
    let folder = directories[directory].string
    return folder + (folder.hasSuffix("/") ? "" : "/") + file.name.string
  }

  // MARK: The machine

  private struct Row {
    var section: Int?
    var address: UInt64 = 0
    var operation: UInt64 = 0
    var file: UInt64 = 1
    var line: UInt64 = 1
  }

  /// Runs the program until it reaches the instruction at `offset` of section `target`. Answers its
  /// file number and line.
  func find(section target: Int, offset: UInt64) -> (file: UInt64, line: UInt64)? {
    var cursor = ByteCursor(program, at: programOffset)
    var row = Row()
    var previous: Row?
    // Emits a row; true if the instruction lies between the previous row and this one.
    func emit() -> Bool {
      if let previous, previous.section == target, row.section == target,
        previous.address <= offset, offset < row.address
      {
        return true
      }
      previous = row
      return false
    }
    while let opcode = cursor.take(UInt8.self) {
      var isFound = false
      if opcode >= opcodeBase {
        let adjusted = opcode - opcodeBase
        advance(&row, UInt64(adjusted / lineRange))
        row.line = Self.moved(row.line, Int64(lineBase) + Int64(adjusted % lineRange))
        isFound = emit()
      } else if opcode == 0 {
        guard let length = cursor.takeULEB(), length > 0,
          length <= UInt64(cursor.remaining)
        else { return nil }
        let end = cursor.offset + Int(length)
        switch cursor.take(UInt8.self) {
        case 1:  // DW_LNE_end_sequence
          isFound = emit()
          if !isFound {
            row = Row()
            previous = nil
          }
        case 2:  // DW_LNE_set_address
          let relocated = self.section.relocations.target(at: cursor.offset)
          row.section = relocated?.section
          row.address = relocated?.value ?? 0
          row.operation = 0
        default: break
        }
        cursor = ByteCursor(program, at: end)
      } else {
        guard let emits = runStandard(opcode, &cursor, &row) else { return nil }
        isFound = emits && emit()
      }
      if isFound, let previous { return (previous.file, previous.line) }
    }
    return nil
  }

  /// Runs a standard opcode (6.2.5.2); answers whether it emits a row, or nil at a premature end.
  private func runStandard(
    _ opcode: UInt8, _ cursor: inout ByteCursor, _ row: inout Row
  ) -> Bool? {
    switch opcode {
    case 1:  // DW_LNS_copy
      return true
    case 2:  // DW_LNS_advance_pc
      guard let count = cursor.takeULEB() else { return nil }
      advance(&row, count)
    case 3:  // DW_LNS_advance_line
      guard let count = cursor.takeSLEB() else { return nil }
      row.line = Self.moved(row.line, count)
    case 4:  // DW_LNS_set_file
      guard let file = cursor.takeULEB() else { return nil }
      row.file = file
    case 8:  // DW_LNS_const_add_pc
      advance(&row, UInt64((255 - opcodeBase) / lineRange))
    case 9:  // DW_LNS_fixed_advance_pc
      guard let count = cursor.take(UInt16.self) else { return nil }
      row.address &+= UInt64(count)
      row.operation = 0
    default:
      // Column, is_stmt, and opcodes of the future: the header says how many operands to skip.
      for _ in 0..<operandCounts[Int(opcode) - 1] {
        guard cursor.takeULEB() != nil else { return nil }
      }
    }
    return false
  }

  private func advance(_ row: inout Row, _ count: UInt64) {
    let operations = row.operation &+ count
    let maximum = UInt64(maximumOperations)
    row.address &+= UInt64(minimumInstructionLength) &* (operations / maximum)
    row.operation = operations % maximum
  }

  private static func moved(_ line: UInt64, _ distance: Int64) -> UInt64 {
    line &+ UInt64(bitPattern: distance)
  }
}

/// Takes the length that begins a unit (7.4); 0xffffffff announces 64-bit DWARF.
func takeInitialLength(_ cursor: inout ByteCursor) -> (length: UInt64, is64Bit: Bool)? {
  guard let short = cursor.take(UInt32.self) else { return nil }
  if short < 0xffff_fff0 { return (UInt64(short), false) }
  guard short == 0xffff_ffff, let long = cursor.take(UInt64.self) else { return nil }
  return (long, true)
}
