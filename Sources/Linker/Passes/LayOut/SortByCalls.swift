// --call-graph-ordering-file, and profiles that compilers leave in objects: functions that call each
// other often stand together.
//
// The method is call-chain clustering (G. Ottoni and B. Maher, "Optimizing Function Placement for
// Large-Scale Data-Center Applications", CGO 2017): from the function with the most calls on, each is put
// behind the function that calls it most, together with what stands there already; then clusters
// are put in the order of their density, calls for each byte. A cluster does not grow beyond a
// megabyte, which a table of large pages holds, nor by what is called too little for its size.

internal import ELF

/// How often a section calls another.
struct SectionCall: Sendable {
  let caller: SectionID
  let callee: SectionID
  let weight: UInt64
}

extension Selection {
  /// Positions of the sections that a profile speaks of; empty: there is none.
  func callOrder() -> [SectionID: Int] {
    guard options.callGraphProfileSort, !inputs.hasUserMap else { return [:] }
    let calls = inputs.requests.calls.isEmpty ? profiledCalls() : listedCalls()
    guard !calls.isEmpty else { return [:] }
    var clusters = CallClusters(calls) { sections[$0].size }
    var positions: [SectionID: Int] = [:]
    for id in clusters.ordered() { positions[id] = positions.count }
    return positions
  }

  private func row(_ symbol: SymbolID) -> SectionID? {
    let id = definingSection[program.definition[symbol]]
    return id != .none && isLive(id) && sections[id].kind.contains(.exec) ? id : nil
  }

  // MARK: Where profiles come from

  /// SHT_LLVM_CALL_GRAPH_PROFILE: a word for each call, with two relocations that name caller and callee.
  private func profiledCalls() -> [SectionCall] {
    var calls: [SectionCall] = []
    for number in 0..<files.count where files[number].hasCallProfile {
      let file = files[number]
      guard program.isLive(FileID(number)) else { continue }
      for index in 0..<file.sectionCount {
        let header = file.sectionHeaders[index]
        guard [SHT.RELA, SHT.REL, SHT.CREL].contains(header.type), header.info < file.sectionCount,
          case let profile = file.sectionHeaders[Int(header.info)],
          profile.type == SHT.LLVM_CALL_GRAPH_PROFILE
        else { continue }
        guard file.defect(ofRelocations: header) == nil, let weights = file.contents(profile) else {
          report(
            FileID(number), index, "the call profile \(file.sectionName(profile).string) is broken")
          continue
        }
        let records = file.relocations(header, inputs.target.machine.code)
        for call in 0..<records.count / 2 {
          let ends = [records[2 * call], records[2 * call + 1]].map { Int($0.symbol) }
          guard let weight = weights.load(UInt64.self, at: 8 * call, file.format.order),
            ends.allSatisfy({ $0 < file.symbolCount }),
            let caller = row(file.symbolID(ends[0])), let callee = row(file.symbolID(ends[1]))
          else { continue }
          calls.append(SectionCall(caller: caller, callee: callee, weight: weight))
        }
      }
    }
    return calls
  }

  /// --call-graph-ordering-file.
  private func listedCalls() -> [SectionCall] {
    var wanted: Set<String> = []
    for call in inputs.requests.calls { wanted.formUnion([call.caller, call.callee]) }
    var rows: [String: SectionID] = [:]
    for number in 0..<files.count where program.isLive(FileID(number)) {
      let file = files[number]
      guard file.kind == .object else { continue }
      for index in 1..<max(file.symbolCount, 1) where file.symbols[index].type == STT.FUNC {
        let name = file.symbolName(index).string
        guard wanted.contains(name), let id = row(file.symbolID(index)) else { continue }
        if rows[name] == nil { rows[name] = id }
      }
    }
    if options.warnSymbolOrdering, let path = options.callGraphOrderingFile {
      for name in wanted.sorted() where rows[name] == nil {
        log.warning(.nothingToOrder(name, path))
      }
    }
    return inputs.requests.calls.compactMap { call in
      guard let caller = rows[call.caller], let callee = rows[call.callee] else { return nil }
      return SectionCall(caller: caller, callee: callee, weight: call.weight)
    }
  }
}

/// Sections that are to stand together.
private struct CallClusters {
  private struct Node {
    let id: SectionID
    let size: UInt64
    /// Calls of this very section.
    var weight: UInt64 = 0
    /// Who calls it most, and how often.
    var caller = -1
    var calls: UInt64 = 0
    /// The cluster that it is in: the first of its nodes.
    var leader: Int
    /// Of a leader: its nodes in order, their bytes and calls.
    var members: [Int]
    var totalSize: UInt64
    var totalWeight: UInt64 = 0
  }

  private static var sizeLimit: UInt64 { 1 << 20 }

  private var nodes: [Node] = []

  init(_ calls: [SectionCall], size: (SectionID) -> UInt64) {
    var numbers: [SectionID: Int] = [:]
    func number(_ id: SectionID) -> Int {
      if let known = numbers[id] { return known }
      let number = nodes.count
      numbers[id] = number
      let bytes = max(size(id), 1)
      nodes.append(Node(id: id, size: bytes, leader: number, members: [number], totalSize: bytes))
      return number
    }
    var weights: [[Int]: UInt64] = [:]
    for call in calls {
      let (caller, callee) = (number(call.caller), number(call.callee))
      nodes[callee].weight = nodes[callee].weight.addingSaturated(call.weight)
      guard caller != callee else { continue }
      weights[[callee, caller], default: 0] =
        (weights[[callee, caller]] ?? 0).addingSaturated(call.weight)
    }
    // In an order that no hash decides.
    for (edge, weight) in weights.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) })
    where weight > nodes[edge[0]].calls {
      nodes[edge[0]].calls = weight
      nodes[edge[0]].caller = edge[1]
    }
    for index in nodes.indices { nodes[index].totalWeight = nodes[index].weight }
  }

  /// The sections, those that are called most for their size first.
  mutating func ordered() -> [SectionID] {
    for index in nodes.indices.sorted(by: { isDenser($0, $1, alone: true) }) { join(index) }
    return nodes.indices.filter { nodes[$0].leader == $0 }
      .sorted { isDenser($0, $1, alone: false) }
      .flatMap { nodes[$0].members }.map { nodes[$0].id }
  }

  private func isDenser(_ first: Int, _ second: Int, alone: Bool) -> Bool {
    func density(_ index: Int) -> Double {
      let node = nodes[index]
      return alone
        ? Double(node.weight) / Double(node.size)
        : Double(node.totalWeight) / Double(node.totalSize)
    }
    let (left, right) = (density(first), density(second))
    return left != right ? left > right : nodes[first].id < nodes[second].id
  }

  /// Puts the cluster that begins with a node behind its caller's.
  private mutating func join(_ index: Int) {
    let node = nodes[index]
    // What has been put behind another is not at the beginning of its cluster any more; and a call
    // among very many is no reason.
    guard node.leader == index, node.caller >= 0, node.calls >= node.weight / 10 else { return }
    let leader = nodes[node.caller].leader
    guard leader != index else { return }
    let size = nodes[leader].totalSize.addingSaturated(node.totalSize)
    let weight = nodes[leader].totalWeight.addingSaturated(node.totalWeight)
    let before = Double(nodes[leader].totalWeight) / Double(nodes[leader].totalSize)
    guard size <= CallClusters.sizeLimit, Double(weight) / Double(size) >= before / 8 else {
      return
    }
    for member in node.members { nodes[member].leader = leader }
    nodes[leader].members += node.members
    nodes[leader].totalSize = size
    nodes[leader].totalWeight = weight
    nodes[index].members = []
  }
}
