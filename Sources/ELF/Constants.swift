// The numbers of the ELF specification (System V gABI, chapters 4 and 5, and the GNU extensions
// to it). They keep their C names, so that readers, specifications and grep agree; the caseless
// enums are name spaces.

// swift-format-ignore: AlwaysUseLowerCamelCase

/// Object file types: `e_type`.
public enum ET {
  public static var NONE: UInt16 { 0 }
  public static var REL: UInt16 { 1 }
  public static var EXEC: UInt16 { 2 }
  public static var DYN: UInt16 { 3 }
  public static var CORE: UInt16 { 4 }
}

/// Machines: `e_machine`.
public enum EM {
  public static var I386: UInt16 { 3 }
  public static var MIPS: UInt16 { 8 }
  public static var PPC: UInt16 { 20 }
  public static var PPC64: UInt16 { 21 }
  public static var S390: UInt16 { 22 }
  public static var ARM: UInt16 { 40 }
  public static var SPARCV9: UInt16 { 43 }
  public static var X86_64: UInt16 { 62 }
  public static var AARCH64: UInt16 { 183 }
  public static var RISCV: UInt16 { 243 }
  public static var BPF: UInt16 { 247 }
  public static var LOONGARCH: UInt16 { 258 }

  /// What people call the machine.
  public static func name(_ machine: UInt16) -> String {
    switch machine {
    case I386: "i386"
    case MIPS: "MIPS"
    case PPC: "PowerPC"
    case PPC64: "PowerPC64"
    case S390: "s390"
    case ARM: "ARM"
    case SPARCV9: "SPARC V9"
    case X86_64: "x86-64"
    case AARCH64: "AArch64"
    case RISCV: "RISC-V"
    case BPF: "BPF"
    case LOONGARCH: "LoongArch"
    default: "machine \(machine)"
    }
  }
}

/// Special section indices.
public enum SHN {
  public static var UNDEF: UInt16 { 0 }
  public static var LORESERVE: UInt16 { 0xff00 }
  public static var X86_64_LCOMMON: UInt16 { 0xff02 }
  public static var ABS: UInt16 { 0xfff1 }
  public static var COMMON: UInt16 { 0xfff2 }
  public static var XINDEX: UInt16 { 0xffff }
}

/// Section types: `sh_type`.
public enum SHT {
  public static var NULL: UInt32 { 0 }
  public static var PROGBITS: UInt32 { 1 }
  public static var SYMTAB: UInt32 { 2 }
  public static var STRTAB: UInt32 { 3 }
  public static var RELA: UInt32 { 4 }
  public static var HASH: UInt32 { 5 }
  public static var DYNAMIC: UInt32 { 6 }
  public static var NOTE: UInt32 { 7 }
  public static var NOBITS: UInt32 { 8 }
  public static var REL: UInt32 { 9 }
  public static var SHLIB: UInt32 { 10 }
  public static var DYNSYM: UInt32 { 11 }
  public static var INIT_ARRAY: UInt32 { 14 }
  public static var FINI_ARRAY: UInt32 { 15 }
  public static var PREINIT_ARRAY: UInt32 { 16 }
  public static var GROUP: UInt32 { 17 }
  public static var SYMTAB_SHNDX: UInt32 { 18 }
  public static var RELR: UInt32 { 19 }
  public static var CREL: UInt32 { 0x4000_0014 }
  public static var ANDROID_REL: UInt32 { 0x6000_0001 }
  public static var ANDROID_RELA: UInt32 { 0x6000_0002 }
  public static var LLVM_ADDRSIG: UInt32 { 0x6fff_4c03 }
  public static var LLVM_CALL_GRAPH_PROFILE: UInt32 { 0x6fff_4c09 }
  public static var LLVM_DEPENDENT_LIBRARIES: UInt32 { 0x6fff_4c04 }
  public static var ANDROID_RELR: UInt32 { 0x6fff_ff00 }
  public static var GNU_ATTRIBUTES: UInt32 { 0x6fff_fff5 }
  public static var GNU_HASH: UInt32 { 0x6fff_fff6 }
  public static var GNU_VERDEF: UInt32 { 0x6fff_fffd }
  public static var GNU_VERNEED: UInt32 { 0x6fff_fffe }
  public static var GNU_VERSYM: UInt32 { 0x6fff_ffff }
  public static var X86_64_UNWIND: UInt32 { 0x7000_0001 }
  public static var ARM_EXIDX: UInt32 { 0x7000_0001 }
  public static var ARM_ATTRIBUTES: UInt32 { 0x7000_0003 }
  public static var MIPS_REGINFO: UInt32 { 0x7000_0006 }
  public static var MIPS_ABIFLAGS: UInt32 { 0x7000_002a }
  public static var RISCV_ATTRIBUTES: UInt32 { 0x7000_0003 }
}

