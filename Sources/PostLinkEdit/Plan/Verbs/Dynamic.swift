// interp, rpath, needed, soname: strings and tags of dynamic files.
//
// Linkers merge suffixes, so the bytes of an old string may be the tail of somebody else's name. A new
// string is found among the existing ones, written where nothing refers to the bytes, or over a run
// of ':' that pads the old value; else the whole table is copied to another place (TableRoom.swift)
// and grows there, and the old bytes stay. So does `.dynamic`.

internal import ELF

extension EditSession {
  private func requireDynamic() throws(EditFailure) {
    guard image.dynamicRange != nil, image.dynamicStrings != nil else {
      throw EditFailure(.unsupported, "the file has no dynamic section")
    }
    // What the tags call strings must be strings: slack is about to be written.
    guard let strings = image.dynamicStrings, image.sections.count > 1 else { return }
    guard
      image.sections.contains(where: {
        $0.type == SHT.STRTAB && $0.isLoaded && $0.address == strings.address
          && $0.size == UInt64(strings.bytes.count)
      })
    else {
      throw EditFailure(.malformed, "DT_STRTAB and DT_STRSZ disagree with the section .dynstr")
    }
  }

  // MARK: Strings

  /// The offset in `.dynstr` of a string equal to `text`, making one if there is none.
  /// - Parameter replaced: the entry that will refer to the new string instead of its old one.
  func dynamicStringOffset(
    _ text: String, replacing replaced: DynamicEntry? = nil
  ) throws(EditFailure) -> UInt64 {
    guard !text.utf8.contains(0) else { throw EditFailure(.value, "the string contains a NUL") }
    try requireDynamic()
    guard let strings = image.dynamicStrings else {
      throw EditFailure(.unsupported, "the file has no dynamic strings")
    }
    plan.strings.insert(text)
    if let offset = findString(text, in: strings.bytes) { return UInt64(offset) }
    let new = Array(text.utf8) + [0]
    // The tightest of the gaps, so that the room behind the last string lasts.
    guard
      let slack = image.stringGaps(without: replaced).filter({ $0.count >= new.count })
        .min(by: { $0.count < $1.count })
    else { return try growStrings(new) }
    let address = strings.address + UInt64(slack.lowerBound)
    guard let offset = image.offset(ofVirtual: address, UInt64(slack.count)) else {
      throw EditFailure(.notInFile, ".dynstr is not in the file")
    }
    // The rest of the slack is zeroed, so the result does not depend on earlier edits.
    let rest = [UInt8](repeating: 0, count: slack.count - new.count)
    try writeHeader(new + rest, at: offset)
    try refresh()
    return UInt64(slack.lowerBound)
  }

  /// Copies `.dynstr` to where there is room, with the new string and room for more.
  private func growStrings(_ new: [UInt8]) throws(EditFailure) -> UInt64 {
    guard let (address, old) = image.dynamicStrings else {
      throw noRoom("there are no spare bytes in .dynstr")
    }
    let offset = UInt64(old.count)
    let spare = 512
    // Room for further edits, so that repeated ones do not grow the file. Where patchelf has put the table
    // it is writable, and may stay so.
    let isWritable = image.segment(backing: address, 1).map { $0.flags & PF.W != 0 } ?? false
    var content = old.array(behind: 0, spare: new.count + spare)
    content.append(contentsOf: new)
    let placed = try placeTable(
      ".dynstr.new", content, spare: spare, alignment: 1, mayBeWritable: isWritable)
    plan.tags.formUnion([DT.STRTAB, DT.STRSZ])
    // The old table may have moved for the new one's program header.
    if image.hasSections {
      try renameStrings(at: image.dynamicStrings?.address ?? address, placed)
    }
    for entry in image.dynamicEntries {
      if entry.tag == DT.STRTAB { try writeDynamic(entry.index, DT.STRTAB, placed.address) }
      if entry.tag == DT.STRSZ { try writeDynamic(entry.index, DT.STRSZ, placed.size) }
    }
    try refresh()
    note(
      ".dynstr moved to va \(hex(placed.address)), "
        + "\(placed.size - UInt64(old.count + new.count)) bytes spare")
    return offset
  }

