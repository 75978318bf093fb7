// What the numbers of the format are called, as readelf calls them. What a machine defines is named for
// that machine only; what nobody here knows stays a number.

internal import ELF

func segmentName(_ type: UInt32) -> String {
  let names: [UInt32: String] = [
    PT.NULL: "NULL", PT.LOAD: "LOAD", PT.DYNAMIC: "DYNAMIC", PT.INTERP: "INTERP", PT.NOTE: "NOTE",
    PT.PHDR: "PHDR", PT.TLS: "TLS", PT.GNU_EH_FRAME: "GNU_EH_FRAME", PT.GNU_STACK: "GNU_STACK",
    PT.GNU_RELRO: "GNU_RELRO", PT.GNU_PROPERTY: "GNU_PROPERTY", 0x6474_e554: "GNU_SFRAME",
    0x65a3_dbe6: "OPENBSD_RANDOMIZE", 0x65a4_1be6: "OPENBSD_BOOTDATA",
  ]
  return names[type] ?? hex(UInt64(type))
}

func segmentFlags(_ flags: UInt32) -> String {
  (flags & PF.R != 0 ? "r" : "-") + (flags & PF.W != 0 ? "w" : "-")
    + (flags & PF.X != 0 ? "x" : "-")
}

/// A section's type.
func sectionName(_ type: UInt32, _ machine: UInt16) -> String {
  let names: [UInt32: String] = [
    SHT.NULL: "NULL", SHT.PROGBITS: "PROGBITS", SHT.SYMTAB: "SYMTAB", SHT.STRTAB: "STRTAB",
    SHT.RELA: "RELA", SHT.HASH: "HASH", SHT.DYNAMIC: "DYNAMIC", SHT.NOTE: "NOTE",
    SHT.NOBITS: "NOBITS", SHT.REL: "REL", SHT.SHLIB: "SHLIB", SHT.DYNSYM: "DYNSYM",
    SHT.INIT_ARRAY: "INIT_ARRAY", SHT.FINI_ARRAY: "FINI_ARRAY",
    SHT.PREINIT_ARRAY: "PREINIT_ARRAY", SHT.GROUP: "GROUP", SHT.SYMTAB_SHNDX: "SYMTAB_SHNDX",
    SHT.RELR: "RELR", SHT.CREL: "CREL", SHT.LLVM_ADDRSIG: "LLVM_ADDRSIG",
    SHT.GNU_ATTRIBUTES: "GNU_ATTRIBUTES", SHT.GNU_HASH: "GNU_HASH", 0x6fff_fff7: "GNU_LIBLIST",
    SHT.GNU_VERDEF: "GNU_VERDEF", SHT.GNU_VERNEED: "GNU_VERNEED", SHT.GNU_VERSYM: "GNU_VERSYM",
  ]
  if let name = names[type] { return name }
  switch (machine, type) {
  case (EM.X86_64, SHT.X86_64_UNWIND): return "X86_64_UNWIND"
  case (EM.ARM, SHT.ARM_EXIDX): return "ARM_EXIDX"
  case (EM.ARM, SHT.ARM_ATTRIBUTES): return "ARM_ATTRIBUTES"
  case (EM.RISCV, SHT.RISCV_ATTRIBUTES): return "RISCV_ATTRIBUTES"
  case (EM.MIPS, 0x7000_0006): return "MIPS_REGINFO"
  case (EM.MIPS, 0x7000_000d): return "MIPS_OPTIONS"
  case (EM.MIPS, 0x7000_001e): return "MIPS_DWARF"
  case (EM.MIPS, 0x7000_002a): return "MIPS_ABIFLAGS"
  default: return hex(UInt64(type))
  }
}

func sectionFlags(_ flags: UInt64) -> String {
  let letters: [(UInt64, String)] = [
    (SHF.WRITE, "w"), (SHF.ALLOC, "a"), (SHF.EXECINSTR, "x"), (SHF.MERGE, "M"), (SHF.STRINGS, "S"),
    (SHF.TLS, "T"), (SHF.COMPRESSED, "C"),
  ]
  let text = letters.filter { flags & $0.0 != 0 }.map(\.1).joined()
  return text.isEmpty ? "-" : text
}

/// A note's type.
func noteName(_ owner: String, _ type: UInt32) -> String {
  switch (owner, type) {
  case ("GNU", NT.GNU_ABI_TAG): "ABI_TAG"
  case ("GNU", NT.GNU_BUILD_ID): "BUILD_ID"
  case ("GNU", NT.GNU_PROPERTY_TYPE_0): "PROPERTY_TYPE_0"
  case ("FDO", NT.FDO_PACKAGING_METADATA): "PACKAGING_METADATA"
  default: hex(UInt64(type))
  }
}

