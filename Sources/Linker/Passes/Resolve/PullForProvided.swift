// Archive members that only PROVIDE needs: in `PROVIDE(a = b)` the symbol `b` counts as referenced if
// `a` is, and nothing that takes part defines `a`.
//
// Which names are referenced shows only when all other members are pulled, and a pulled member may
// refer to further provided names; so this goes round until nothing new is needed. Links without such
// statements, or without an archive that has what they need, do none of it.

internal import ELF

extension Program {
  /// Returns whether a member was pulled.
  func pullForProvided(_ leftovers: PullLeftovers) -> Bool {
    let table = inputs.linkerSymbols
    var waiting = table.assignments.indices.filter { number in
      table.assignments[number].isProvided && !pullable(number).isEmpty
    }
    var pulled = false
    while !waiting.isEmpty {
      let wanted = neededProvides()
      let found = waiting.filter(wanted.contains).flatMap(pullable).sorted { $0.0 < $1.0 }
      waiting.removeAll(where: wanted.contains)
      var members: [UInt32] = []
      for (member, name) in found where fileFlags.insertIfAbsent(.live, at: member) {
        members.append(member.rawValue)
        if let index = table.index(of: name) {
          recordExtraction(of: member, by: files[inputs.linker.index].symbolID(index + 1))
        }
      }
      if members.isEmpty { break }
      pulled = true
      pull(members, leftovers)
    }
    return pulled
  }

  /// The names whose values an assignment takes.
  private func operands(_ number: Int) -> [String] {
    inputs.linkerSymbols.assignments[number].value.symbols(inputs.map)
  }

  /// The members that an assignment would pull, with the symbols.
  private func pullable(_ number: Int) -> [(FileID, String)] {
    operands(number).compactMap { name in
      guard let candidate = candidate(name), candidate.rank == .lazy,
        files[candidate.file.index].kind == .object, !isLive(candidate.file)
      else { return nil }
      return (candidate.file, name)
    }
  }

  private func nameID(_ name: String) -> NameID? {
    inputs.linkerSymbols.index(of: name).map {
      names[files[inputs.linker.index].symbolID($0 + 1)]
    }
  }

  /// Who defines a name of the linker's own file, as if every member took part.
  private func candidate(_ name: String) -> Candidate? {
    guard let id = nameID(name), best[id] != AtomicMinimum<NameID>.none else { return nil }
    return Candidate(key: best[id])
  }

  /// The provided assignments whose symbols are referenced, by files that take part or by each other,
  /// and not defined by such a file.
  private func neededProvides() -> Set<Int> {
    let table = inputs.linkerSymbols
    var provides: [NameID: Int] = [:]
    for (number, assignment) in table.assignments.enumerated() where assignment.isProvided {
      guard let index = table.index(of: assignment.name),
        table.entries[index].role == .assignment(number), let id = nameID(assignment.name)
      else { continue }
      if let candidate = candidate(assignment.name), isLive(candidate.file),
        files[candidate.file.index].kind == .object
      {
        continue
      }
      provides[id] = number
    }
    var needed: Set<Int> = []
    for number in 0..<files.count where isLive(FileID(number)) {
      let file = files[number]
      for index in file.globals where file.symbols[index].sectionIndex == SHN.UNDEF {
        if file.kind == .linker && !table.entries[index - 1].isWanted { continue }
        if let provide = provides[names[file.symbolID(index)]] { needed.insert(provide) }
      }
    }
    var list = needed.sorted()
    while let number = list.popLast() {
      for name in operands(number) {
        guard let id = nameID(name), let other = provides[id], needed.insert(other).inserted else {
          continue
        }
        list.append(other)
      }
    }
    return needed
  }
}
