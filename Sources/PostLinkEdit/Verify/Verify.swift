// The proof. After all edits the working copy is opened as if it were a file nobody knew, and its
// memory image is compared with the original's, byte by byte. The bytes that differ must be
// bytes that the plan names, nothing else may have come, gone or moved. There is no way to skip
// this; a difference is a bug of swold-edit, and nothing is written.

internal import ELF

extension EditSession {
  /// Compares the result with the plan and checks the invariants of the format.
  public func verify() throws(EditFailure) {
    do throws(EditFailure) {
      try prove()
    } catch {
      throw blame(error)
    }
    try refuseSignedOverlay()
  }

  /// Who is to blame for a result that is not as planned. A file that breaks the invariants before
  /// any edit proves nothing about the edit.
  func blame(_ failure: EditFailure) -> EditFailure {
    guard failure.code == .verification, let old = try? Image(working.original) else {
      return failure
    }
    let finding = Lint(old).run().first(where: \.isError).map { "\($0.rule): \($0.text)" }
    guard let problem = finding ?? old.hashProblem() ?? old.dynamicProblem else { return failure }
    return EditFailure(
      .malformed,
      "the file breaks an invariant (\(problem)), and with this edit: \(failure.message)",
      hint: "swold-edit lint lists what is wrong; nothing was written", at: failure.location)
  }

  private func prove() throws(EditFailure) {
    let old: Image
    let new: Image
    do throws(EditFailure) {
      old = try Image(working.original)
      new = try Image(working.bytes)
      try EditSession.requireSound(new)
    } catch {
      throw EditFailure(.verification, "the result cannot be read: \(error.message)")
    }
    try verifyMemory(old, new)
    try verifyMoved(old, new)
    try verifyLoadAddresses(old, new)
    try verifySections(old, new)
    try verifySymbols(old, new)
    try verifyDynamicSymbols(old, new)
    try verifyDynamic(old, new)
    try verifyRest(old, new)
    // The invariants of the file as it is: nothing may be wrong that was right before.
    let before = Set(Lint(old).run().map(\.text))
    for finding in Lint(new).run() where finding.isError && !before.contains(finding.text) {
      throw wrong("\(finding.rule): \(finding.text)")
    }
  }

  func wrong(_ message: String) -> EditFailure {
    EditFailure(
      .verification, message, hint: "this is a bug of swold-edit; nothing was written")
  }

  // MARK: I1, the images

  /// So many bytes are compared at a time.
  private static var slice: UInt64 { 256 << 10 }

  /// The memory that has file bytes, and all memory.
  private func memory(_ image: Image) -> (backed: RangeSet, all: RangeSet) {
    var backed = RangeSet()
    var all = RangeSet()
    for segment in image.loads {
      backed.insert(segment.backedRange)
      all.insert(segment.memoryRange)
    }
    return (backed, all)
  }

  private func verifyMemory(_ old: Image, _ new: Image) throws(EditFailure) {
    let before = memory(old)
    let after = memory(new)
    if let gone = before.all.subtracting(after.all).ranges.first {
      throw wrong("the memory at va \(hex(gone.lowerBound)) is gone")
    }
    if let added = after.all.subtracting(before.all).subtracting(plan.grown).ranges.first {
      throw wrong("memory at va \(hex(added.lowerBound)) has come that was not planned")
    }
    if let lost = before.backed.subtracting(after.backed).ranges.first {
      throw wrong("the file no longer holds the bytes at va \(hex(lost.lowerBound))")
    }
    if let added = after.backed.subtracting(before.backed).subtracting(plan.grown).ranges.first {
      throw wrong("bss at va \(hex(added.lowerBound)) has become file bytes")
    }
    // Each old segment against whatever backs its addresses now, in slices, so that only one copy
    // of a large file is in memory at a time. What the commit copies from the original is no news.
    let present = Dictionary(new.loads.map { ($0.address, $0) }) { first, _ in first }
    for segment in old.loads where segment.fileSize > 0 {
      guard let now = present[segment.address],
        now.fileSize >= segment.fileSize
      else { throw wrong("the segment at va \(hex(segment.address)) has changed its place") }
      guard now.offset == segment.offset + (plan.fileShifts[segment.address] ?? 0),
        now.alignment >= segment.alignment
          || now.alignment >= 4096 && plan.loweredAlignments.contains(segment.address)
      else { throw wrong("the segment at va \(hex(segment.address)) moved in the file unplanned") }
      var done: UInt64 = 0
      while done < segment.fileSize {
        let count = min(Self.slice, segment.fileSize - done)
        let start = Int(segment.offset + done)
        let place = Int(now.offset + done)
        if working.isUntouched(place..<(place + Int(count)), from: start) {
          done += count
          continue
        }
        guard let left = old.bytes.slice(segment.offset + done, count),
          let right = new.bytes.slice(now.offset + done, count)
        else { throw wrong("a segment lies outside the file") }
        if !same(left, right) { try explain(left, right, segment.address + done) }
        working.releaseOriginal(start..<(start + Int(count)))
        done += count
      }
    }
  }