  /// The section header that was that of the strings becomes one of the old bytes.
  private func renameStrings(at address: UInt64, _ placed: Section) throws(EditFailure) {
    // Its number may have changed, for the new section has come.
    guard
      let section = image.sections.first(where: {
        $0.type == SHT.STRTAB && $0.isLoaded && $0.address == address
      })
    else { throw EditFailure(.malformed, "DT_STRTAB names no section") }
    var edits = sectionEdits()
    let oldIndex = section.index
    edits[oldIndex - 1].section.name = ".dynstr.old"
    edits[oldIndex - 1].section.type = SHT.PROGBITS
    edits[placed.index - 1].section.name = section.name
    edits[placed.index - 1].section.type = SHT.STRTAB
    for index in edits.indices where Int(edits[index].section.link) == oldIndex {
      edits[index].section.link = UInt32(placed.index)
    }
    plan.added.formUnion([".dynstr.old", section.name])
    plan.removed.formUnion([section.name, placed.name])
    try rewriteSections(edits)
  }

  // MARK: Tags

  func writeDynamic(_ index: Int, _ tag: Int64, _ value: UInt64) throws(EditFailure) {
    guard let range = image.dynamicRange else { return }
    let offset = Int(range.lowerBound) + index * image.format.dynamicEntrySize
    let word = image.format.wordSize
    let bits = UInt64(bitPattern: tag)
    plan.tags.insert(tag)
    try writeHeader(
      image.format.encode(bits, size: word) + image.format.encode(value, size: word), at: offset)
  }

  /// Replaces the live entries of `.dynamic`; what is free becomes DT_NULL.
  func writeDynamic(_ entries: [(tag: Int64, value: UInt64)]) throws(EditFailure) {
    let all = image.allDynamicEntries
    let before = image.dynamicEntries
    let live = before.count
    let entrySize = image.format.dynamicEntrySize
    let start = image.segments.first { $0.type == PT.DYNAMIC }?.address ?? 0
    // Entries behind the first DT_NULL are spare only if they are DT_NULL, too, and one must stay.
    guard entries.count < live + all[live...].prefix(while: { $0.tag == DT.NULL }).count else {
      try growDynamic()
      // What counts from its own entry has been corrected there, and so have tables that moved.
      return try writeDynamic(
        entries.map { entry -> (tag: Int64, value: UInt64) in
          guard image.isRelative(entry.tag) || image.isAddress(entry.tag),
            let value = image.dynamicValue(entry.tag)
          else { return entry }
          return (entry.tag, value)
        })
    }
    for index in 0..<max(entries.count, live) {
      var entry = index < entries.count ? entries[index] : (DT.NULL, 0)
      let old = all[index]
      if image.isRelative(entry.0), let place = before.first(where: { $0.tag == entry.0 })?.index {
        // The address that it means stays.
        let distance = UInt64(bitPattern: Int64(place - index)) &* UInt64(entrySize)
        entry.1 = (entry.1 &+ distance) & image.format.addressLimit
      }
      guard old.tag != entry.0 || old.value != entry.1 else { continue }
      let place = start &+ UInt64(index * entrySize)
      if place <= .max - UInt64(entrySize) {
        // A value that the loader relocates cannot be moved to another entry.
        try checkRelocations(place..<(place + UInt64(entrySize)), "entry \(index) of .dynamic")
      }
      let tags = plan.tags
      try writeDynamic(index, entry.0, entry.1)
      // Entries that only moved are not changes of their tags.
      plan.tags = tags
    }
    try refresh()
  }

  private var dynamicPairs: [(tag: Int64, value: UInt64)] {
    image.dynamicEntries.map { ($0.tag, $0.value) }
  }

  /// DT_NEEDED entries stand first; new entries of other tags go to the end.
  private func setTag(_ tag: Int64, _ text: String) throws(EditFailure) {
    let old = image.dynamicEntries.first { $0.tag == tag }
    let value = try dynamicStringOffset(text, replacing: old)
    var entries = dynamicPairs
    plan.tags.insert(tag)
    if let index = entries.firstIndex(where: { $0.tag == tag }) {
      entries[index].value = value
    } else {
      entries.append((tag, value))
    }
    try writeDynamic(entries)
  }

  // MARK: rpath

