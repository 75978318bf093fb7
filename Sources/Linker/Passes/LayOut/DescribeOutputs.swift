// Type, flags and entry size of the output sections, from the headers of their members.
//
// The members of all outputs are one list to the workers, cut into portions; what portions of one output
// ask for is joined (`MemberHeaders`).

internal import ELF
internal import MapLang
internal import Parallel

/// What the members of an output section ask for, or some of them.
private struct MemberHeaders: BitwiseCopyable, Sendable {
  /// Nil: there are no members.
  var type: UInt32?
  var entrySize: UInt64 = 0
  var flags: UInt64 = 0
  var isMergeable = true

  init() {}

  init(_ type: UInt32, _ flags: UInt64, _ entrySize: UInt64) {
    self.type = type
    self.flags = flags & ~(SHF.MERGE | SHF.STRINGS)
    self.entrySize = entrySize
    isMergeable = flags & SHF.MERGE != 0
  }

  /// A section of an input.
  @inline(__always) init(of header: SectionHeader, _ unwindType: UInt32) {
    self.init(
      header.type == unwindType ? SHT.PROGBITS : header.type, Selection.cleaned(header.flags),
      header.entrySize)
  }

  /// A plain section.
  @inline(__always) init(_ kind: InputSectionKind) {
    type = kind.contains(.noBits) ? SHT.NOBITS : SHT.PROGBITS
    if kind.contains(.alloc) { flags |= SHF.ALLOC }
    if kind.contains(.write) { flags |= SHF.WRITE }
    if kind.contains(.exec) { flags |= SHF.EXECINSTR }
    if kind.contains(.tls) { flags |= SHF.TLS }
    isMergeable = false
  }

  /// The order of members does not matter: one without bytes asks for no type, two different types
  /// make it SHT_PROGBITS, two different entry sizes 0.
  @inline(__always) mutating func add(_ next: MemberHeaders) {
    guard let nextType = next.type else { return }
    guard let type else { return self = next }
    flags |= next.flags
    if !next.isMergeable { isMergeable = false }
    if type == SHT.NOBITS {
      self.type = nextType
    } else if type != nextType && nextType != SHT.NOBITS {
      self.type = SHT.PROGBITS
    }
    if entrySize != next.entrySize { entrySize = 0 }
  }
}

/// Some members of one output section.
struct MemberPortion: Sendable {
  let output: Int
  let members: Range<Int>
}

extension WorkerPool {
  /// The members of output sections, in order, as workers take them.
  func portions(of outputs: [OutputSection]) -> [MemberPortion] {
    let size = portion(1 << 12)
    var portions: [MemberPortion] = []
    for (index, output) in outputs.enumerated() {
      var first = 0
      while first < output.members.count {
        let end = min(first + size, output.members.count)
        portions.append(MemberPortion(output: index, members: first..<end))
        first = end
      }
    }
    return portions
  }
}

extension Selection {
  func describeOutputs() {
    let portions = pool.portions(of: outputs)
    let headers = Block<MemberHeaders>(room: portions.count)
    let (sections, files) = (sections, files)
    let unwindType = inputs.target.unwindSectionType
    pool.parallelForEach(portions.count) { index, _ in
      let portion = portions[index]
      let members = self.outputs[portion.output].members
      var sum = MemberHeaders()
      for position in portion.members {
        let member = members[position]
        let kind = sections[member].kind
        defer { sections[member].output = OutputID(portion.output) }
        if kind.contains(.plain) {
          sum.add(MemberHeaders(kind))
          continue
        }
        let section = sections[member]
        if kind.isDisjoint(with: [.synthetic, .common, .mergedGroup]) {
          let header = files[section.file.index].sectionHeaders[Int(section.index)]
          sum.add(MemberHeaders(of: header, unwindType))
        } else {
          let (type, flags, entrySize) = self.header(of: section)
          sum.add(MemberHeaders(type, flags, entrySize))
        }
      }
      headers[index] = sum
    }
    var next = 0
    for index in outputs.indices {
      var sum = MemberHeaders()
      while next < portions.count && portions[next].output == index {
        sum.add(headers[next])
        next += 1
      }
      describe(OutputID(index), sum)
    }
    headers.release()
  }