  /// Finds a changed byte that is not planned.
  private func explain(
    _ left: ByteView, _ right: ByteView, _ address: UInt64
  ) throws(EditFailure) {
    let range = address..<(address + UInt64(left.count))
    for part in plan.loaded.gaps(in: range) {
      let offset = part.lowerBound - address
      let length = part.upperBound - part.lowerBound
      guard let a = left.slice(offset, length), let b = right.slice(offset, length), !same(a, b)
      else {
        continue
      }
      let index = (0..<a.count).first { a[$0] != b[$0] } ?? 0
      throw wrong("the byte at va \(hex(part.lowerBound + UInt64(index))) changed unplanned")
    }
  }

  private func verifyLoadAddresses(_ old: Image, _ new: Image) throws(EditFailure) {
    let known = Dictionary(old.loads.map { ($0.address, $0) }) { first, _ in first }
    for segment in new.loads {
      let planned = plan.loadAddresses[segment.address]
      if let before = known[segment.address] {
        guard segment.loadAddress == planned ?? before.loadAddress else {
          throw wrong("the load address of va \(hex(segment.address)) changed unplanned")
        }
        guard segment.flags == before.flags else {
          throw wrong("the permissions of va \(hex(segment.address)) changed")
        }
      } else if !plan.grown.contains(segment.memoryRange) {
        throw wrong("a segment at va \(hex(segment.address)) has come that was not planned")
      }
    }
  }

  // MARK: I6, sections

  /// The sections by name; a name that occurs n times gets n entries.
  private func index(_ image: Image) -> [String: [Section]] {
    Dictionary(grouping: image.sections.dropFirst(), by: \.name)
  }

  private func verifySections(_ old: Image, _ new: Image) throws(EditFailure) {
    let before = index(old)
    let after = index(new)
    for name in before.keys.sorted() where after[name] == nil && !plan.removed.contains(name) {
      throw wrong("the section '\(name)' is gone")
    }
    for name in after.keys.sorted() {
      let now = after[name] ?? []
      guard let then = before[name], then.count == now.count else {
        if plan.added.contains(name) || plan.removed.contains(name) { continue }
        throw wrong("the section '\(name)' has come unplanned")
      }
      if plan.removed.contains(name) { continue }
      func newAddress(_ section: Section) -> UInt64 {
        guard section.isLoaded else { return section.address }
        return plan.newAddress(of: section.address, in: section.memoryRange)
      }
      // Those of one name are told apart by their places, for what has moved stands elsewhere in the table.
      let pairs = zip(
        then.sorted { (newAddress($0), $0.index) < (newAddress($1), $1.index) },
        now.sorted { ($0.address, $0.index) < ($1.address, $1.index) })
      for (a, b) in pairs {
        let changesHeader = plan.headers.contains(name)
        let address = newAddress(a)
        guard address == b.address, a.type == b.type || changesHeader else {
          throw wrong("the section '\(name)' moved")
        }
        if !changesHeader {
          guard a.size == b.size, a.flags == b.flags, a.entrySize == b.entrySize else {
            throw wrong("the header of '\(name)' changed")
          }
        }
        // What a segment loads has been compared as memory.
        guard !b.isLoaded, b.hasFileBytes, !plan.contents.contains(name),
          !new.isLoaded(file: b.fileRange)
        else { continue }
        try compare(old.contents(of: a), new.contents(of: b), Int(a.offset), Int(b.offset), name)
      }
    }
  }

  private func compare(
    _ left: ByteView?, _ right: ByteView?, _ offset: Int, _ place: Int, _ name: String
  ) throws(EditFailure) {
    guard let left, let right, left.count == right.count else {
      throw wrong("the size of '\(name)' changed")
    }
    var done = 0
    while done < left.count {
      let count = min(Int(Self.slice), left.count - done)
      if working.isUntouched((place + done)..<(place + done + count), from: offset + done) {
        done += count
        continue
      }
      guard same(left.slice(done, count), right.slice(done, count)) else {
        throw wrong("the contents of '\(name)' changed")
      }
      working.releaseOriginal((offset + done)..<(offset + done + count))
      done += count
    }
  }