  func editRunPath(
    _ action: RunPathAction, legacy: Bool?, scrub: Bool
  ) throws(EditFailure) {
    try requireDynamic()
    func entry(_ tag: Int64) -> DynamicEntry? { image.dynamicEntries.first { $0.tag == tag } }
    if case .convert = action { return try convertRunPath(legacy: legacy ?? false) }
    // What is not set anew stays what it is: a second tag would make loaders ignore the first.
    var isLegacy = legacy ?? (entry(DT.RPATH) != nil && entry(DT.RUNPATH) == nil)
    if legacy == nil, case .set = action { isLegacy = false }
    let tag = isLegacy ? DT.RPATH : DT.RUNPATH
    let other = isLegacy ? DT.RUNPATH : DT.RPATH
    let name = isLegacy ? "DT_RPATH" : "DT_RUNPATH"
    let oldEntry = entry(tag)
    let old = oldEntry.flatMap { image.dynamicString($0.value) }
    if let oldEntry, action != .remove || scrub { try requireText(oldEntry.value, name) }
    let new: String?
    let directories = old.map { $0.split(separator: ":") } ?? []
    switch action {
    case .convert: return
    case .set(let text): new = text
    case .add(let text, let first):
      // TEXT may be several directories.
      if directories.contains(text.split(separator: ":")) {
        try checkExpectation(old, name, isSo: true)
        return try nothingToDo("\(name) has '\(text)' already", .already)
      }
      let isEmpty = old?.isEmpty ?? true
      new = isEmpty ? text : first ? text + ":" + (old ?? "") : (old ?? "") + ":" + text
    case .remove: new = nil
    case .drop(let text):
      guard directories.contains(text[...]) else {
        try checkExpectation(old, name, isSo: true)
        return try nothingToDo("\(name) does not have '\(text)'")
      }
      let rest = directories.filter { $0 != text[...] }
      new = rest.isEmpty ? nil : rest.joined(separator: ":")
    case .replace(let text, let replacement):
      guard directories.contains(text[...]) else {
        if directories.contains(replacement[...]) {
          try checkExpectation(old, name, isSo: true)
          return try nothingToDo("\(name) has '\(replacement)' already", .already)
        }
        throw EditFailure(.notFound, "\(name) does not have '\(text)'")
      }
      new = directories.map { $0 == text[...] ? replacement[...] : $0 }.joined(separator: ":")
    case .shrink(let root, let prefixes):
      guard let old else { return try nothingToDo("there is no \(name)") }
      let rest = shrink(old, root ?? "", prefixes)
      new = rest.isEmpty && !old.isEmpty ? nil : rest
    }
    try checkExpectation(old, name, isSo: new == old)
    // Both go, unless one is named.
    let alsoOther = new == nil && action == .remove && legacy == nil && entry(other) != nil
    if new == old, !alsoOther { return try nothingToDo("\(name) is so already") }
    plan.tags.insert(tag)
    if let new {
      // A set of the newer tag takes the place of the older one, as linkers write it.
      if oldEntry == nil, case .set = action,
        let index = image.dynamicEntries.firstIndex(where: { $0.tag == other })
      {
        plan.tags.insert(other)
        let value = try dynamicStringOffset(new, replacing: image.dynamicEntries[index])
        var entries = dynamicPairs
        entries[index] = (tag, value)
        try writeDynamic(entries)
      } else if try !overwritePadding(oldEntry, new) {
        try setTag(tag, new)
      }
      note("\(name) '\(new)'")
    } else {
      if alsoOther { plan.tags.insert(other) }
      try writeDynamic(dynamicPairs.filter { $0.tag != tag && !(alsoOther && $0.tag == other) })
      note("\(name) removed")
    }
    if scrub, let oldEntry, let old { try scrubString(oldEntry.value, old) }
  }

  /// `rpath convert tag=`: the value stays, in the other tag. Where both are, loaders read DT_RUNPATH.
  private func convertRunPath(legacy: Bool) throws(EditFailure) {
    let (to, from) = legacy ? (DT.RPATH, DT.RUNPATH) : (DT.RUNPATH, DT.RPATH)
    let name = legacy ? "DT_RPATH" : "DT_RUNPATH"
    let old = image.dynamicEntries.first { $0.tag == from }
    try checkExpectation(old.flatMap { image.dynamicString($0.value) }, name, isSo: old == nil)
    guard old != nil else {
      return try nothingToDo("there is no \(legacy ? "DT_RUNPATH" : "DT_RPATH") to convert")
    }
    plan.tags.formUnion([to, from])
    var entries = dynamicPairs
    if !legacy, entries.contains(where: { $0.tag == to }) {
      entries.removeAll { $0.tag == from }
    } else {
      entries.removeAll { $0.tag == to }
      for index in entries.indices where entries[index].tag == from { entries[index].tag = to }
    }
    try writeDynamic(entries)
    note("\(name) '\(image.dynamicValue(to).flatMap { image.dynamicString($0) } ?? "")'")
  }