  private func describe(_ id: OutputID, _ headers: MemberHeaders) {
    var output = outputs[id.index]
    var entrySize = headers.entrySize
    output.type = headers.type ?? SHT.PROGBITS
    output.flags = headers.flags
    if output.members.isEmpty && output.name != SlotNote.sectionName { output.flags = SHF.ALLOC }
    // Sections that were merged as a whole keep their flags for other tools to see.
    if headers.isMergeable, let first = output.members.first {
      let (_, memberFlags, memberEntry) = header(of: sections[first])
      if output.members.count == 1, memberFlags & SHF.MERGE != 0 {
        output.flags |= memberFlags & (SHF.MERGE | SHF.STRINGS)
        entrySize = memberEntry
      }
    }
    output.entrySize = entrySize
    if let mapped = output.mapSection, let access = map[mapped].access {
      output.flags &= ~(SHF.WRITE | SHF.EXECINSTR)
      if access.contains(.write) { output.flags |= SHF.WRITE }
      if access.contains(.execute) { output.flags |= SHF.EXECINSTR }
    }
    if [SHT.INIT_ARRAY, SHT.FINI_ARRAY, SHT.PREINIT_ARRAY].contains(output.type) {
      output.entrySize = UInt64(inputs.target.format.wordSize)
    }
    if let mapped = output.mapSection { applyAttributes(map[mapped], to: &output) }
    switch output.name {
    case ".init_array": output.type = SHT.INIT_ARRAY
    case ".fini_array": output.type = SHT.FINI_ARRAY
    case ".relr.dyn" where options.usesAndroidTags: output.type = SHT.ANDROID_RELR
    case ".rela.dyn" where options.packsDynamicRelocations,
      ".rel.dyn" where options.packsDynamicRelocations:
      output.type = output.type == SHT.RELA ? SHT.ANDROID_RELA : SHT.ANDROID_REL
      output.entrySize = 1
    default: break
    }
    outputs[id.index] = output
  }

  /// What the map says of a section's bytes.
  private func applyAttributes(
    _ section: MapSection, to output: inout OutputSection
  ) {
    if section.noload || section.nobits {
      checkHasNoContent(section, output)
      output.type = SHT.NOBITS
    } else if output.type == SHT.NOBITS && section.items.contains(where: \.holdsSlot) {
      output.type = SHT.PROGBITS
    }
    let isBoth = SHF.WRITE | SHF.EXECINSTR
    if output.flags & isBoth == isBoth && section.access == nil && !section.isBuiltIn {
      warnWritableAndExecutable(section, output)
    }
  }

  /// `sh_type`, `sh_flags` and `sh_entsize` that a member asks for.
  private func header(of section: InputSection) -> (UInt32, UInt64, UInt64) {
    if section.kind.contains(.synthetic), let kind = SyntheticKind(rawValue: section.index) {
      var flags = section.kind.contains(.alloc) ? SHF.ALLOC : 0
      if section.kind.contains(.write) { flags |= SHF.WRITE }
      if section.kind.contains(.exec) { flags |= SHF.EXECINSTR }
      return (kind.type(inputs.target), flags, kind.entrySize(inputs.target))
    }
    if section.kind.contains(.common) {
      var flags = SHF.ALLOC | SHF.WRITE
      if section.kind.contains(.tls) { flags |= SHF.TLS }
      if section.kind.contains(.large) { flags |= inputs.target.largeSectionFlag }
      return (SHT.NOBITS, flags, 0)
    }
    if section.kind.contains(.mergedGroup) {
      let group = mergedSections[Int(section.index)]
      let member = sections[group.members[0]]
      let header = files[member.file.index].sectionHeaders[Int(member.index)]
      return (header.type, Selection.cleaned(header.flags), header.entrySize)
    }
    let header = files[section.file.index].sectionHeaders[Int(section.index)]
    let isUnwind = header.type == inputs.target.unwindSectionType
    return (
      isUnwind ? SHT.PROGBITS : header.type, Selection.cleaned(header.flags), header.entrySize
    )
  }

  /// Flags that describe the input, not the output.
  fileprivate static func cleaned(_ flags: UInt64) -> UInt64 {
    flags & ~(SHF.GROUP | SHF.COMPRESSED | SHF.GNU_RETAIN | SHF.LINK_ORDER | SHF.INFO_LINK)
  }
}