  // MARK: I5, I8, I9

  private func verifyDynamic(_ old: Image, _ new: Image) throws(EditFailure) {
    func plain(_ image: Image) -> [DynamicEntry] {
      image.dynamicEntries.filter { !plan.tags.contains($0.tag) }
    }
    let before = plain(old)
    let after = plain(new)
    guard before.map(\.tag) == after.map(\.tag),
      before.map(old.meaning) == after.map(new.meaning)
    else { throw wrong("the dynamic section changed unplanned") }
    guard !plan.tags.isEmpty else { return }
    // I12: a string that was referenced and still is reads as before.
    for entry in before where Image.stringTags.contains(entry.tag) {
      guard old.dynamicString(entry.value) == new.dynamicString(entry.value) else {
        throw wrong("a dynamic string changed")
      }
    }
    // What is new is what was asked for.
    func allNames(_ image: Image) -> [String] {
      image.namedDynamicStrings().compactMap { image.dynamicString($0) }
    }
    let known = plan.strings.union(allNames(old))
    // A name that was outside of the string table may be inside of a longer one.
    let isWhole = allNames(old).count == old.namedDynamicStrings().count
    for name in isWhole ? allNames(new) : [] where !known.contains(name) {
      throw wrong("a dynamic string is '\(name)', which nobody asked for")
    }
    func names(_ image: Image) -> [String?] {
      (image.versionNeeds() ?? []).flatMap { need in
        let file = plan.tags.contains(DT.NEEDED) ? [] : [image.dynamicString(UInt64(need.file))]
        return file + need.names.map { image.dynamicString(UInt64($0)) }
      }
    }
    // A name that was outside of the string table may be inside of a longer one.
    let (then, now) = (names(old), names(new))
    guard then.count == now.count, zip(then, now).allSatisfy({ $0 == nil || $0 == $1 }) else {
      throw wrong("a version name changed")
    }
  }

  private func verifyRest(_ old: Image, _ new: Image) throws(EditFailure) {
    guard old.entry == new.entry || plan.entry else { throw wrong("the entry changed") }
    guard old.type == new.type, old.machine == new.machine, old.format == new.format else {
      throw wrong("the kind of the file changed")
    }
    if old.interpreter?.path != new.interpreter?.path, !plan.interpreter {
      throw wrong("the interpreter changed")
    }
    if old.buildID()?.bytes != new.buildID()?.bytes, !plan.buildID {
      throw wrong("the build-id changed")
    }
    guard plan.dropsOverlay || same(old.overlay, new.overlay) else {
      throw wrong("the bytes behind the ELF file changed")
    }
    try verifyOtherSegments(old, new)
  }

  /// PT_NOTE, PT_TLS and their kin keep their order, and name the bytes at their address.
  private func verifyOtherSegments(_ old: Image, _ new: Image) throws(EditFailure) {
    func others(_ image: Image) -> [Segment] {
      image.segments.filter {
        $0.type != PT.NULL && $0.type != PT.LOAD && !(plan.stack && $0.type == PT.GNU_STACK)
      }
    }
    var before = others(old)
    let after = others(new)
    // What stands behind the program headers may have moved before one was freed, or afterwards.
    for freed in plan.freedHeaders {
      guard
        let index = before.firstIndex(where: {
          $0.type == freed.type && $0.memorySize == freed.memorySize
            && [$0.address, plan.newAddress(of: $0.address, in: $0.memoryRange)]
              .contains(freed.address)
        })
      else { continue }
      let address = plan.newAddress(of: before[index].address, in: before[index].memoryRange)
      let isNamed = after.contains {
        $0.type != freed.type && $0.address == address && $0.memorySize == freed.memorySize
      }
      if isNamed { before.remove(at: index) }
    }
    guard before.map(\.type) == after.map(\.type) else {
      throw wrong("the program headers changed")
    }
    func isAtHome(_ segment: Segment, _ image: Image) -> Bool {
      image.offset(ofVirtual: segment.address, segment.fileSize).map(UInt64.init) == segment.offset
    }
    for (a, b) in zip(before, after) where a.fileSize > 0 && isAtHome(a, old) && !isAtHome(b, new) {
      throw wrong("program header \(b.index) names other bytes than its address")
    }
  }
}