  /// What is not UTF-8 would not survive being taken apart and put together.
  private func requireText(_ offset: UInt64, _ name: String) throws(EditFailure) {
    guard let position = Int(exactly: offset),
      let bytes = image.dynamicStrings?.bytes.cString(at: position)
    else { return }
    guard unsafe String(validating: bytes.buffer, as: UTF8.self) != nil else {
      throw EditFailure(
        .unsupported, "\(name) is not UTF-8, '\(bytes.string)'",
        hint: "remove it with 'rpath remove', then set it anew")
    }
  }

  /// A value padded with ':' at its end has room that nothing else uses: keeps its start.
  private func overwritePadding(
    _ entry: DynamicEntry?, _ new: String
  ) throws(EditFailure) -> Bool {
    guard let entry, let old = image.dynamicString(entry.value), let strings = image.dynamicStrings
    else { return false }
    let kept = String(old.reversed().drop { $0 == ":" }.reversed())
    guard kept.utf8.count < old.utf8.count, new.hasPrefix(kept),
      new.utf8.count <= old.utf8.count
    else { return false }
    let start = entry.value + UInt64(kept.utf8.count)
    let end = entry.value + UInt64(old.utf8.count)
    guard !image.referencedDynamicStrings().contains(where: { $0 >= start && $0 <= end }) else {
      return false
    }
    var content = Array(new.utf8)
    content.append(
      contentsOf: repeatElement(UInt8(ascii: ":"), count: old.utf8.count - content.count))
    plan.strings.insert(String(decoding: content, as: UTF8.self))
    let address = strings.address + entry.value
    guard let offset = image.offset(ofVirtual: address, UInt64(content.count)) else { return false }
    try writeHeader(content, at: offset)
    try refresh()
    return true
  }

  /// Directories that hold no library that the file needs are dropped.
  private func shrink(_ old: String, _ root: String, _ prefixes: [String]?) -> String {
    var missing = Set(
      image.dynamicEntries.filter { $0.tag == DT.NEEDED }.compactMap {
        image.dynamicString($0.value)
      })
    var kept: [Substring] = []
    let kind = LinkedFileKind(image.format, image.machine)
    for directory in old.split(separator: ":") {
      if directory.hasPrefix("$") || directory.contains("$ORIGIN") {
        kept.append(directory)
        continue
      }
      if let prefixes, directory.hasPrefix("/"), !prefixes.contains(where: directory.hasPrefix) {
        continue
      }
      // A library for another machine is not found there.
      let found = missing.filter { linkedFileKind(root + directory + "/" + $0) == kind }
      if !found.isEmpty { kept.append(directory) }
      missing.subtract(found)
    }
    return kept.joined(separator: ":")
  }

  /// Overwrites the bytes of an old string that no other reference reads.
  private func scrubString(_ start: UInt64, _ text: String) throws(EditFailure) {
    guard let strings = image.dynamicStrings else { return }
    let end = start + UInt64(text.utf8.count)
    let references = image.referencedDynamicStrings()
    let limit = references.first { $0 >= start && $0 <= end } ?? end
    // A reference before `start` whose string runs through it also reads the bytes.
    for reference in references where reference < start {
      guard let other = image.dynamicString(reference) else { continue }
      if reference + UInt64(other.utf8.count) > start { return }
    }
    guard limit > start,
      let offset = image.offset(ofVirtual: strings.address + start, limit - start)
    else { return }
    try writeHeader([UInt8](repeating: UInt8(ascii: "X"), count: Int(limit - start)), at: offset)
    try refresh()
    note("\(limit - start) bytes of the old string scrubbed")
  }

  // MARK: needed, soname

