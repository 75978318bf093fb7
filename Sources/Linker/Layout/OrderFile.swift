// `order "hot.order"` and --symbol-ordering-file: a text file with one symbol or `file.o:symbol` a line.
//
// The sections that define listed symbols come first, in the order of the file; the rest follow.

internal import ELF
internal import MapLang

/// The lines of an order file.
struct SymbolOrder: Sendable {
  struct Line: Sendable {
    /// Base name of the object or member; nil: any.
    var file: String?
    var symbol: String
  }

  var lines: [Line] = []

  init(_ bytes: [UInt8]) {
    for raw in bytes.split(separator: 0x0a) {
      let code = raw.prefix { $0 != 0x23 }  // #
      let blanks: Set<UInt8> = [0x20, 0x09, 0x0d]
      guard let first = code.firstIndex(where: { !blanks.contains($0) }),
        let last = code.lastIndex(where: { !blanks.contains($0) })
      else { continue }
      let text = String(decoding: code[first...last], as: UTF8.self)
      // A symbol may hold colons of its own (`ns::f` in a mangled world it does not, but `a.o:f` is
      // told by the name of an object before the first colon).
      if let colon = text.firstIndex(of: ":"), text[..<colon].hasSuffix(".o") {
        lines.append(
          Line(file: String(text[..<colon]), symbol: String(text[text.index(after: colon)...])))
      } else {
        lines.append(Line(file: nil, symbol: text))
      }
    }
  }
}

extension Inputs {
  /// Reads the order files of the map: beside the map, then as they are named, then along -L.
  func readOrderFiles(_ search: LibrarySearch) {
    guard let map else { return }
    for rule in map.rules {
      guard let file = rule.orderFile, orders[file.path] == nil else { continue }
      let mapPath = map.sources.files[Int(file.position.file)].name
      let folder = mapPath.lastIndex(of: "/").map { String(mapPath[...$0]) } ?? ""
      let source =
        (file.path.hasPrefix("/") ? nil : read(folder + file.path)) ?? read(file.path)
        ?? search.find(fileNamed: file.path).flatMap { read($0) }
      guard let source else {
        report(
          MapDiagnostic(
            .include, "order file '\(file.path)' not found", at: file.position,
            help: "it is looked for beside the map, in the working directory and along -L"),
          map.sources)
        continue
      }
      orders[file.path] = SymbolOrder(source.bytes)
    }
  }
}

extension Selection {
  /// Moves the members that define listed symbols to the front.
  func order(_ members: inout [SectionID], _ file: OrderFile) {
    guard let order = inputs.orders[file.path] else { return }
    let (positions, unknown) = positions(in: order)
    for symbol in unknown {
      report(
        MapDiagnostic(
          .orderNamesUnknownSymbol,
          "order file '\(file.path)' names \(symbol), which no object defines", at: file.position,
          severity: .warning))
    }
    moveToFront(&members) { positions[$0] }
  }

  /// Puts the members that have a position before the others, which keep their order.
  func moveToFront(_ members: inout [SectionID], _ position: (SectionID) -> Int?) {
    members = members.enumerated().map { (position($0.element) ?? .max, $0.offset, $0.element) }
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
  }

  /// The sections that define listed symbols, and the line of the first of them; and the symbols that
  /// nothing defines, in the order of the file.
  func positions(in order: SymbolOrder) -> (positions: [SectionID: Int], unknown: [String]) {
    var wanted: [String: [Int]] = [:]
    for (position, line) in order.lines.enumerated() {
      wanted[line.symbol, default: []].append(position)
    }
    var positions: [SectionID: Int] = [:]
    var found: Set<String> = []
    for number in 0..<files.count where program.isLive(FileID(number)) {
      let row = files[number]
      guard row.kind == .object else { continue }
      for index in 0..<row.symbolCount {
        guard row.isInSection(row.symbols[index]) else { continue }
        let name = row.symbolName(index)
        guard name.count > 0, let lines = wanted[name.string] else { continue }
        for position in lines where matches(order.lines[position], FileID(number)) {
          found.insert(order.lines[position].symbol)
          let section = definingSection[row.symbolID(index)]
          guard section != .none else { continue }
          positions[section] = min(positions[section] ?? .max, position)
        }
      }
    }
    return (positions, order.lines.map(\.symbol).filter { !found.contains($0) })
  }

  private func matches(_ line: SymbolOrder.Line, _ file: FileID) -> Bool {
    guard let wanted = line.file else { return true }
    let row = files[file.index]
    let name = row.member.isEmpty ? inputs.paths[Int(row.path)] : row.member.string
    return name == wanted || name.hasSuffix("/" + wanted)
  }
}
