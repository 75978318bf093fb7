// The ELF header, the program headers and the section headers.

internal import ELF
internal import Glibc

extension Layout {
  func writeHeaders(to file: OutputBytes) {
    writeFileHeader(to: file)
    let offset = FileHeader.size
    for (index, segment) in segments.enumerated() {
      file.storeRecord(segment, at: offset + index * ProgramHeader.size)
    }
    writeSectionHeaders(to: file)
  }

  private func writeFileHeader(to file: OutputBytes) {
    file.store(0x464c_457f as UInt32, at: 0)
    file.store(2 as UInt8, at: 4)  // ELFCLASS64
    file.store(1 as UInt8, at: 5)  // ELFDATA2LSB
    file.store(1 as UInt8, at: 6)  // EV_CURRENT
    // ELFOSABI_GNU if the file uses what only GNU systems know.
    file.store(usesGNUExtensions ? 3 : 0 as UInt8, at: 7)
    file.store(fileType, at: 16)
    file.store(EM.X86_64, at: 18)
    file.store(1 as UInt32, at: 20)
    file.store(entryAddress, at: 24)
    let count = segments.count + (segments.isEmpty ? 0 : spareProgramHeaders)
    file.store(count == 0 ? 0 : UInt64(FileHeader.size), at: 32)
    file.store(sectionHeaderOffset, at: 40)
    file.store(UInt16(FileHeader.size), at: 52)
    file.store(count == 0 ? 0 : UInt16(ProgramHeader.size), at: 54)
    file.store(UInt16(clamping: count), at: 56)
    file.store(UInt16(SectionHeader.size), at: 58)
    // gABI, extended numbering: too large numbers stand in the null section header.
    let sections = sectionHeaderCount
    file.store(sections < Int(SHN.LORESERVE) ? UInt16(sections) : 0, at: 60)
    let names = sections - 1
    file.store(names < Int(SHN.LORESERVE) ? UInt16(names) : SHN.XINDEX, at: 62)
  }

  private var fileType: UInt16 {
    switch options.outputKind {
    case .executable: ET.EXEC
    case .pie, .sharedObject: ET.DYN
    case .relocatable: ET.REL
    }
  }

  /// STT_GNU_IFUNC and STB_GNU_UNIQUE in the output's own symbols.
  private var usesGNUExtensions: Bool {
    dynamicSymbols.symbols.contains { row in
      let entry = selection.inputs.entry(of: row).symbol
      return selection.isDefinedHere(row)
        && (entry.type == STT.GNU_IFUNC || entry.binding == STB.GNU_UNIQUE && options.gnuUnique)
    } || symbolTable.usesGNUExtensions
  }

  private var entryAddress: UInt64 {
    guard options.outputKind != .relocatable else { return 0 }
    let name = selection.inputs.entryName
    if let symbol = selection.linkerReference(name),
      selection.program.flags[symbol].isDisjoint(with: [.undefined, .shared])
    {
      let address = addresses[symbol]
      return Layout.isSpecial(address) && !isAbsolute(symbol) ? 0 : address
    }
    if let number = parseNumber(name) { return number }
    if options.outputKind.isExecutable || options.entry != nil {
      log.warning(.entrySymbolMissing(name))
    }
    return 0
  }

  private func parseNumber(_ text: String) -> UInt64? {
    text.hasPrefix("0x") || text.hasPrefix("0X")
      ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
  }

  // MARK: Section headers

  private func writeSectionHeaders(to file: OutputBytes) {
    let (names, own) = symbolTable.headers(self)
    var headers = [SectionHeader()]
    for (position, id) in headerOrder.enumerated() {
      headers.append(header(of: outputs[id.index], name: names[position]))
    }
    headers += own
    if headers.count >= Int(SHN.LORESERVE) { headers[0].size = UInt64(headers.count) }
    if headers.count - 1 >= Int(SHN.LORESERVE) { headers[0].link = UInt32(headers.count - 1) }
    for (index, header) in headers.enumerated() {
      file.storeRecord(header, at: Int(sectionHeaderOffset) + index * SectionHeader.size)
    }
  }

  private func header(of output: OutputSection, name: UInt32) -> SectionHeader {
    var header = SectionHeader()
    header.nameOffset = name
    header.type = output.type
    header.flags = output.flags
    header.address = output.isAllocated ? output.address : 0
    header.offset = output.fileOffset
    header.size = output.size
    header.alignment = output.alignment
    header.entrySize = output.entrySize
    func index(_ kind: SyntheticKind) -> UInt32 {
      outputIndex(of: kind).map { UInt32(outputs[$0.index].headerIndex) } ?? 0
    }
    guard let first = output.members.first,
      selection.sections[first].kind.contains(.synthetic),
      let kind = SyntheticKind(rawValue: selection.sections[first].index)
    else { return header }
    switch kind {
    case .dynamicSymbols:
      header.link = index(.dynamicStrings)
      header.info = 1
    case .dynamic: header.link = index(.dynamicStrings)
    case .sysvHash, .gnuHash, .versionSymbols, .relaDynamic: header.link = index(.dynamicSymbols)
    case .relaPLT:
      // A static program has no `.dynsym`; its entries name no symbol, but some table they must, say
      // eu-elflint and GNU ld. llvm-strip then refuses the program, here as from GNU ld.
      header.link = index(.dynamicSymbols)
      if header.link == 0 { header.link = UInt32(symbolTable.headerIndex(self)) }
      if index(.gotPLT) != 0 {
        header.info = index(.gotPLT)
        header.flags |= SHF.INFO_LINK
      }
    case .versionDefinitions:
      header.link = index(.dynamicStrings)
      header.info = UInt32(versionDefinitions?.count ?? 0)
    case .versionNeeds:
      header.link = index(.dynamicStrings)
      header.info = UInt32(dynamicSymbols.needs.count)
    default: break
    }
    return header
  }
}
