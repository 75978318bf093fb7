// Who takes the room of output sections: archives and objects, their members, sections and symbols.
//
// A large program has 10⁵ sections and 10⁶ symbols, and nobody reads more than the first few. So sizes
// are summed for each file, and only the sections and symbols of the largest are looked at.

internal import ELF
internal import MemoryPicture

extension MemoryReportMaker {
  /// How many a list of the report holds; the page shows fewer.
  private static var mostFiles: Int { 120 }
  private static var mostMembers: Int { 8 }
  /// So many of the first files, with their members, are opened down to symbols.
  private static var mostOpened: Int { 12 }
  private static var mostSections: Int { 6 }
  private static var mostSymbols: Int { 4 }
  private static var mostLargestSymbols: Int { 200 }
  private static var longestName: Int { 240 }

  /// A stretch of an output section with one owner.
  private struct Piece {
    var section: SectionID
    var size: UInt64
  }

  /// Archives and objects, largest first. `isPart`: of one section of many, for which half is enough.
  func shares(of outputs: [OutputID], isPart: Bool = false) -> ShareList {
    let mostFiles = isPart ? Self.mostFiles / 2 : Self.mostFiles
    let mostOpened = isPart ? Self.mostOpened / 2 : Self.mostOpened
    // By file; what no file brought along by name.
    var files: [UInt32: UInt64] = [:]
    var made: [String: UInt64] = [:]
    for id in outputs {
      var rest = layout.outputs[id.index].size
      forEachPiece(id) { piece in
        rest = rest > piece.size ? rest - piece.size : 0
        let section = selection.sections[piece.section]
        if selection.files[section.file.index].kind == .linker {
          made[madeName(piece.section), default: 0] &+= piece.size
        } else {
          files[section.file.rawValue, default: 0] &+= piece.size
        }
      }
      if rest > 0 { made["padding", default: 0] &+= rest }
    }
    // Archives stand for their members.
    var owners: [UInt32: [(file: UInt32, size: UInt64)]] = [:]
    var entries: [(name: String, size: UInt64, path: UInt32?, files: [UInt32])] = []
    for (file, size) in files {
      let row = selection.files[Int(file)]
      if row.member.isEmpty {
        entries.append((selection.inputs.displayName(FileID(rawValue: file)), size, nil, [file]))
      } else {
        owners[row.path, default: []].append((file, size))
      }
    }
    for (path, members) in owners {
      let size = members.reduce(0 as UInt64) { $0 &+ $1.size }
      entries.append((selection.inputs.paths[Int(path)], size, path, []))
    }
    for (name, size) in made { entries.append((name, size, nil, [])) }
    entries.removeAll { $0.size == 0 }
    entries.sort { ($0.size, $1.name) > ($1.size, $0.name) }
    var chosen = Array(entries.prefix(mostFiles))
    var wanted: Set<UInt32> = []
    for index in chosen.indices {
      if let path = chosen[index].path {
        let members = (owners[path] ?? []).sorted { ($0.size, $1.file) > ($1.size, $0.file) }
        chosen[index].files = members.prefix(Self.mostMembers).map(\.file)
      }
      if index < mostOpened { wanted.formUnion(chosen[index].files) }
    }
    let details = self.details(of: wanted, in: outputs)
    var list = ShareList(
      chosen.map { entry in
        guard let path = entry.path else {
          return Share(
            entry.name, entry.size, entry.files.first.flatMap { details[$0] } ?? ShareList())
        }
        var parts = ShareList(
          entry.files.map { file in
            Share(
              selection.files[Int(file)].member.string, files[file] ?? 0,
              details[file] ?? ShareList())
          })
        let all = owners[path] ?? []
        parts.moreCount = all.count - entry.files.count
        parts.moreSize = entry.size &- parts.shares.reduce(0 as UInt64) { $0 &+ $1.size }
        return Share(entry.name, entry.size, parts)
      })
    for entry in entries.dropFirst(mostFiles) {
      list.moreCount += 1
      list.moreSize &+= entry.size
    }
    return list
  }