  func editNeeded(_ action: NeededAction) throws(EditFailure) {
    try requireDynamic()
    func find(_ library: String) -> DynamicEntry? {
      image.dynamicEntries.first {
        $0.tag == DT.NEEDED && image.dynamicString($0.value) == library
      }
    }
    func needs(_ library: String) -> [Image.VersionNeed] {
      (image.versionNeeds() ?? []).filter { image.dynamicString(UInt64($0.file)) == library }
    }
    plan.tags.insert(DT.NEEDED)
    switch action {
    case .add(let library, let first):
      if find(library) != nil {
        return try nothingToDo("'\(library)' is needed already", .already)
      }
      let value = try dynamicStringOffset(library)
      var entries = dynamicPairs
      let position =
        first
        ? entries.firstIndex { $0.tag == DT.NEEDED } ?? 0
        : entries.lastIndex { $0.tag == DT.NEEDED }.map { $0 + 1 } ?? 0
      entries.insert((DT.NEEDED, value), at: position)
      try writeDynamic(entries)
      note("needs '\(library)'")
    case .remove(let library):
      guard let entry = find(library) else {
        return try nothingToDo("'\(library)' is not needed")
      }
      guard needs(library).isEmpty else {
        throw EditFailure(
          .linked, "symbol versions of '\(library)' are needed", hint: "relink without the library")
      }
      var entries = dynamicPairs
      entries.remove(at: entry.index)
      // A flag of the entry that follows it would come to be one of the next.
      if entry.index > 0, entries[entry.index - 1].tag == DT.POSFLAG_1 {
        plan.tags.insert(DT.POSFLAG_1)
        entries.remove(at: entry.index - 1)
      }
      try writeDynamic(entries)
      note("no longer needs '\(library)'")
    case .replace(let library, let new):
      guard let present = find(library) else {
        if find(new) != nil { return try nothingToDo("'\(new)' is needed already", .already) }
        // Of a tree of files few need the library, and the others are as they shall be.
        if edit.ifNeeded { return }
        throw EditFailure(.notFound, "'\(library)' is not needed")
      }
      let versions = needs(library)
      let value = try dynamicStringOffset(new, replacing: versions.isEmpty ? present : nil)
      // By its number: the bytes of its name may have become those of the new one.
      var entries = dynamicPairs
      guard entries.indices.contains(present.index), entries[present.index].tag == DT.NEEDED else {
        throw EditFailure(.verification, "the entry of '\(library)' is gone")
      }
      entries[present.index].value = value
      try writeDynamic(entries)
      // The strings may have moved what is behind them.
      for need in needs(library) {
        try writeHeader(image.format.encode(value, size: 4), at: need.fileFieldOffset)
      }
      try refresh()
      note("needs '\(new)' instead of '\(library)'")
    }
  }

  func setSoname(_ name: String) throws(EditFailure) {
    try requireDynamic()
    let old = image.dynamicValue(DT.SONAME).flatMap { image.dynamicString($0) }
    try checkExpectation(old, "the soname", isSo: old == name)
    if old == name { return try nothingToDo("the soname is '\(name)' already") }
    try setTag(DT.SONAME, name)
    note("soname '\(name)'")
  }

  // MARK: interp

  func setInterpreter(_ path: String) throws(EditFailure) {
    guard let (old, segment) = image.interpreter else {
      throw EditFailure(.unsupported, "the file is static: it has no interpreter")
    }
    guard !path.isEmpty, !path.utf8.contains(0), path.utf8.count < 4096 else {
      throw EditFailure(.value, "the interpreter's path has 1 to 4095 bytes")
    }
    try checkExpectation(old, "the interpreter", isSo: old == path)
    if old == path { return try nothingToDo("the interpreter is '\(path)' already") }
    plan.interpreter = true
    if UInt64(path.utf8.count) < segment.fileSize {
      var content = Array(path.utf8)
      content.append(contentsOf: repeatElement(0, count: Int(segment.fileSize) - content.count))
      try checkRelocations(segment.memoryRange, ".interp")
      try writeHeader(content, at: Int(segment.offset))
      try refresh()
      return note("interpreter '\(path)'")
    }
    try moveInterpreter(path)
  }

  /// Puts a longer path where there is room and points PT_INTERP there.
  private func moveInterpreter(_ path: String) throws(EditFailure) {
    let content = Array(path.utf8) + [0]
    let placed = try placeTable(".interp.new", content, spare: 128, alignment: 1)
    guard var segment = image.segments.first(where: { $0.type == PT.INTERP }) else {
      throw EditFailure(.verification, "PT_INTERP is gone")
    }
    segment.offset = placed.offset
    segment.address = placed.address
    segment.loadAddress = image.loadAddress(ofVirtual: placed.address) ?? placed.address
    segment.fileSize = placed.size
    segment.memorySize = segment.fileSize
    try writeSegment(segment)
    try refresh()
    if let section = image.sections.first(where: { $0.name == ".interp" }) {
      var edits = sectionEdits()
      edits[section.index - 1].section.name = ".interp.old"
      edits[placed.index - 1].section.name = ".interp"
      plan.added.formUnion([".interp.old", ".interp"])
      plan.removed.formUnion([".interp", placed.name])
      try rewriteSections(edits)
    }
    note("interpreter '\(path)', moved to va \(hex(placed.address))")
  }
}
