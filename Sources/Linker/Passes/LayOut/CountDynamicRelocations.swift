// Gives each section its places in `.rela.dyn`.
//
// Relative relocations come first (DT_RELACOUNT), those of sections in the order of the output, then
// those of the GOT; behind them all others in the same order. Workers count portions of the members, and
// when it is known where each portion begins, they tell its members.

internal import ELF
internal import Parallel

/// Dynamic relocations of some sections.
private struct RelocationCounts: BitwiseCopyable, Sendable {
  var relative = 0
  var symbolic = 0
}

extension Layout {
  func countDynamicRelocations() {
    guard selection.program.isDynamic else { return }
    let portions = pool.portions(of: outputs).filter { outputs[$0.output].isAllocated }
    let counts = Block<RelocationCounts>(room: portions.count)
    let textSections = Results<[SectionID]>(repeating: [], count: portions.count)
    pool.parallelForEach(portions.count) { index, _ in
      var found: [SectionID] = []
      counts[index] = self.count(portions[index], &found)
      if !found.isEmpty { textSections.set(found, at: index) }
    }
    textRelocationSections = textSections.values.flatMap { $0 }
    textSections.release()
    var relative = 0
    var symbolic = 0
    for index in portions.indices {
      let count = counts[index]
      counts[index] = RelocationCounts(relative: relative, symbolic: symbolic)
      relative += count.relative
      symbolic += count.symbolic
    }
    for frames in selection.exceptionFrames.inputs {
      if hasDynamicRelocations(frames) { textRelocationSections.append(frames) }
      relativeStarts[frames] = UInt32(truncatingIfNeeded: relative)
      relative += Int(selection.relativeCounts[frames])
    }
    for place in selection.indirectPlaces where textRelocationSections.last != place.section {
      let output = selection.sections[place.section].output
      guard output != .none, outputs[output.index].flags & SHF.WRITE == 0 else { continue }
      textRelocationSections.append(place.section)
    }
    gotRelativeStart = relative
    let gotCounts = gotRelocationCounts()
    if !options.packRelativeRelocations { relative += gotCounts.relative }
    relativeCount = relative
    let relativeEnd = relative
    pool.parallelForEach(portions.count) { index, _ in
      self.assignStarts(to: portions[index], counts[index], relativeEnd)
    }
    counts.release()
    symbolic += relative
    for frames in selection.exceptionFrames.inputs {
      symbolicStarts[frames] = UInt32(truncatingIfNeeded: symbolic)
      symbolic += Int(selection.symbolicCounts[frames])
    }
    gotSymbolicStart = symbolic
    symbolic += gotCounts.symbolic + selection.copies.count
    symbolicCount = symbolic - relative
  }

  /// `textSections`: members whose relocations change what is mapped for reading only.
  private func count(
    _ portion: MemberPortion, _ textSections: inout [SectionID]
  ) -> RelocationCounts {
    let isWritable = outputs[portion.output].flags & SHF.WRITE != 0
    var counts = RelocationCounts()
    forEachMember(of: portion) { member, relative, symbolic in
      if !isWritable && hasDynamicRelocations(member) { textSections.append(member) }
      counts.relative += relative
      counts.symbolic += symbolic
    }
    return counts
  }

  private func assignStarts(
    to portion: MemberPortion, _ starts: RelocationCounts, _ relativeEnd: Int
  ) {
    var (relative, symbolic) = (starts.relative, relativeEnd + starts.symbolic)
    let (relativeStarts, symbolicStarts) = (relativeStarts, symbolicStarts)
    forEachMember(of: portion) { member, relativeCount, symbolicCount in
      relativeStarts[member] = UInt32(truncatingIfNeeded: relative)
      symbolicStarts[member] = UInt32(truncatingIfNeeded: symbolic)
      relative += relativeCount
      symbolic += symbolicCount
    }
  }

  /// Calls `body` with each member that is a section of an input, and its entries in `.rela.dyn`.
  @inline(__always) private func forEachMember(
    of portion: MemberPortion,
    _ body: (_ member: SectionID, _ relative: Int, _ symbolic: Int) -> Void
  ) {
    let members = outputs[portion.output].members
    let (sections, packs) = (selection.sections, options.packRelativeRelocations)
    let (relativeCounts, symbolicCounts) = (selection.relativeCounts, selection.symbolicCounts)
    for position in portion.members {
      let member = members[position]
      guard !sections[member].kind.contains(.synthetic) else { continue }
      let relative = Int(relativeCounts[member])
      let isPacked = packs && relative > 0 && isPackable(sections[member], member)
      body(member, isPacked ? 0 : relative, Int(symbolicCounts[member]))
    }
  }

  func hasDynamicRelocations(_ member: SectionID) -> Bool {
    selection.relativeCounts[member] != 0 || selection.symbolicCounts[member] != 0
  }

  private func gotRelocationCounts() -> (relative: Int, symbolic: Int) {
    var relative = 0
    var symbolic = 0
    forEachGOTEntry { entry in
      switch entry.content {
      case .relative: relative += 1
      case .dynamic: symbolic += 1
      case .value, .indirect: break
      }
    }
    return (relative, symbolic)
  }
}
