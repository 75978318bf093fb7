// -r: the ELF header, the section headers and the contents of section groups.

internal import ELF

extension ObjectOutput {
  func writeHeaders(to file: OutputBytes) {
    let nameIndex = sectionHeaderCount - 1
    var fileHeader = target.fileHeader(
      ET.REL, usesGNUExtensions: usesGNUExtensions, flags: program.abi.flags)
    fileHeader.sectionHeaderOffset = sectionHeaderOffset
    let null = fileHeader.setSections(count: sectionHeaderCount, nameIndex: nameIndex)
    file.copy(fileHeader.encoded(format))
    writeGroups(to: file)
    let table = file.slice(
      Int(sectionHeaderOffset), sectionHeaderCount * format.sectionEntrySize)
    for group in groups { store(header(of: group), group.headerIndex, table) }
    for index in 0..<outputs.count {
      let output = outputs[index]
      store(header(of: output), output.headerIndex, table)
      if output.relocationHeaderIndex != 0 {
        store(relocationHeader(of: output), output.relocationHeaderIndex, table)
      }
    }
    for (position, header) in symbolTable.headers(self).enumerated() {
      store(header, symbolTable.firstHeaderIndex + UInt32(position), table)
    }
    var names = SectionHeader()
    names.nameOffset = nameTable.own.names
    names.type = SHT.STRTAB
    names.offset = nameTable.fileOffset
    names.size = UInt64(nameTable.bytes.count)
    names.alignment = 1
    store(names, UInt32(nameIndex), table)
    file.copy(nameTable.bytes, at: Int(nameTable.fileOffset))
    store(null, 0, table)
  }

  private func store(_ header: SectionHeader, _ index: UInt32, _ table: OutputBytes) {
    table.store(header, entry: Int(index), format)
  }

  private var usesGNUExtensions: Bool {
    symbolTable.usesGNUExtensions
      || (0..<outputs.count).contains { outputs[$0].flags & SHF.GNU_RETAIN != 0 }
  }

  private func header(of output: ObjectSection) -> SectionHeader {
    var header = SectionHeader()
    header.nameOffset = nameTable.name(output)
    header.type = output.type
    header.flags = output.flags
    if output.group != 0 { header.flags |= SHF.GROUP }
    header.offset = output.fileOffset
    header.size = output.size
    header.alignment = 1 << UInt64(output.alignmentShift)
    header.entrySize = output.entrySize
    if output.linkTarget != .none {
      header.link = outputs[output.linkTarget.index].headerIndex
    } else if output.type == SHT.LLVM_CALL_GRAPH_PROFILE {
      header.link = symbolTable.firstHeaderIndex
    }
    if output.flags & SHF.INFO_LINK != 0 {
      let section = sections[members[output.firstMember]]
      let file = files[section.file.index]
      let target = self.section(file, file.sectionHeaders[Int(section.index)].info)
      let index = sections[target].output
      if target != .none && index != .none { header.info = outputs[index.index].headerIndex }
    }
    return header
  }

  private func relocationHeader(of output: ObjectSection) -> SectionHeader {
    var header = SectionHeader()
    header.nameOffset = nameTable.relocationName(output)
    header.type = target.hasAddends ? SHT.RELA : SHT.REL
    header.flags = SHF.INFO_LINK
    if output.group != 0 { header.flags |= SHF.GROUP }
    header.offset = output.relocationOffset
    header.size = output.relocationCount * UInt64(target.relocationEntrySize)
    header.link = symbolTable.firstHeaderIndex
    header.info = output.headerIndex
    header.alignment = UInt64(format.wordSize)
    header.entrySize = UInt64(target.relocationEntrySize)
    return header
  }

  // MARK: Section groups

  private func header(of group: ObjectGroup) -> SectionHeader {
    var header = SectionHeader()
    header.nameOffset = nameTable.own.group
    header.type = SHT.GROUP
    header.offset = group.fileOffset
    header.size = UInt64(4 + 4 * group.memberCount)
    header.link = symbolTable.firstHeaderIndex
    header.info = signatureIndex(of: group)
    header.alignment = 4
    header.entrySize = 4
    return header
  }

  /// The symbol whose name is that of the group.
  private func signatureIndex(of group: ObjectGroup) -> UInt32 {
    let file = files[group.file.index]
    let index = Int(group.signature)
    let symbol = file.symbols[index]
    if index < Int(file.firstGlobal), symbol.type == STT.SECTION {
      let row = definingSection(symbol, index, file)
      return row == .none ? 0 : outputs[sections[row].output.index].symbolIndex
    }
    return symbolTable.index(of: program.definition[file.symbolID(index)])
  }

  private func writeGroups(to file: OutputBytes) {
    for group in groups {
      var offset = Int(group.fileOffset)
      func store(_ word: UInt32) {
        file.store(word, at: offset)
        offset += 4
      }
      store(group.flags)
      forEachMember(of: group) { output in
        store(output.headerIndex)
        if output.relocationHeaderIndex != 0 { store(output.relocationHeaderIndex) }
      }
    }
  }
}
