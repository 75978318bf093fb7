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
  /// The code that it is made of: the kind of the key, or another for targets that are farther away.
  let form: UInt8
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
  /// Bytes of its thunks.
  var used: UInt64 = 0
  /// As the latest round found it.
  var address: UInt64 = 0
}

struct ThunkTable: Sendable {
  /// By address, as far as outputs are.
  var islands: [ThunkIsland] = []
  var thunks: [Thunk] = []
  var byKey: [ThunkKey: [Int]] = [:]
  /// For the thunks that instructions moved into: from where.
  var moved: [Int: CodePatch] = [:]
}

extension Layout {
  private static var mostRounds: Int { 32 }

  /// Adds the thunks that branches need, and those for instructions that have to move. `layOut`: a round
  /// of layout with the sizes that rows have.
  func addThunks(_ layOut: () -> Void) {
    let patches = target.machine.code.wantsPatches(options)
    guard target.shortestReach > 0, patches || codeExtent > target.shortestReach else { return }
    for _ in 0..<Layout.mostRounds {
      prepareAddresses()
      if thunks.islands.isEmpty { findIslands() }
      placeIslands()
      let isFar = codeExtent > target.shortestReach && add(findFarBranches())
      let isPatched = patches && add(findPatches())
      // What reaches no island is an error later.
      if !isFar && !isPatched { return }
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

  /// Between members about an eighth of the shortest reach apart, before and behind those that are longer,
  /// and behind the last ones. Code that is cut into several sections and still runs through, as that of `.init`, has none.
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
        // What stands before a large member may not reach across.
        if position > 0, section.size >= spacing, section.offset > start {
          let before = output.members[position - 1]
          if !sections[before].kind.contains(.synthetic) {
            thunks.islands.append(ThunkIsland(output: OutputID(id), member: before))
            start = section.offset
          }
        }
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
    return inAllCode { id, section, list in
      if section.relocationCount > 0 { context.code.findFarBranches(of: id, context, &list) }
    }.sorted { $0.place < $1.place }
  }

  private func findPatches() -> [CodePatch] {
    let context = ApplyContext(self)
    return inAllCode { id, section, list in
      if !section.kind.contains(.noBits) { context.code.findPatches(of: id, context, &list) }
    }.sorted { ($0.section, $0.offset) < ($1.section, $1.offset) }
  }

  /// Calls `body` for every section with code that is in the output.
  private func inAllCode<Found: Sendable>(
    _ body: @Sendable (SectionID, InputSection, inout [Found]) -> Void
  ) -> [Found] {
    let found = Gathered<Found>(pool)
    let (sections, states) = (selection.sections, selection.states)
    pool.parallelFor(selection.sectionCount, grain: 64) { range, worker in
      var list: [Found] = []
      for index in range {
        let id = SectionID(index)
        let section = sections[id]
        guard section.kind.contains([.alloc, .exec]), !section.kind.contains(.synthetic),
          states[id].contains(.live), section.output != .none
        else { continue }
        body(id, section, &list)
      }
      for item in list { found.append(item, worker) }
    }
    return found.take()
  }

  /// Returns whether anything was added.
  private func add(_ far: [FarBranch]) -> Bool {
    var isChanged = false
    for branch in far {
      let reach = BranchReach(lower: branch.lower, upper: branch.upper, bias: branch.bias)
      if thunk(branch.key, from: branch.place, reach) != nil { continue }
      guard let island = island(for: branch),
        append(branch.key, form(of: branch.key, in: island), to: island)
      else { continue }
      isChanged = true
    }
    return isChanged
  }

  /// The same for instructions that have to move.
  private func add(_ patches: [CodePatch]) -> Bool {
    var isChanged = false
    let isAhead = target.machine.code.patchesStandAhead
    for patch in patches {
      let key = ThunkKey(
        symbol: SymbolID(rawValue: patch.section.rawValue), addend: Int64(patch.offset),
        kind: patch.kind)
      guard thunks.byKey[key] == nil else { continue }
      let reach = Int64(target.shortestReach)
      let place = address(of: selection.sections[patch.section]) &+ patch.offset
      let branch = FarBranch(
        place: place, lower: isAhead ? -reach / 32 : -reach, upper: reach, bias: 0, key: key)
      guard let island = island(for: branch), append(key, key.kind, to: island) else {
        log.error(.patchOutOfReach(selection.displayName(patch.section), patch.offset))
        continue
      }
      thunks.moved[thunks.thunks.count - 1] = patch
      // By whole pages, so that what stands behind keeps its place in a page.
      let row = thunks.islands[island].row
      let size = (thunks.islands[island].used + 0xfff) & ~0xfff
      selection.sections[row].size = size
      selection.sections[row].fileSize = size
      isChanged = true
    }
    return isChanged
  }

  /// The code of a thunk for a branch, made before its place is known to the byte.
  private func form(of key: ThunkKey, in island: Int) -> UInt8 {
    target.machine.code.thunkForm(
      key.kind, distance: Int64(bitPattern: target(of: key) &- thunks.islands[island].address))
  }

  /// Adds a thunk to an island. Returns whether there is room for the island.
  private func append(_ key: ThunkKey, _ form: UInt8, to island: Int) -> Bool {
    if thunks.islands[island].row == .none {
      guard selection.hasSpareRow else {
        log.error(.tooMuch("thunk islands", Selection.thunkRows))
        return false
      }
      makeRow(of: island)
    }
    let row = thunks.islands[island].row
    let offset = thunks.islands[island].used
    let used = offset + target.machine.code.thunkSize(form)
    thunks.islands[island].used = used
    let size = max(selection.sections[row].size, used)
    selection.sections[row].size = size
    selection.sections[row].fileSize = size
    thunks.byKey[key, default: []].append(thunks.thunks.count)
    thunks.thunks.append(Thunk(key: key, form: form, island: island, offset: offset))
    return true
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
  func target(of key: ThunkKey) -> UInt64 {
    let S = addresses[key.symbol]
    let address = Layout.isSpecial(S) ? pltEntryAddress(key.symbol) ?? 0 : S
    return address &+ UInt64(bitPattern: key.addend)
  }

  // MARK: Output

  func writeThunks(to file: OutputBytes) {
    let code = target.machine.code
    for island in thunks.islands where island.row != .none {
      let section = selection.sections[island.row]
      let start = Int(outputs[island.output.index].fileOffset + section.offset)
      file.slice(start, Int(section.size)).fill(target.trap, 0..<Int(section.size))
    }
    for (number, thunk) in thunks.thunks.enumerated() {
      let island = thunks.islands[thunk.island]
      let offset = outputs[island.output.index].fileOffset + selection.sections[island.row].offset
      if let patch = thunks.moved[number] {
        let section = selection.sections[patch.section]
        let original = outputs[section.output.index].fileOffset + section.offset + patch.offset
        code.writePatch(
          to: file, at: Int(offset + thunk.offset), place: address(of: thunk),
          movedFrom: Int(original), at: address(of: section) &+ patch.offset)
        continue
      }
      let isReached = code.writeThunk(
        thunk.form, to: file, at: Int(offset + thunk.offset), place: address(of: thunk),
        target: target(of: thunk.key))
      if !isReached {
        log.error(.thunkOutOfReach(selection.symbolDescription(thunk.key.symbol)))
      }
    }
  }

  /// The thunks and the marks of their code for the symbol table.
  func thunkSymbols() -> [OwnSymbol] {
    let code = target.machine.code
    return thunks.thunks.enumerated().flatMap { number, thunk in
      let (address, output) = (address(of: thunk), thunks.islands[thunk.island].output)
      var name = code.thunkName(thunk.form)
      if let patch = thunks.moved[number] {
        let source = self.address(of: selection.sections[patch.section]) &+ patch.offset
        name += String(source, radix: 16)
      } else {
        name += selection.thunkTargetName(thunk.key)
        if thunk.key.addend != 0 { name += "+0x" + String(thunk.key.addend, radix: 16) }
      }
      return [
        OwnSymbol(
          name: name, value: address, size: code.thunkSize(thunk.form), type: STT.FUNC,
          output: output)
      ]
        + code.thunkMarks(thunk.form).map {
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

  static func patchOutOfReach(_ section: String, _ offset: UInt64) -> Message {
    Message(
      "patchOutOfReach",
      "\(section)+0x\(String(offset, radix: 16)): no place within reach for an instruction that an "
        + "erratum of the processor makes move; split the section")
  }

  static func thunkOutOfReach(_ symbol: String) -> Message {
    Message(
      "thunkOutOfReach",
      "a thunk for far branches to \(symbol) does not reach it; place code that is called closer "
        + "to its callers")
  }
}
