// Places in input files as messages show them: source line, function, section and offset.

internal import ELF

/// Looks places up in the debug information of objects; keeps what it has read of each. For messages
/// only: made when there is something to report.
final class SourceLocators {
  private let program: Program
  private var locators: [FileID: SourceLocator?] = [:]
  /// Each look goes over an object's symbols and line tables. A link with very many errors prints
  /// only the first of them, which are those that come here first.
  private var looksLeft = 200

  init(_ program: Program) {
    self.program = program
  }

  private func locator(_ file: FileID) -> SourceLocator? {
    guard looksLeft > 0 else { return nil }
    looksLeft -= 1
    if let known = locators[file] { return known }
    let locator = SourceLocator(program.files[file.index].bytes)
    locators[file] = .some(locator)
    return locator
  }

  /// `main.c:12 (main.o:(.text+0x1f)) in function f`: who refers to something.
  func reference(_ file: FileID, section: Int, name: String, offset: UInt64) -> String {
    let place =
      "\(program.inputs.displayName(file)):(\(name)+0x\(String(offset, radix: 16)))"
    let locator = locator(file)
    let function =
      locator?.enclosingSymbol(section: section, offset: offset)
      .map { " in \(program.demangled($0))" } ?? ""
    guard let line = locator?.location(section: section, offset: offset) else {
      return place + function
    }
    return "\(line) \(place)\(function)"
  }

  /// The same of the place that a diagnostic is about; nil if no source line or function is known.
  func reference(at place: Place) -> String? {
    guard place.file > 0, Int(place.file) <= program.files.count else { return nil }
    let id = FileID(rawValue: place.file - 1)
    let (file, section) = (program.files[id.index], Int(place.section))
    guard file.kind == .object, section < file.sectionCount else { return nil }
    let name = file.sectionName(file.sectionHeaders[section]).string
    let text = reference(id, section: section, name: name, offset: place.offset)
    let bare = "\(program.inputs.displayName(id)):(\(name)+0x\(String(place.offset, radix: 16)))"
    return text == bare ? nil : text
  }

  /// `a.c:3 in a.o`, without debug information `a.o:(.text+0x10)`: where something is defined.
  /// `section` is nil if that is in none.
  func definition(_ file: FileID, section: UInt32?, offset: UInt64) -> String {
    let name = program.inputs.displayName(file)
    let row = program.files[file.index]
    guard let section, section > 0, section < row.sectionCount else { return name }
    if let line = locator(file)?.location(section: Int(section), offset: offset) {
      return "\(line) in \(name)"
    }
    let sectionName = row.sectionName(row.sectionHeaders[Int(section)]).string
    return "\(name):(\(sectionName)+0x\(String(offset, radix: 16)))"
  }
}
