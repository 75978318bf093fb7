// -r: puts the rows into sections of the output.
//
// Before: it is known which rows reach the output. After: every live row has an output section, and
// `members` lists the rows of each in input order.
//
// Sections of equal name are joined, as GNU ld does, if nothing that a later link needs is lost by
// it. So type, SHF_ALLOC and SHF_TLS must agree, for mergeable sections the size of their elements
// too; write and execute permission are the union. Members of section groups stay alone, and sections
// with SHF_LINK_ORDER are joined only if they follow the same section.
//
// One thread does it: a table of 16 bytes for each output and one look-up for each row.

internal import ELF
internal import Parallel

extension ObjectOutput {
  func formObjectSections() {
    if options.relocatableMergeSections { joinFamilies() }
    nameByRules()
    var former = SectionFormer(self)
    former.formAll()
    outputs = Block(count: former.outputs.count)
    for (index, output) in former.outputs.enumerated() { outputs[index] = output }
    outputNames = former.names
    listMembers()
    orderByRules()
    nameHashes.release()
  }

  /// Counting sort of the rows by output.
  private func listMembers() {
    for index in 1..<sectionCount where sections[SectionID(index)].output != .none {
      outputs[sections[SectionID(index)].output.index].memberCount += 1
    }
    var next = 0
    for index in 0..<outputs.count {
      outputs[index].firstMember = next
      next += outputs[index].memberCount
      outputs[index].memberCount = 0
    }
    members = Block(count: next)
    for index in 1..<sectionCount {
      let output = sections[SectionID(index)].output
      guard output != .none else { continue }
      members[outputs[output.index].members.upperBound] = SectionID(index)
      outputs[output.index].memberCount += 1
    }
  }
}

/// What two rows must have in common to share an output section.
private struct SectionNature: Equatable {
  var nameNumber: UInt32 = 0
  var type: UInt32 = 0
  /// Without those flags of which the output gets the union.
  var flags: UInt64 = 0
  /// For mergeable sections.
  var entrySize: UInt64 = 0
  var linkTarget = OutputID.none

  var hash: UInt64 {
    var value = UInt64(nameNumber) &* 0x9e37_79b9_7f4a_7c15
    for part in [UInt64(type), flags, entrySize, UInt64(linkTarget.rawValue)] {
      value = (value ^ (value >> 29) ^ part) &* 0xbf58_476d_1ce4_e5b9
    }
    return value ^ (value >> 32)
  }
}

private struct SectionFormer {
  private let object: ObjectOutput
  private(set) var outputs: [ObjectSection] = []
  private(set) var names: [ByteView] = []
  private var natures: [SectionNature] = []
  /// Which output the rows of a nature go to.
  private var natureOutputs: [OutputID] = []
  private var nameTable = HashNumbering()
  private var natureTable = HashNumbering()

  /// Flags of which an output section gets the union.
  private static var unitedFlags: UInt64 { SHF.WRITE | SHF.EXECINSTR }

  init(_ object: ObjectOutput) { self.object = object }

  mutating func formAll() {
    for index in 1..<object.sectionCount
    where object.sections[SectionID(index)].kind.contains(.synthetic) {
      form(SectionID(index), .none)
    }
    var waiting: [SectionID] = []
    for index in 1..<object.sectionCount {
      let id = SectionID(index)
      let kind = object.sections[id].kind
      guard kind.contains(.used), !kind.contains(.synthetic), object.isLive(id) else { continue }
      if kind.contains(.linkOrder) { waiting.append(id) } else { form(id, .none) }
    }
    formLinkOrdered(waiting)
  }

  /// Sections that follow another one, which has to have its output first.
  private mutating func formLinkOrdered(_ rows: [SectionID]) {
    var waiting = rows
    while !waiting.isEmpty {
      var later: [SectionID] = []
      for id in waiting {
        let section = object.sections[id]
        let file = object.files[section.file.index]
        let target = object.section(file, file.sectionHeaders[Int(section.index)].link)
        let output = object.sections[target].output
        if target == .none || output != .none { form(id, output) } else { later.append(id) }
      }
      if later.count == waiting.count {
        for id in later { form(id, .none) }  // they follow each other: no order at all
        return
      }
      // A chain in the order of the file needs a round for each link, in the other order only one.
      waiting = later.reversed()
    }
  }

