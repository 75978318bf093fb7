// The ELF header, the program headers and the section headers.

internal import ELF
internal import Glibc

extension Layout {
  func writeHeaders(to file: OutputBytes) {
    var header = target.fileHeader(
      fileType, usesGNUExtensions: usesGNUExtensions, flags: selection.program.abi.flags)
    header.entry = entryAddress
    header.setSegments(count: segments.count + (segments.isEmpty ? 0 : spareProgramHeaders))
    header.sectionHeaderOffset = sectionHeaderOffset
    let count = options.sectionHeaders ? sectionHeaderCount : 0
    let null = header.setSections(count: count, nameIndex: max(count - 1, 0))
    file.copy(header.encoded(format))
    for (index, segment) in segments.enumerated() {
      file.store(segment, entry: index, from: format.headerSize, format)
    }
    if options.sectionHeaders { writeSectionHeaders(to: file, null) }
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
    if let symbol = selection.program.linkerReference(name),
      selection.program.flags[symbol].isDisjoint(with: [.undefined, .shared])
    {
      return entryPoint(symbol)
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

  private func writeSectionHeaders(to file: OutputBytes, _ null: SectionHeader) {
    let (names, own) = symbolTable.headers(self)
    var headers = [null]
    for (position, id) in headerOrder.enumerated() {
      headers.append(header(of: outputs[id.index], name: names[position]))
    }
    headers += own
    for (index, header) in headers.enumerated() {
      file.store(header, entry: index, from: Int(sectionHeaderOffset), format)
    }
  }

  /// The number of the section that the first piece of an unwind index is about.
  private func describedCode(by index: OutputSection) -> UInt32? {
    guard index.type != SHT.NULL, let first = index.members.first,
      !selection.sections[first].kind.contains(.synthetic)
    else { return nil }
    let section = selection.sections[first]
    let file = selection.files[section.file.index]
    let code = selection.section(file, file.sectionHeaders[Int(section.index)].link)
    guard code != .none, selection.sections[code].output != .none else { return nil }
    return UInt32(outputs[selection.sections[code].output.index].headerIndex)
  }

  private func header(of output: OutputSection, name: UInt32) -> SectionHeader {
    var header = SectionHeader()
    header.nameOffset = name
    header.type = output.hasZerosInFile ? SHT.PROGBITS : output.type
    header.flags = output.flags
    header.address = output.isAllocated ? output.address : 0
    header.offset = output.fileOffset
    header.size = output.size
    header.alignment = output.alignment
    header.entrySize = output.entrySize
    func index(_ kind: SyntheticKind) -> UInt32 {
      outputIndex(of: kind).map { UInt32(outputs[$0.index].headerIndex) } ?? 0
    }
    if output.type == target.unwindIndexType, let code = describedCode(by: output) {
      header.flags |= SHF.LINK_ORDER
      header.link = code
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
      // A static program has no `.dynsym`, and its entries name no symbol. `.symtab`, as GNU ld has
      // it, would make llvm-strip and llvm-objcopy refuse the program; lld writes 0.
      header.link = index(.dynamicSymbols)
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