/// Section flags: `sh_flags`.
public enum SHF {
  public static var WRITE: UInt64 { 0x1 }
  public static var ALLOC: UInt64 { 0x2 }
  public static var EXECINSTR: UInt64 { 0x4 }
  public static var MERGE: UInt64 { 0x10 }
  public static var STRINGS: UInt64 { 0x20 }
  public static var INFO_LINK: UInt64 { 0x40 }
  public static var LINK_ORDER: UInt64 { 0x80 }
  public static var OS_NONCONFORMING: UInt64 { 0x100 }
  public static var GROUP: UInt64 { 0x200 }
  public static var TLS: UInt64 { 0x400 }
  public static var COMPRESSED: UInt64 { 0x800 }
  public static var GNU_RETAIN: UInt64 { 0x20_0000 }
  public static var X86_64_LARGE: UInt64 { 0x1000_0000 }
  public static var EXCLUDE: UInt64 { 0x8000_0000 }
}

/// Section group flags.
public enum GRP {
  public static var COMDAT: UInt32 { 1 }
}

/// Compression formats of SHF_COMPRESSED sections: `ch_type`.
public enum ELFCOMPRESS {
  public static var ZLIB: UInt32 { 1 }
  public static var ZSTD: UInt32 { 2 }
}

/// Symbol bindings.
public enum STB {
  public static var LOCAL: UInt8 { 0 }
  public static var GLOBAL: UInt8 { 1 }
  public static var WEAK: UInt8 { 2 }
  public static var GNU_UNIQUE: UInt8 { 10 }
}

/// Symbol types.
public enum STT {
  public static var NOTYPE: UInt8 { 0 }
  public static var OBJECT: UInt8 { 1 }
  public static var FUNC: UInt8 { 2 }
  public static var SECTION: UInt8 { 3 }
  public static var FILE: UInt8 { 4 }
  public static var COMMON: UInt8 { 5 }
  public static var TLS: UInt8 { 6 }
  public static var GNU_IFUNC: UInt8 { 10 }
}

/// Symbol visibilities: the low two bits of `st_other`.
public enum STV {
  public static var DEFAULT: UInt8 { 0 }
  public static var INTERNAL: UInt8 { 1 }
  public static var HIDDEN: UInt8 { 2 }
  public static var PROTECTED: UInt8 { 3 }
}

/// Segment types: `p_type`.
public enum PT {
  public static var NULL: UInt32 { 0 }
  public static var LOAD: UInt32 { 1 }
  public static var DYNAMIC: UInt32 { 2 }
  public static var INTERP: UInt32 { 3 }
  public static var NOTE: UInt32 { 4 }
  public static var PHDR: UInt32 { 6 }
  public static var TLS: UInt32 { 7 }
  public static var GNU_EH_FRAME: UInt32 { 0x6474_e550 }
  public static var GNU_STACK: UInt32 { 0x6474_e551 }
  public static var GNU_RELRO: UInt32 { 0x6474_e552 }
  public static var GNU_PROPERTY: UInt32 { 0x6474_e553 }
  public static var ARM_EXIDX: UInt32 { 0x7000_0001 }
  public static var MIPS_REGINFO: UInt32 { 0x7000_0006 }
  public static var MIPS_ABIFLAGS: UInt32 { 0x7000_002a }
  public static var RISCV_ATTRIBUTES: UInt32 { 0x7000_0003 }
}

/// Segment flags: `p_flags`.
public enum PF {
  public static var X: UInt32 { 1 }
  public static var W: UInt32 { 2 }
  public static var R: UInt32 { 4 }
}

