// -r: takes the records of functions that are not in the output out of `.eh_frame`.
//
// The later linker would find an FDE whose function is nowhere, and what it makes of that differs; so
// the records go here, with their relocations, and the CIE pointers of those behind them are changed.
// So do terminators (a length of 0) that are not at the very end: they would hide what follows.
// A gap between two sections would read as a terminator, too, so the last record of each is made longer
// if need be (DW_CFA_nop is 0).
//
// Sections in which nothing changes, most of them, are copied as they are, and so is whatever cannot
// be understood. (LSB Core, "Exception Frames".)

internal import ELF
internal import Parallel

extension ObjectOutput {
  func editExceptionFrames() {
    guard !frameSections.isEmpty else { return }
    let sections = frameSections
    let last = sections.last { isLive($0) }
    let alignment = sections.map { self.sections[$0].alignment }.max() ?? 1
    let found = Gathered<(SectionID, FrameEdit)>(pool)
    pool.parallelFor(sections.count) { range, worker in
      for index in range where self.isLive(sections[index]) {
        let isLast = sections[index] == last
        guard let edit = self.edit(of: sections[index], alignment, isLast: isLast) else { continue }
        found.append((sections[index], edit), worker)
      }
    }
    for (id, edit) in found.take().sorted(by: { $0.0 < $1.0 }) {
      frameEdits.append(edit)
      frameEditOf[id] = UInt32(frameEdits.count)
      self.sections[id].size = edit.size
      relocationCounts[id] = edit.pieces.reduce(0) { $0 + $1.relocationCount }
    }
  }

  /// What remains of a section; nil: all of it, as it is.
  private func edit(of id: SectionID, _ alignment: UInt64, isLast: Bool) -> FrameEdit? {
    guard var pieces = framePieces(of: id) else { return nil }
    var isUsed = [Bool](repeating: false, count: pieces.count)
    var size: UInt64 = 0
    for (position, piece) in pieces.enumerated() {
      if piece.isTerminator {
        isUsed[position] = isLast && position == pieces.count - 1
      } else if piece.cie >= 0 {
        isUsed[position] = !isFunctionGone(piece, id)
        if isUsed[position] { isUsed[Int(piece.cie)] = true }
      }
    }
    // A CIE without FDEs is no harm in itself; it goes if it has lost them.
    if !pieces.contains(where: { $0.cie >= 0 }) {
      for position in pieces.indices where !pieces[position].isTerminator {
        isUsed[position] = true
      }
    }
    for position in pieces.indices where isUsed[position] { size += UInt64(pieces[position].size) }
    let padding = isLast ? 0 : UInt32((0 &- size) & (min(alignment, 4096) - 1))
    guard padding > 0 || isUsed.contains(false) else { return nil }
    if let position = pieces.indices.last(where: { isUsed[$0] && !pieces[$0].isTerminator }) {
      pieces[position].padding = padding
    }
    var next: UInt32 = 0
    for position in pieces.indices where isUsed[position] {
      pieces[position].newOffset = next
      next += pieces[position].size + pieces[position].padding
    }
    // The positions of CIEs change, so FDEs remember the new offset of theirs from here on.
    var kept: [FramePiece] = []
    for piece in pieces where piece.newOffset != nil {
      var piece = piece
      if piece.cie >= 0 { piece.cie = Int32(bitPattern: pieces[Int(piece.cie)].newOffset!) }
      kept.append(piece)
    }
    return FrameEdit(pieces: kept, size: UInt64(next))
  }

  /// Whether the function of an FDE is in a section of its file that is not in the output.
  private func isFunctionGone(_ piece: FramePiece, _ id: SectionID) -> Bool {
    guard piece.relocationCount > 0 else { return false }
    let section = sections[id]
    let relocation = section.relocationRecords[Int(piece.relocationStart)]
    let file = files[section.file.index]
    guard relocation.offset == UInt64(piece.offset) + 8, Int(relocation.symbol) < file.symbolCount
    else { return false }
    let symbol = file.symbols[Int(relocation.symbol)]
    guard file.isInSection(symbol) else { return false }
    return definingSection(symbol, Int(relocation.symbol), file) == .none
  }

  /// Cuts a section into records; nil if it is not what a compiler makes.
  func framePieces(of id: SectionID) -> [FramePiece]? {
    let section = sections[id]
    guard section.kind.isDisjoint(with: [.compressed, .noBits]) else { return nil }
    let relocations = sections.sortRelocations(of: id)
    var pieces: [FramePiece] = []
    // Positions of the CIEs.
    var cies: [Int32] = []
    do throws(FrameDefect) {
      try FrameCutter.cut(
        section.bytes, relocations, wordSize: format.wordSize
      ) { frame in
        var piece = FramePiece(
          offset: frame.offset, size: frame.size, relocationStart: frame.relocationStart,
          relocationCount: frame.relocationCount, cie: -1)
        switch frame.kind {
        case .terminator: piece.isTerminator = true
        case .cie: cies.append(Int32(pieces.count))
        case .fde(let cie): piece.cie = cies[Int(cie)]
        }
        pieces.append(piece)
      }
    } catch {
      return nil
    }
    return pieces
  }
}
