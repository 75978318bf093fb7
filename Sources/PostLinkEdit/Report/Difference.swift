// --diff: what changed, first in the words of the format (headers, segments, sections, tags),
// then as bytes with the names of the sections and symbols they belong to.

internal import ELF

extension EditSession {
  /// The differences between the file and the working copy, as lines.
  public func difference() -> [String] {
    guard let old = try? Image(working.original), let new = try? Image(working.bytes) else {
      return []
    }
    var lines: [String] = []
    if old.bytes.count != new.bytes.count {
      lines.append("file: \(old.bytes.count) -> \(new.bytes.count) bytes")
    }
    if old.entry != new.entry { lines.append("entry: \(hex(old.entry)) -> \(hex(new.entry))") }
    lines += compare(
      "program header", old.segments.map(describe), new.segments.map(describe))
    lines += compare(
      "section", old.sections.dropFirst().map(describe), new.sections.dropFirst().map(describe))
    lines += compare(
      "dynamic", old.dynamicEntries.map { describe($0, old) },
      new.dynamicEntries.map { describe($0, new) })
    lines += compare("note", notes(old), notes(new))
    lines += compare("slot", slots(old), slots(new))
    if let a = old.interpreter?.path, let b = new.interpreter?.path, a != b {
      lines.append("interpreter: \(a) -> \(b)")
    }
    return lines + bytes(old, new)
  }

  /// The lines that only one side has, in order.
  private func compare(_ what: String, _ old: [String], _ new: [String]) -> [String] {
    let before = Set(old)
    let after = Set(new)
    return old.filter { !after.contains($0) }.map { "- \(what) \($0)" }
      + new.filter { !before.contains($0) }.map { "+ \(what) \($0)" }
  }

  private func describe(_ s: Segment) -> String {
    "\(segmentName(s.type)) \(segmentFlags(s.flags)) offset \(hex(s.offset)) va \(hex(s.address)) "
      + "lma \(hex(s.loadAddress)) filesz \(hex(s.fileSize)) memsz \(hex(s.memorySize))"
  }

  private func describe(_ s: Section) -> String {
    "\(s.name) \(sectionFlags(s.flags)) va \(hex(s.address)) size \(hex(s.size))"
  }

  private func describe(_ entry: DynamicEntry, _ image: Image) -> String {
    let text = Image.stringTags.contains(entry.tag) ? image.dynamicString(entry.value) : nil
    return "\(tagName(entry.tag)) \(text ?? hex(entry.value))"
  }

  private func notes(_ image: Image) -> [String] {
    image.notes().found.filter { $0.section != SlotNote.sectionName }.map {
      "\($0.section) \($0.note.owner.string) \(hex(UInt64($0.note.type))) "
        + hex(Array($0.note.description.array.prefix(40)))
    }
  }

  private func slots(_ image: Image) -> [String] {
    ((try? image.slots()) ?? []).map { "\($0.name) flags \($0.flags.rawValue)" }
  }

  /// Changed loaded bytes, sixteen a line.
  private func bytes(_ old: Image, _ new: Image) -> [String] {
    var lines: [String] = []
    for range in plan.loaded.ranges {
      var address = range.lowerBound
      while address < range.upperBound {
        let count = min(16, range.upperBound - address)
        defer { address += count }
        guard let a = old.bytes(atVirtual: address, count),
          let b = new.bytes(atVirtual: address, count),
          a != b
        else { continue }
        let section = new.loadedSections(in: address..<(address + 1)).first?.name ?? "headers"
        lines.append("va \(hex(address)) [\(section)] \(hex(a.array)) -> \(hex(b.array))")
        if lines.count >= 200 { return lines + ["…"] }
      }
    }
    return lines
  }
}
