// What can be wrong with the header of a section that is to reach the output: a type that nobody
// knows, flags that contradict each other, links to where nothing is. The passes that make rows of
// sections ask, for final links and -r; nearly every section is done after two comparisons.
//
// Types (gABI, "Sections", sh_type): unassigned ones of the generic range are refused. In the ranges
// for systems, processors and applications the content may matter to whoever made it, so what is
// not loaded is copied; what is loaded is refused, but for the system's range, of which only sections
// that say so (SHF_OS_NONCONFORMING) need a linker that understands them. GNU ld and lld are of one
// mind here, except for the processor's range, of which GNU ld takes nothing and lld everything.
//
// Harmless, and not looked for: sh_addr, sh_info and sh_entsize where they have no meaning; flags of
// which nobody knows the meaning; write or execute permission of what is not loaded.

internal import ELF

extension InputFile {
  /// `types`: the machine's own types of loaded sections.
  @inline(__always) func defect(
    ofSection header: SectionHeader, ofMachine types: (UInt32, UInt32)
  ) -> String? {
    let telling = SHF.MERGE | SHF.TLS | SHF.LINK_ORDER | SHF.INFO_LINK
    if header.type == SHT.PROGBITS || header.type == SHT.NOBITS,
      header.flags & telling == 0, header.link < UInt32(truncatingIfNeeded: sectionCount)
    {
      return nil
    }
    return defect(ofTellingSection: header, types)
  }

  @inline(never) private func defect(
    ofTellingSection header: SectionHeader, _ types: (UInt32, UInt32)
  ) -> String? {
    let reason =
      defect(ofType: header, types) ?? defect(ofFlags: header) ?? defect(ofLinks: header)
    return reason.map { "section \(sectionName(header).string) \($0)" }
  }

  private func defect(ofType header: SectionHeader, _ types: (UInt32, UInt32)) -> String? {
    let isLoaded = header.flags & SHF.ALLOC != 0
    let number = "0x" + String(header.type, radix: 16)
    switch header.type {
    case SHT.SHLIB, SHT.DYNSYM, SHT.RELR:
      return "is of type \(number), which has no meaning in an object"
    case 0...SHT.RELR where header.type != 12 && header.type != 13: return nil
    case 0..<0x6000_0000: return "is of the unknown type \(number)"
    case ..<0x7000_0000:
      return header.flags & SHF.OS_NONCONFORMING == 0
        ? nil : "is of type \(number) and needs a linker that knows it (SHF_OS_NONCONFORMING)"
    case types.0, types.1: return nil
    default:
      let range = header.type < 0x8000_0000 ? "processors" : "applications"
      return isLoaded ? "is loaded and of the unknown type \(number), one for \(range)" : nil
    }
  }

  private func defect(ofFlags header: SectionHeader) -> String? {
    let isMerged = header.flags & SHF.MERGE != 0 && header.entrySize > 0
    if isMerged && header.flags & SHF.WRITE != 0 {
      return
        "may be written and merged with others (SHF_WRITE, SHF_MERGE), which excludes each other"
    }
    if header.flags & SHF.TLS != 0 && header.flags & SHF.ALLOC == 0 {
      return "is thread-local and not loaded (SHF_TLS without SHF_ALLOC)"
    }
    return nil
  }

  private func defect(ofLinks header: SectionHeader) -> String? {
    guard Int(header.link) < sectionCount else {
      return "is linked to section \(header.link) (sh_link), and the file has \(sectionCount)"
    }
    if header.flags & SHF.INFO_LINK != 0 && Int(header.info) >= sectionCount {
      return "is for section \(header.info) (sh_info), and the file has \(sectionCount)"
    }
    guard header.flags & SHF.LINK_ORDER != 0, header.link > 0 else { return nil }
    switch sectionHeaders[Int(header.link)].type {
    case SHT.NULL, SHT.SYMTAB, SHT.STRTAB, SHT.RELA, SHT.REL, SHT.GROUP, SHT.SYMTAB_SHNDX:
      return "is to follow section \(header.link) (SHF_LINK_ORDER), which is a table of the file"
    default: return nil
    }
  }

  /// What is wrong with the content of a section that is merged piece by piece; nil: nothing. A
  /// string that does not end, or half a constant, would mean what happens to follow it.
  func defect(ofMerged bytes: ByteView, _ header: SectionHeader) -> String? {
    guard !bytes.isEmpty else { return nil }
    let unit = header.entrySize
    let name = sectionName(header).string
    guard UInt64(bytes.count) % unit == 0 else {
      return "section \(name) is made of pieces of \(unit) bytes (SHF_MERGE) and has \(bytes.count)"
    }
    guard header.flags & SHF.STRINGS != 0 else { return nil }
    let end = bytes.suffix(from: bytes.count - Int(unit)) ?? ByteView()
    return (0..<end.count).allSatisfy { end[$0] == 0 }
      ? nil : "section \(name) has a string that does not end (SHF_STRINGS)"
  }
}