  /// Puts a row into its output section, which is made if it is the first of its kind.
  private mutating func form(_ id: SectionID, _ linkTarget: OutputID) {
    let section = object.sections[id]
    let (type, flags, entrySize) = header(section, object.names[id])
    var nature = SectionNature(linkTarget: linkTarget)
    nature.nameNumber = number(ofName: id)
    nature.type = type
    nature.flags = flags & ~SectionFormer.unitedFlags
    if flags & SHF.MERGE != 0 { nature.entrySize = entrySize }
    let output: OutputID
    if staysAlone(id, flags, entrySize) {
      output = make(id, nature, entrySize)
    } else {
      let hash = nature.hash
      if let number = natureTable.find(hash, where: { natures[$0] == nature }) {
        output = natureOutputs[number]
      } else {
        natureTable.add(hash)
        natures.append(nature)
        output = make(id, nature, entrySize)
        natureOutputs.append(output)
      }
    }
    object.sections[id].output = output
    outputs[output.index].flags |= flags
    outputs[output.index].alignmentShift = max(
      outputs[output.index].alignmentShift, section.alignmentShift)
    if outputs[output.index].entrySize != entrySize { outputs[output.index].entrySize = 0 }
  }

  private mutating func make(
    _ id: SectionID, _ nature: SectionNature, _ entrySize: UInt64
  ) -> OutputID {
    var output = ObjectSection()
    output.name = object.names[id]
    output.nameNumber = nature.nameNumber
    output.type = nature.type
    output.entrySize = entrySize
    output.linkTarget = nature.linkTarget
    output.group = object.groupOf[id]
    outputs.append(output)
    return OutputID(outputs.count - 1)
  }

  /// Type, flags and element size that a row gives its output.
  private func header(
    _ section: InputSection, _ name: ByteView
  ) -> (type: UInt32, flags: UInt64, entrySize: UInt64) {
    if section.kind.contains(.synthetic), let kind = SyntheticKind(rawValue: section.index) {
      return (kind.type(object.target), section.kind.contains(.alloc) ? SHF.ALLOC : 0, 0)
    }
    if section.kind.contains(.common) {
      var flags = SHF.ALLOC | SHF.WRITE
      if section.kind.contains(.tls) { flags |= SHF.TLS }
      if section.kind.contains(.large) { flags |= object.target.largeSectionFlag }
      return (SHT.NOBITS, flags, 0)
    }
    let header = object.files[section.file.index].sectionHeaders[Int(section.index)]
    let flags = header.flags & ~(SHF.COMPRESSED | SHF.GROUP)
    return (type(header, section, name), flags, header.entrySize)
  }

  /// Compilers differ in the types of some sections whose names say what they are.
  private func type(
    _ header: SectionHeader, _ section: InputSection, _ name: ByteView
  ) -> UInt32 {
    if section.kind.contains(.exceptionFrames), name.equals(".eh_frame") { return SHT.PROGBITS }
    guard header.type == SHT.PROGBITS else { return header.type }
    if name.hasPrefix(".init_array") { return SHT.INIT_ARRAY }
    if name.hasPrefix(".fini_array") { return SHT.FINI_ARRAY }
    if name.hasPrefix(".preinit_array") { return SHT.PREINIT_ARRAY }
    return header.type
  }

  /// Whether a row must not share its output with others: members of groups, sections whose header
  /// says something about another one, and mergeable ones that break off inside an element.
  private func staysAlone(_ id: SectionID, _ flags: UInt64, _ entrySize: UInt64) -> Bool {
    if object.groupOf[id] != 0 || flags & SHF.INFO_LINK != 0 { return true }
    guard flags & SHF.MERGE != 0, entrySize > 1 else { return false }
    return object.sections[id].size % entrySize != 0
  }

  private mutating func number(ofName id: SectionID) -> UInt32 {
    let name = object.names[id]
    let hash = object.nameHashes[id]
    if let number = nameTable.find(hash, where: { names[$0] == name }) { return UInt32(number) }
    nameTable.add(hash)
    names.append(name)
    return UInt32(names.count - 1)
  }
}