/// A tag of the dynamic section.
func tagName(_ tag: Int64, _ machine: UInt16? = nil) -> String {
  let names: [Int64: String] = [
    DT.NULL: "NULL", DT.NEEDED: "NEEDED", DT.PLTRELSZ: "PLTRELSZ", DT.PLTGOT: "PLTGOT",
    DT.HASH: "HASH", DT.STRTAB: "STRTAB", DT.SYMTAB: "SYMTAB", DT.RELA: "RELA",
    DT.RELASZ: "RELASZ", DT.RELAENT: "RELAENT", DT.STRSZ: "STRSZ", DT.SYMENT: "SYMENT",
    DT.INIT: "INIT", DT.FINI: "FINI", DT.SONAME: "SONAME", DT.RPATH: "RPATH",
    DT.SYMBOLIC: "SYMBOLIC", DT.REL: "REL", DT.RELSZ: "RELSZ", DT.RELENT: "RELENT",
    DT.PLTREL: "PLTREL", DT.DEBUG: "DEBUG", DT.TEXTREL: "TEXTREL", DT.JMPREL: "JMPREL",
    DT.BIND_NOW: "BIND_NOW", DT.INIT_ARRAY: "INIT_ARRAY", DT.FINI_ARRAY: "FINI_ARRAY",
    DT.INIT_ARRAYSZ: "INIT_ARRAYSZ", DT.FINI_ARRAYSZ: "FINI_ARRAYSZ", DT.RUNPATH: "RUNPATH",
    DT.FLAGS: "FLAGS", DT.PREINIT_ARRAY: "PREINIT_ARRAY", DT.PREINIT_ARRAYSZ: "PREINIT_ARRAYSZ",
    DT.SYMTAB_SHNDX: "SYMTAB_SHNDX", DT.RELRSZ: "RELRSZ", DT.RELR: "RELR", DT.RELRENT: "RELRENT",
    DT.GNU_FLAGS_1: "GNU_FLAGS_1", DT.POSFLAG_1: "POSFLAG_1", DT.GNU_HASH: "GNU_HASH",
    DT.TLSDESC_PLT: "TLSDESC_PLT", DT.TLSDESC_GOT: "TLSDESC_GOT", DT.DEPAUDIT: "DEPAUDIT",
    DT.AUDIT: "AUDIT", DT.VERSYM: "VERSYM", DT.RELACOUNT: "RELACOUNT", DT.RELCOUNT: "RELCOUNT",
    DT.FLAGS_1: "FLAGS_1", DT.VERDEF: "VERDEF", DT.VERDEFNUM: "VERDEFNUM", DT.VERNEED: "VERNEED",
    DT.VERNEEDNUM: "VERNEEDNUM", DT.AUXILIARY: "AUXILIARY", DT.FILTER: "FILTER",
    0x6fff_fef8: "GNU_CONFLICT", 0x6fff_fef9: "GNU_LIBLIST", 0x6000_000f: "ANDROID_REL",
    0x6000_0010: "ANDROID_RELSZ", 0x6000_0011: "ANDROID_RELA", 0x6000_0012: "ANDROID_RELASZ",
  ]
  if let name = names[tag] { return name }
  let number = Int(truncatingIfNeeded: tag)
  switch machine {
  case EM.MIPS:
    let mips: [Int: String] = [
      0x7000_0001: "MIPS_RLD_VERSION", 0x7000_0005: "MIPS_FLAGS", 0x7000_0006: "MIPS_BASE_ADDRESS",
      0x7000_000a: "MIPS_LOCAL_GOTNO", 0x7000_0011: "MIPS_SYMTABNO",
      0x7000_0012: "MIPS_UNREFEXTNO", 0x7000_0013: "MIPS_GOTSYM", 0x7000_0016: "MIPS_RLD_MAP",
      0x7000_0032: "MIPS_PLTGOT", 0x7000_0034: "MIPS_RWPLT", 0x7000_0035: "MIPS_RLD_MAP_REL",
      0x7000_0036: "MIPS_XHASH",
    ]
    return mips[number] ?? hex(UInt64(bitPattern: tag))
  case EM.AARCH64:
    let names = [
      0x7000_0001: "AARCH64_BTI_PLT", 0x7000_0003: "AARCH64_PAC_PLT",
      0x7000_0005: "AARCH64_VARIANT_PCS",
    ]
    return names[number] ?? hex(UInt64(bitPattern: tag))
  case EM.RISCV where number == 0x7000_0001: return "RISCV_VARIANT_CC"
  case EM.PPC where number == 0x7000_0000: return "PPC_GOT"
  case EM.PPC64 where number == 0x7000_0000: return "PPC64_GLINK"
  case EM.PPC64 where number == 0x7000_0003: return "PPC64_OPT"
  case EM.X86_64 where number == 0x7000_0000: return "X86_64_PLT"
  case EM.X86_64 where number == 0x7000_0001: return "X86_64_PLTSZ"
  case EM.X86_64 where number == 0x7000_0003: return "X86_64_PLTENT"
  default: return hex(UInt64(bitPattern: tag))
  }
}
