// Finds out how long the packed table of dynamic relocations is (--pack-dyn-relocs=android).
//
// How well it packs depends on addresses, and addresses depend on its size. So when a layout has
// settled, the relocations are made for it as they will be when it is written, and packed; if they need
// more than their room, or take less than was guessed at first, everything is laid out again. From then on the
// room only grows, so that this ends.

internal import ELF
internal import Parallel

extension Layout {
  private static var mostRounds: Int { 16 }

  /// `layOut`: lays out anew with the sizes that rows have.
  func sizePackedRelocations(_ layOut: () -> Void) {
    guard options.packsDynamicRelocations, let row = selection.syntheticRows[.relaDynamic] else {
      return
    }
    for round in 0..<Layout.mostRounds {
      makeDynamicRelocations()
      let size = UInt64(packedRelocations().count)
      Storage.release(
        relaDynamic.base.assumingMemoryBound(to: UInt8.self), relaDynamic.count)
      let room = selection.sections[row].size
      if size == room || round > 0 && size < room || log.hasErrors { return }
      // Later rounds leave some for what the next addresses cost.
      selection.sections[row].size = size + (round < 2 ? 0 : UInt64(round) << 4)
      layOut()
    }
    log.error(.packingDoesNotSettle(options.outputPath))
  }

  /// Fills a `relaDynamic` in memory as writing the output will. What else that stores is lost.
  private func makeDynamicRelocations() {
    prepareAddresses(areComplete: true)
    relaDynamic = makeRelocationTable()
    let context = ApplyContext(self)
    let kinds: InputSectionKind = [.synthetic, .mergedGroup, .noBits]
    let members = outputs.filter(\.isAllocated).flatMap(\.members).filter {
      context.sections[$0].kind.isDisjoint(with: kinds) && hasDynamicRelocations($0)
    }
    let rooms = Scratch<UInt8>(pool)
    pool.parallelFor(members.count, grain: 16) { range, worker in
      for member in members[range] {
        let section = context.sections[member]
        let size = Int(section.size)
        let out = OutputBytes(base: rooms.room(size, worker).base, count: size)
        self.copy(section, member, to: out)
        context.code.apply(member, to: out, context)
      }
    }
    rooms.release()
    if selection.exceptionFrames.inputs.contains(where: hasDynamicRelocations) {
      inScratch(.exceptionFrames) {
        selection.exceptionFrames.write(
          to: $0, header: nil, address: address(of: .exceptionFrames), context)
      }
    }
    if selection.syntheticRows[.got] != nil {
      inScratch(.got) { writeGOT(to: $0) }
    } else {
      var entry = gotSymbolicStart
      writeCopyRelocations(&entry)
    }
    if indirectEndsDynamic { writeIndirect(from: relativeCount + symbolicCount, in: relaDynamic) }
    sortDynamicRelocations()
  }

  /// Calls `body` with memory for a linker-made section.
  private func inScratch(_ kind: SyntheticKind, _ body: (OutputBytes) -> Void) {
    let block = Block<UInt8>(count: Int(size(of: kind)))
    body(OutputBytes(base: block.base, count: block.count))
    block.release()
  }
}

extension Message {
  static func packingDoesNotSettle(_ path: String) -> Message {
    Message(
      "packingDoesNotSettle",
      "the packed relocations of \(path) do not settle; link with --pack-dyn-relocs=relr")
  }
}