/// Tags of the dynamic section: `d_tag`.
public enum DT {
  public static var NULL: Int64 { 0 }
  public static var NEEDED: Int64 { 1 }
  public static var PLTRELSZ: Int64 { 2 }
  public static var PLTGOT: Int64 { 3 }
  public static var HASH: Int64 { 4 }
  public static var STRTAB: Int64 { 5 }
  public static var SYMTAB: Int64 { 6 }
  public static var RELA: Int64 { 7 }
  public static var RELASZ: Int64 { 8 }
  public static var RELAENT: Int64 { 9 }
  public static var STRSZ: Int64 { 10 }
  public static var SYMENT: Int64 { 11 }
  public static var INIT: Int64 { 12 }
  public static var FINI: Int64 { 13 }
  public static var SONAME: Int64 { 14 }
  public static var RPATH: Int64 { 15 }
  public static var SYMBOLIC: Int64 { 16 }
  public static var REL: Int64 { 17 }
  public static var RELSZ: Int64 { 18 }
  public static var RELENT: Int64 { 19 }
  public static var PLTREL: Int64 { 20 }
  public static var DEBUG: Int64 { 21 }
  public static var TEXTREL: Int64 { 22 }
  public static var JMPREL: Int64 { 23 }
  public static var BIND_NOW: Int64 { 24 }
  public static var INIT_ARRAY: Int64 { 25 }
  public static var FINI_ARRAY: Int64 { 26 }
  public static var INIT_ARRAYSZ: Int64 { 27 }
  public static var FINI_ARRAYSZ: Int64 { 28 }
  public static var RUNPATH: Int64 { 29 }
  public static var FLAGS: Int64 { 30 }
  public static var PREINIT_ARRAY: Int64 { 32 }
  public static var PREINIT_ARRAYSZ: Int64 { 33 }
  public static var SYMTAB_SHNDX: Int64 { 34 }
  public static var RELRSZ: Int64 { 35 }
  public static var RELR: Int64 { 36 }
  public static var RELRENT: Int64 { 37 }
  public static var ANDROID_REL: Int64 { 0x6000_000f }
  public static var ANDROID_RELSZ: Int64 { 0x6000_0010 }
  public static var ANDROID_RELA: Int64 { 0x6000_0011 }
  public static var ANDROID_RELASZ: Int64 { 0x6000_0012 }
  public static var ANDROID_RELR: Int64 { 0x6fff_e000 }
  public static var ANDROID_RELRSZ: Int64 { 0x6fff_e001 }
  public static var ANDROID_RELRENT: Int64 { 0x6fff_e003 }
  public static var POSFLAG_1: Int64 { 0x6fff_fdfd }
  public static var GNU_FLAGS_1: Int64 { 0x6fff_fdf4 }
  public static var GNU_HASH: Int64 { 0x6fff_fef5 }
  public static var TLSDESC_PLT: Int64 { 0x6fff_fef6 }
  public static var TLSDESC_GOT: Int64 { 0x6fff_fef7 }
  public static var DEPAUDIT: Int64 { 0x6fff_fefb }
  public static var AUDIT: Int64 { 0x6fff_fefc }
  public static var VERSYM: Int64 { 0x6fff_fff0 }
  public static var RELACOUNT: Int64 { 0x6fff_fff9 }
  public static var RELCOUNT: Int64 { 0x6fff_fffa }
  public static var FLAGS_1: Int64 { 0x6fff_fffb }
  public static var VERDEF: Int64 { 0x6fff_fffc }
  public static var VERDEFNUM: Int64 { 0x6fff_fffd }
  public static var VERNEED: Int64 { 0x6fff_fffe }
  public static var VERNEEDNUM: Int64 { 0x6fff_ffff }
  public static var AARCH64_BTI_PLT: Int64 { 0x7000_0001 }
  public static var AARCH64_PAC_PLT: Int64 { 0x7000_0003 }
  public static var RISCV_VARIANT_CC: Int64 { 0x7000_0001 }
  public static var AARCH64_VARIANT_PCS: Int64 { 0x7000_0005 }
  public static var MIPS_RLD_MAP_REL: Int64 { 0x7000_0035 }
  public static var AUXILIARY: Int64 { 0x7fff_fffd }
  public static var FILTER: Int64 { 0x7fff_ffff }
}

/// Values of DT_FLAGS.
public enum DF {
  public static var ORIGIN: UInt64 { 0x1 }
  public static var SYMBOLIC: UInt64 { 0x2 }
  public static var TEXTREL: UInt64 { 0x4 }
  public static var BIND_NOW: UInt64 { 0x8 }
  public static var STATIC_TLS: UInt64 { 0x10 }
}

/// Values of DT_FLAGS_1.
public enum DF_1 {
  public static var NOW: UInt64 { 0x1 }
  public static var GLOBAL: UInt64 { 0x2 }
  public static var NODELETE: UInt64 { 0x8 }
  public static var LOADFLTR: UInt64 { 0x10 }
  public static var INITFIRST: UInt64 { 0x20 }
  public static var NOOPEN: UInt64 { 0x40 }
  public static var ORIGIN: UInt64 { 0x80 }
  public static var INTERPOSE: UInt64 { 0x400 }
  public static var NODEFLIB: UInt64 { 0x800 }
  public static var NODUMP: UInt64 { 0x1000 }
  public static var PIE: UInt64 { 0x0800_0000 }
}

/// Symbol version indices and flags.
public enum VER {
  public static var NDX_LOCAL: UInt16 { 0 }
  public static var NDX_GLOBAL: UInt16 { 1 }
  public static var NDX_HIDDEN: UInt16 { 0x8000 }
  public static var FLG_BASE: UInt16 { 1 }
  public static var FLG_WEAK: UInt16 { 2 }
}

/// Types of the notes whose owner is "GNU".
public enum NT {
  public static var GNU_ABI_TAG: UInt32 { 1 }
  public static var GNU_BUILD_ID: UInt32 { 3 }
  public static var GNU_PROPERTY_TYPE_0: UInt32 { 5 }
  public static var FDO_PACKAGING_METADATA: UInt32 { 0xcafe_1a7e }
}
