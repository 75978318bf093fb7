// --warn-backrefs: archive members that take part because of a reference behind their archive. Linkers
// that look at each archive once, in the order of the command line, would miss them.
//
// What such a linker would take is found by walking: a file reaches members of archives that stand
// behind it, or in one --start-group with it. Where nothing is left to reach, the first reference
// backwards is reported, and its member goes on as if it had been found; so one mistake in the order is one
// message. A name that a later archive defines as well is none: both linkers work. (lld)

internal import ELF
internal import Text

extension Program {
  func warnAboutBackwardReferences() {
    guard options.warnBackreferences else { return }
    var walk = BackwardWalk(self)
    walk.run()
    guard !walk.found.isEmpty else { return }
    let excluded = options.warnBackreferencesExclude.map { Glob($0) }
    let others = definedLater(walk.found)
    for one in walk.found {
      let path = inputs.paths[Int(files[one.member.index].path)]
      if others.contains(names[one.reference]) || excluded.contains(where: { $0.matches(path) }) {
        continue
      }
      let user = inputs.file(of: one.reference)
      log.warning(
        .backwardReference(
          demangled(one.reference), inputs.displayName(user), inputs.displayName(one.member)),
        at: inputs.place(user))
    }
  }

  /// The names that an archive defines which does not stand before the reference.
  private func definedLater(_ found: [BackwardWalk.Reference]) -> Set<NameID> {
    var earliest: [NameID: UInt32] = [:]
    for one in found {
      let group = inputs.fileGroups[inputs.file(of: one.reference).index]
      earliest[names[one.reference]] = group
    }
    var result: Set<NameID> = []
    for number in 0..<inputs.fileGroups.count where files[number].kind == .object {
      let file = files[number]
      for index in file.globals where file.symbols[index].sectionIndex != SHN.UNDEF {
        let name = names[file.symbolID(index)]
        if let group = earliest[name], inputs.fileGroups[number] >= group { result.insert(name) }
      }
    }
    return result
  }
}

/// What a linker reaches that looks at each archive once.
private struct BackwardWalk {
  struct Reference {
    let reference: SymbolID
    let member: FileID
  }

  private(set) var found: [Reference] = []
  private let program: Program
  private var isReached: [Bool]
  private var queue: [Int] = []

  init(_ program: Program) {
    self.program = program
    isReached = Array(repeating: false, count: program.files.count)
    for number in isReached.indices where !program.files[number].isLazy { reach(number) }
  }

  mutating func run() {
    var next = 0
    // References backwards, in the order in which their files were reached.
    var backward: [Reference] = []
    var nextBackward = 0
    repeat {
      while next < queue.count {
        look(at: queue[next], &backward)
        next += 1
      }
      while nextBackward < backward.count, isReached[backward[nextBackward].member.index] {
        nextBackward += 1
      }
      if nextBackward < backward.count {
        found.append(backward[nextBackward])
        reach(backward[nextBackward].member.index)
      }
    } while next < queue.count
  }

  private mutating func reach(_ number: Int) {
    if isReached[number] { return }
    isReached[number] = true
    queue.append(number)
  }

  /// Follows the references of one file.
  private mutating func look(at number: Int, _ backward: inout [Reference]) {
    let file = program.files[number]
    guard file.kind != .shared else { return }
    let own = program.inputs.linkerSymbols.entries
    for index in file.globals {
      let symbol = file.symbols[index]
      guard symbol.sectionIndex == SHN.UNDEF, symbol.binding != STB.WEAK,
        file.kind == .object || own[index - 1].isWanted
      else { continue }
      let row = file.symbolID(index)
      let candidate = Candidate(key: program.best[program.names[row]])
      guard candidate.rank == .lazy || candidate.rank == .lazyCommon,
        program.files[candidate.file.index].kind == .object,
        program.isLive(candidate.file), !isReached[candidate.file.index]
      else { continue }
      let groups = program.inputs.fileGroups
      if groups[number] <= groups[candidate.file.index] {
        reach(candidate.file.index)
      } else {
        backward.append(Reference(reference: row, member: candidate.file))
      }
    }
  }
}

extension Message {
  static func backwardReference(_ symbol: String, _ file: String, _ member: String) -> Message {
    Message(
      "backwardReference",
      "backward reference: \(symbol) in \(file) is defined by \(member), which stands before it; "
        + "other linkers want the archive behind, or both between --start-group and --end-group")
  }
}