  /// The sections of each file, with their symbols.
  private func details(of files: Set<UInt32>, in outputs: [OutputID]) -> [UInt32: ShareList] {
    var pieces: [UInt32: [Piece]] = [:]
    for id in outputs {
      forEachPiece(id) { piece in
        let file = selection.sections[piece.section].file.rawValue
        if files.contains(file) { pieces[file, default: []].append(piece) }
      }
    }
    return pieces.mapValues { pieces in
      let sorted = pieces.filter { $0.size > 0 }
        .sorted { ($0.size, $1.section) > ($1.size, $0.section) }
      var list = ShareList(
        sorted.prefix(Self.mostSections).map { piece in
          Share(selection.sectionName(piece.section), piece.size, symbols(of: piece.section))
        })
      for piece in sorted.dropFirst(Self.mostSections) {
        list.moreCount += 1
        list.moreSize &+= piece.size
      }
      return list
    }
  }

  private func symbols(of section: SectionID) -> ShareList {
    var seen: Set<UInt64> = []
    var found = symbols[section].compactMap { symbol -> (symbol: SymbolID, size: UInt64)? in
      let size = selection.size(of: symbol)
      return size > 0 && layout.isInOutput(symbol) ? (symbol, size) : nil
    }
    found.sort { ($0.size, $1.symbol) > ($1.size, $0.symbol) }
    // Two names of one place take it once.
    found = found.filter { seen.insert(layout.addresses[$0.symbol]).inserted }
    return ShareList(found.map { Share(name(of: $0.symbol), $0.size) }).first(Self.mostSymbols)
  }

  /// The largest of all symbols in these outputs.
  func largestSymbols(of outputs: [OutputID]) -> ShareList {
    var found: [(symbol: SymbolID, size: UInt64, address: UInt64)] = []
    var count = 0
    var total: UInt64 = 0
    var smallest: UInt64 = 0
    for id in outputs {
      forEachPiece(id) { piece in
        for symbol in symbols[piece.section] {
          let size = selection.size(of: symbol)
          guard size > 0, layout.isInOutput(symbol) else { continue }
          count += 1
          total &+= size
          guard size > smallest || found.count < 2 * Self.mostLargestSymbols else { continue }
          found.append((symbol, size, layout.addresses[symbol]))
          if found.count >= 4 * Self.mostLargestSymbols {
            found.sort { ($0.size, $1.symbol) > ($1.size, $0.symbol) }
            found.removeLast(found.count - 2 * Self.mostLargestSymbols)
            smallest = found.last?.size ?? 0
          }
        }
      }
    }
    found.sort { ($0.size, $1.symbol) > ($1.size, $0.symbol) }
    var seen: Set<UInt64> = []
    found = found.filter { seen.insert($0.address).inserted }
    var list = ShareList(
      found.prefix(Self.mostLargestSymbols).map { Share(name(of: $0.symbol), $0.size) })
    list.moreCount = max(0, count - list.shares.count)
    let listed = list.shares.reduce(0 as UInt64) { $0 &+ $1.size }
    list.moreSize = list.moreCount == 0 || total < listed ? 0 : total - listed
    if found.count <= Self.mostLargestSymbols && smallest == 0 {
      // All of them are there: the rest are second names.
      (list.moreCount, list.moreSize) = (0, 0)
    }
    return list
  }

  // MARK: Pieces

  /// Members of an output section; of `.eh_frame` the records of each input, of merged sections what each
  /// brought along.
  private func forEachPiece(_ id: OutputID, _ body: (Piece) -> Void) {
    let output = layout.outputs[id.index]
    for member in output.members {
      let section = selection.sections[member]
      if section.kind.contains(.synthetic)
        && section.index == SyntheticKind.exceptionFrames.rawValue
      {
        let inputs = selection.exceptionFrames.inputs
        for (position, input) in inputs.enumerated() {
          let start = selection.sections[input].offset
          let end =
            position + 1 < inputs.count
            ? selection.sections[inputs[position + 1]].offset : section.size &- 4
          if end > start { body(Piece(section: input, size: end - start)) }
        }
        continue
      }
      if let inputs = merged[member] {
        for (input, size) in inputs where size > 0 { body(Piece(section: input, size: size)) }
        continue
      }
      body(Piece(section: member, size: section.size))
    }
  }

  private func madeName(_ id: SectionID) -> String {
    "\(selection.sectionName(id)) of the linker"
  }

  private func name(of symbol: SymbolID) -> String {
    let name = selection.program.demangled(symbol)
    guard name.utf8.count > Self.longestName else { return name }
    return String(name.prefix(Self.longestName - 1)) + "…"
  }
}
