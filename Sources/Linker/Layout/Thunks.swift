// Thunks: short pieces of code, within reach of a branch, that go on to a target which is not.
//
// Thunks stand in islands: rows of their own between the members of a section with code, or behind
// the last one. A branch takes the thunk for its target that it reaches; if there is none, one is
// added to the farthest island ahead that it reaches, for what follows reaches that, too. An island is
// a row only when it holds something. Thunks move what stands behind them, so the addresses are looked
// at again; what was added stays, so this ends.

internal import ELF
internal import Parallel

/// What a thunk leads to, and for which branches it is.
struct ThunkKey: Hashable, Sendable {
  var symbol: SymbolID
  var addend: Int64
  var kind: UInt8
}

struct Thunk: Sendable {
  let key: ThunkKey
  let island: Int
  /// In the island.
  let offset: UInt64
}

/// A place where thunks may stand.
struct ThunkIsland: Sendable {
  let output: OutputID
  /// The member that it follows.
  let member: SectionID
  /// none: it holds nothing.
  var row = SectionID.none
  /// As the latest round found it.
  var address: UInt64 = 0
}

struct ThunkTable: Sendable {
  /// By address, as far as outputs are.
  var islands: [ThunkIsland] = []
  var thunks: [Thunk] = []
  var byKey: [ThunkKey: [Int]] = [:]
}

extension Layout {
  private static var mostRounds: Int { 32 }

  /// Adds the thunks that branches need. `layOut`: a round of layout with the sizes that rows have.
  func addThunks(_ layOut: () -> Void) {
    guard target.shortestReach > 0, codeExtent > target.shortestReach else { return }
    for _ in 0..<Layout.mostRounds {
      prepareAddresses()
      if thunks.islands.isEmpty { findIslands() }
      placeIslands()
      let far = findFarBranches()
      if far.isEmpty || !add(far) { return }  // what reaches no island is an error later
      layOut()
    }
    log.error(.thunksDoNotSettle(options.outputPath))
  }

  /// From the first byte of code to the last.
  private var codeExtent: UInt64 {
    let code = outputs.filter { $0.flags & SHF.EXECINSTR != 0 && $0.isAllocated && $0.size > 0 }
    guard let start = code.map(\.address).min(), let end = code.map(\.end).max() else { return 0 }
    return end &- start
  }

  // MARK: Islands

  /// Between members about an eighth of the shortest reach apart, and behind the last ones. Code that
  /// is cut into several sections and still runs through, as that of `.init`, has none.
  private func findIslands() {
    let spacing = max(target.shortestReach / 8, 1)
    let sections = selection.sections
    for id in outputs.indices.sorted(by: { outputs[$0].address < outputs[$1].address }) {
      let output = outputs[id]
      guard output.isAllocated, output.flags & SHF.EXECINSTR != 0, output.hasBytes,
        output.name != ".init", output.name != ".fini"
      else { continue }
      var start: UInt64 = 0
      for (position, member) in output.members.enumerated() {
        let section = sections[member]
        let isLast = position == output.members.count - 1
        let end = section.offset + section.size
        guard isLast || end - start >= spacing else { continue }
        if isLast && section.kind.contains(.synthetic) { continue }
        thunks.islands.append(ThunkIsland(output: OutputID(id), member: member))
        start = end
      }
    }
  }

  /// Where islands are after the latest round.
  private func placeIslands() {
    let sections = selection.sections
    for index in thunks.islands.indices {
      let island = thunks.islands[index]
      let section = sections[island.row != .none ? island.row : island.member]
      let base = outputAddresses[island.output.index] &+ section.offset
      thunks.islands[index].address =
        island.row != .none ? base : (base &+ section.size &+ 3) & ~3
    }
  }

  private func makeRow(of index: Int) {
    let island = thunks.islands[index]
    var row = InputSection()
    row.file = selection.inputs.linker
    row.index = SyntheticKind.thunks.rawValue
    row.kind = SyntheticKind.thunks.kind
    row.alignmentShift = SyntheticKind.thunks.alignmentShift(format)
    row.rule = selection.sections[island.member].rule
    // Until the next round.
    row.output = island.output
    row.offset = island.address &- outputAddresses[island.output.index]
    let id = selection.addSection(row)
    thunks.islands[index].row = id
    let members = outputs[island.output.index].members
    let position = members.firstIndex(of: island.member) ?? members.count - 1
    outputs[island.output.index].members.insert(id, at: position + 1)
  }

  // MARK: Branches

  private func findFarBranches() -> [FarBranch] {
    let context = ApplyContext(self)
    let found = Gathered<FarBranch>(pool)
    let (sections, states) = (selection.sections, selection.states)
    pool.parallelFor(selection.sectionCount, grain: 64) { range, worker in
      var list: [FarBranch] = []
      for index in range {
        let id = SectionID(index)
        let section = sections[id]
        guard section.kind.contains([.alloc, .exec]), section.relocationCount > 0,
          states[id].contains(.live), section.output != .none
        else { continue }
        context.code.findFarBranches(of: id, context, &list)
      }
      for branch in list { found.append(branch, worker) }
    }
    return found.take().sorted { $0.place < $1.place }
  }

  /// Returns whether anything was added.
  private func add(_ far: [FarBranch]) -> Bool {
    var isChanged = false
    for branch in far {
      let reach = BranchReach(lower: branch.lower, upper: branch.upper, bias: branch.bias)
      if thunk(branch.key, from: branch.place, reach) != nil { continue }
      guard let island = island(for: branch) else { continue }
      if thunks.islands[island].row == .none {
        guard selection.hasSpareRow else {
          log.error(.tooMuch("thunk islands", Selection.thunkRows))
          return false
        }
        makeRow(of: island)
      }
      let row = thunks.islands[island].row
      let offset = selection.sections[row].size
      let size = offset + target.machine.code.thunkSize(branch.key.kind)
      selection.sections[row].size = size
      selection.sections[row].fileSize = size
      thunks.byKey[branch.key, default: []].append(thunks.thunks.count)
      thunks.thunks.append(Thunk(key: branch.key, island: island, offset: offset))
      isChanged = true
    }
    return isChanged
  }

  /// The farthest island ahead within reach, else the nearest behind; with room for other thunks to
  /// come between.
  private func island(for branch: FarBranch) -> Int? {
    let room = branch.upper / 32
    var best: Int?
    for (index, island) in thunks.islands.enumerated() {
      let distance = Int64(
        bitPattern: island.address &+ UInt64(bitPattern: branch.bias) &- branch.place)
      guard distance >= branch.lower + room, distance <= branch.upper - room else { continue }
      if let old = best, thunks.islands[old].address > island.address { continue }
      best = index
    }
    return best
  }

  // MARK: Answers

  /// The address of a thunk that a branch at `place` reaches.
  func thunk(_ key: ThunkKey, from place: UInt64, _ reach: BranchReach) -> UInt64? {
    guard let numbers = thunks.byKey[key] else { return nil }
    for number in numbers {
      let address = address(of: thunks.thunks[number])
      if reach.holds(address &+ UInt64(bitPattern: reach.bias) &- place) { return address }
    }
    return nil
  }

  func address(of thunk: Thunk) -> UInt64 {
    address(of: selection.sections[thunks.islands[thunk.island].row]) &+ thunk.offset
  }

  /// Where a thunk leads.
  func target(of thunk: Thunk) -> UInt64 {
    let S = addresses[thunk.key.symbol]
    let address = Layout.isSpecial(S) ? pltEntryAddress(thunk.key.symbol) ?? 0 : S
    return address &+ UInt64(bitPattern: thunk.key.addend)
  }

  // MARK: Output

  func writeThunks(to file: OutputBytes) {
    let code = target.machine.code
    for thunk in thunks.thunks {
      let island = thunks.islands[thunk.island]
      let offset = outputs[island.output.index].fileOffset + selection.sections[island.row].offset
      let isReached = code.writeThunk(
        thunk.key.kind, to: file, at: Int(offset + thunk.offset), place: address(of: thunk),
        target: target(of: thunk))
      if !isReached {
        log.error(.thunkOutOfReach(selection.symbolDescription(thunk.key.symbol)))
      }
    }
  }

  /// The thunks and the marks of their code for the symbol table.
  func thunkSymbols() -> [OwnSymbol] {
    let code = target.machine.code
    return thunks.thunks.flatMap { thunk in
      let (address, output) = (address(of: thunk), thunks.islands[thunk.island].output)
      var name = code.thunkName(thunk.key.kind) + selection.thunkTargetName(thunk.key)
      if thunk.key.addend != 0 { name += "+0x" + String(thunk.key.addend, radix: 16) }
      return [
        OwnSymbol(
          name: name, value: address, size: code.thunkSize(thunk.key.kind), type: STT.FUNC,
          output: output)
      ]
        + code.thunkMarks(thunk.key.kind).map {
          OwnSymbol(
            name: $0.name, value: address &+ $0.offset, size: 0, type: STT.NOTYPE, output: output)
        }
    }
  }
}

/// A local symbol of the linker's own making.
struct OwnSymbol: Sendable {
  let name: String
  let value: UInt64
  let size: UInt64
  let type: UInt8
  let output: OutputID
}

extension Selection {
  /// The name of a symbol; of a section's, the section's.
  fileprivate func thunkTargetName(_ key: ThunkKey) -> String {
    let name = inputs.name(of: key.symbol).string
    if !name.isEmpty { return name }
    let section = definingSection[key.symbol]
    return section == .none ? "" : sectionName(section)
  }
}

extension Message {
  static func thunksDoNotSettle(_ path: String) -> Message {
    Message(
      "thunksDoNotSettle",
      "the code of \(path) does not settle: thunks for far branches move other branches out of "
        + "reach; place the parts of the program closer to each other")
  }

  static func thunkOutOfReach(_ symbol: String) -> Message {
    Message(
      "thunkOutOfReach",
      "a thunk for far branches to \(symbol) does not reach it; place code that is called closer "
        + "to its callers")
  }
}
