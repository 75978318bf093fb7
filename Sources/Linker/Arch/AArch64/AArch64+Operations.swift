// What each type of relocation computes, where it puts the result, and what is checked: the tables of
// AAELF64, "Static AArch64 relocations", as values.

internal import ELF

extension AArch64 {
  /// X = what, counted from `base`; into `field`.
  struct Operation {
    let what: What
    let base: Base
    let field: Field

    init(_ what: What, _ base: Base, _ field: Field) {
      self.what = what
      self.base = base
      self.field = field
    }
  }

  enum What {
    case nothing
    /// S + A
    case address
    /// S + A, or the PLT entry that is called instead.
    case call
    /// The entry of the GOT with S: G.
    case got
    /// The pair of entries for `__tls_get_addr`.
    case general
    /// The pair for the module's own block.
    case module
    /// The entry with the offset from the thread pointer.
    case threadOffset
    /// The pair that is a TLS descriptor.
    case descriptor
    /// The offset in the module's block: DTPREL.
    case inModule
    /// The offset from the thread pointer: TPREL.
    case fromPointer
  }

  enum Base {
    case zero
    /// P
    case place
    /// Page(X) − Page(P)
    case page
    /// GOT
    case got
    /// Page(GOT)
    case gotPage
  }

  enum Field: Equatable {
    case none
    case word(UInt8)
    /// The same without numbers above the signed ones.
    case signedWord(UInt8)
    /// Distances in instructions: 26 bits of `b` and `bl`, 19 of `b.cond`, `cbz` and literal loads, 14
    /// of `tbz`.
    case branch(UInt8)
    case literal
    /// `adr`, and `adrp` with pages.
    case adr
    case adrp(isChecked: Bool)
    /// The low 12 bits in `add`, or in a load or store of 2^scale bytes.
    case low12(scale: UInt8, isChecked: Bool)
    /// Bits 12 to 23 in `add`.
    case high12
    /// Bits 3 to 14 in a load of 8 bytes.
    case low15
    /// 16 bits of `movz`, `movn` or `movk`.
    case move(group: UInt8, Sign)
  }

  enum Sign {
    /// From 0 up to the end of the group.
    case unsigned
    /// `movz` or `movn` as the sign wants.
    case signed
    case unchecked
  }

  static func operation(_ type: Relocation) -> Operation {
    switch type {
    case .none, .tlsdescLdr, .tlsdescAdd, .tlsdescCall: Operation(.nothing, .zero, .none)
    case .abs64: Operation(.address, .zero, .word(64))
    case .abs32: Operation(.address, .zero, .word(32))
    case .abs16: Operation(.address, .zero, .word(16))
    case .prel64: Operation(.address, .place, .word(64))
    case .prel32: Operation(.address, .place, .signedWord(32))
    case .prel16: Operation(.address, .place, .signedWord(16))
    case .plt32: Operation(.call, .place, .signedWord(32))
    case .movwUabsG0: Operation(.address, .zero, .move(group: 0, .unsigned))
    case .movwUabsG0Nc: Operation(.address, .zero, .move(group: 0, .unchecked))
    case .movwUabsG1: Operation(.address, .zero, .move(group: 1, .unsigned))
    case .movwUabsG1Nc: Operation(.address, .zero, .move(group: 1, .unchecked))
    case .movwUabsG2: Operation(.address, .zero, .move(group: 2, .unsigned))
    case .movwUabsG2Nc: Operation(.address, .zero, .move(group: 2, .unchecked))
    case .movwUabsG3: Operation(.address, .zero, .move(group: 3, .unchecked))
    case .movwSabsG0: Operation(.address, .zero, .move(group: 0, .signed))
    case .movwSabsG1: Operation(.address, .zero, .move(group: 1, .signed))
    case .movwSabsG2: Operation(.address, .zero, .move(group: 2, .signed))
    case .movwPrelG0: Operation(.address, .place, .move(group: 0, .signed))
    case .movwPrelG0Nc: Operation(.address, .place, .move(group: 0, .unchecked))
    case .movwPrelG1: Operation(.address, .place, .move(group: 1, .signed))
    case .movwPrelG1Nc: Operation(.address, .place, .move(group: 1, .unchecked))
    case .movwPrelG2: Operation(.address, .place, .move(group: 2, .signed))
    case .movwPrelG2Nc: Operation(.address, .place, .move(group: 2, .unchecked))
    case .movwPrelG3: Operation(.address, .place, .move(group: 3, .unchecked))
    case .ldPrelLo19: Operation(.address, .place, .literal)
    case .adrPrelLo21: Operation(.address, .place, .adr)
    case .adrPrelPgHi21: Operation(.address, .page, .adrp(isChecked: true))
    case .adrPrelPgHi21Nc: Operation(.address, .page, .adrp(isChecked: false))
    case .addAbsLo12Nc, .ldst8AbsLo12Nc:
      Operation(.address, .zero, .low12(scale: 0, isChecked: false))
    case .ldst16AbsLo12Nc: Operation(.address, .zero, .low12(scale: 1, isChecked: false))
    case .ldst32AbsLo12Nc: Operation(.address, .zero, .low12(scale: 2, isChecked: false))
    case .ldst64AbsLo12Nc: Operation(.address, .zero, .low12(scale: 3, isChecked: false))
    case .ldst128AbsLo12Nc: Operation(.address, .zero, .low12(scale: 4, isChecked: false))
    case .tstbr14: Operation(.call, .place, .branch(14))
    case .condbr19: Operation(.call, .place, .branch(19))
    case .jump26, .call26: Operation(.call, .place, .branch(26))
    case .movwGotoffG0: Operation(.got, .got, .move(group: 0, .signed))
    case .movwGotoffG0Nc: Operation(.got, .got, .move(group: 0, .unchecked))
    case .movwGotoffG1: Operation(.got, .got, .move(group: 1, .signed))
    case .movwGotoffG1Nc: Operation(.got, .got, .move(group: 1, .unchecked))
    case .movwGotoffG2: Operation(.got, .got, .move(group: 2, .signed))
    case .movwGotoffG2Nc: Operation(.got, .got, .move(group: 2, .unchecked))
    case .movwGotoffG3: Operation(.got, .got, .move(group: 3, .unchecked))
    case .gotrel64: Operation(.address, .got, .word(64))
    case .gotrel32: Operation(.address, .got, .signedWord(32))
    case .gotLdPrel19: Operation(.got, .place, .literal)
    case .ld64GotoffLo15: Operation(.got, .got, .low15)
    case .adrGotPage: Operation(.got, .page, .adrp(isChecked: true))
    case .ld64GotLo12Nc: Operation(.got, .zero, .low12(scale: 3, isChecked: false))
    case .ld64GotpageLo15: Operation(.got, .gotPage, .low15)
    case .gotpcrel32: Operation(.got, .place, .signedWord(32))
    default: threadLocalOperation(type)
    }
  }

  private static func threadLocalOperation(_ type: Relocation) -> Operation {
    switch type {
    case .tlsgdAdrPrel21: Operation(.general, .place, .adr)
    case .tlsgdAdrPage21: Operation(.general, .page, .adrp(isChecked: true))
    case .tlsgdAddLo12Nc: Operation(.general, .zero, .low12(scale: 0, isChecked: false))
    case .tlsgdMovwG1: Operation(.general, .got, .move(group: 1, .signed))
    case .tlsgdMovwG0Nc: Operation(.general, .got, .move(group: 0, .unchecked))
    case .tlsldAdrPrel21: Operation(.module, .place, .adr)
    case .tlsldAdrPage21: Operation(.module, .page, .adrp(isChecked: true))
    case .tlsldAddLo12Nc: Operation(.module, .zero, .low12(scale: 0, isChecked: false))
    case .tlsldMovwG1: Operation(.module, .got, .move(group: 1, .signed))
    case .tlsldMovwG0Nc: Operation(.module, .got, .move(group: 0, .unchecked))
    case .tlsldLdPrel19: Operation(.module, .place, .literal)
    case .tlsldMovwDtprelG2: Operation(.inModule, .zero, .move(group: 2, .signed))
    case .tlsldMovwDtprelG1: Operation(.inModule, .zero, .move(group: 1, .signed))
    case .tlsldMovwDtprelG1Nc: Operation(.inModule, .zero, .move(group: 1, .unchecked))
    case .tlsldMovwDtprelG0: Operation(.inModule, .zero, .move(group: 0, .signed))
    case .tlsldMovwDtprelG0Nc: Operation(.inModule, .zero, .move(group: 0, .unchecked))
    case .tlsldAddDtprelHi12: Operation(.inModule, .zero, .high12)
    case .tlsldAddDtprelLo12, .tlsldLdst8DtprelLo12:
      Operation(.inModule, .zero, .low12(scale: 0, isChecked: true))
    case .tlsldAddDtprelLo12Nc, .tlsldLdst8DtprelLo12Nc:
      Operation(.inModule, .zero, .low12(scale: 0, isChecked: false))
    case .tlsldLdst16DtprelLo12: Operation(.inModule, .zero, .low12(scale: 1, isChecked: true))
    case .tlsldLdst16DtprelLo12Nc: Operation(.inModule, .zero, .low12(scale: 1, isChecked: false))
    case .tlsldLdst32DtprelLo12: Operation(.inModule, .zero, .low12(scale: 2, isChecked: true))
    case .tlsldLdst32DtprelLo12Nc: Operation(.inModule, .zero, .low12(scale: 2, isChecked: false))
    case .tlsldLdst64DtprelLo12: Operation(.inModule, .zero, .low12(scale: 3, isChecked: true))
    case .tlsldLdst64DtprelLo12Nc: Operation(.inModule, .zero, .low12(scale: 3, isChecked: false))
    case .tlsldLdst128DtprelLo12: Operation(.inModule, .zero, .low12(scale: 4, isChecked: true))
    case .tlsldLdst128DtprelLo12Nc: Operation(.inModule, .zero, .low12(scale: 4, isChecked: false))
    case .tlsieMovwGottprelG1: Operation(.threadOffset, .got, .move(group: 1, .signed))
    case .tlsieMovwGottprelG0Nc: Operation(.threadOffset, .got, .move(group: 0, .unchecked))
    case .tlsieAdrGottprelPage21: Operation(.threadOffset, .page, .adrp(isChecked: true))
    case .tlsieLd64GottprelLo12Nc:
      Operation(.threadOffset, .zero, .low12(scale: 3, isChecked: false))
    case .tlsieLdGottprelPrel19: Operation(.threadOffset, .place, .literal)
    case .tlsleMovwTprelG2: Operation(.fromPointer, .zero, .move(group: 2, .signed))
    case .tlsleMovwTprelG1: Operation(.fromPointer, .zero, .move(group: 1, .signed))
    case .tlsleMovwTprelG1Nc: Operation(.fromPointer, .zero, .move(group: 1, .unchecked))
    case .tlsleMovwTprelG0: Operation(.fromPointer, .zero, .move(group: 0, .signed))
    case .tlsleMovwTprelG0Nc: Operation(.fromPointer, .zero, .move(group: 0, .unchecked))
    case .tlsleAddTprelHi12: Operation(.fromPointer, .zero, .high12)
    case .tlsleAddTprelLo12, .tlsleLdst8TprelLo12:
      Operation(.fromPointer, .zero, .low12(scale: 0, isChecked: true))
    case .tlsleAddTprelLo12Nc, .tlsleLdst8TprelLo12Nc:
      Operation(.fromPointer, .zero, .low12(scale: 0, isChecked: false))
    case .tlsleLdst16TprelLo12: Operation(.fromPointer, .zero, .low12(scale: 1, isChecked: true))
    case .tlsleLdst16TprelLo12Nc: Operation(.fromPointer, .zero, .low12(scale: 1, isChecked: false))
    case .tlsleLdst32TprelLo12: Operation(.fromPointer, .zero, .low12(scale: 2, isChecked: true))
    case .tlsleLdst32TprelLo12Nc: Operation(.fromPointer, .zero, .low12(scale: 2, isChecked: false))
    case .tlsleLdst64TprelLo12: Operation(.fromPointer, .zero, .low12(scale: 3, isChecked: true))
    case .tlsleLdst64TprelLo12Nc: Operation(.fromPointer, .zero, .low12(scale: 3, isChecked: false))
    case .tlsleLdst128TprelLo12: Operation(.fromPointer, .zero, .low12(scale: 4, isChecked: true))
    case .tlsleLdst128TprelLo12Nc:
      Operation(.fromPointer, .zero, .low12(scale: 4, isChecked: false))
    case .tlsdescLdPrel19: Operation(.descriptor, .place, .literal)
    case .tlsdescAdrPrel21: Operation(.descriptor, .place, .adr)
    case .tlsdescAdrPage21: Operation(.descriptor, .page, .adrp(isChecked: true))
    case .tlsdescLd64Lo12: Operation(.descriptor, .zero, .low12(scale: 3, isChecked: false))
    case .tlsdescAddLo12: Operation(.descriptor, .zero, .low12(scale: 0, isChecked: false))
    case .tlsdescOffG1: Operation(.descriptor, .got, .move(group: 1, .signed))
    case .tlsdescOffG0Nc: Operation(.descriptor, .got, .move(group: 0, .unchecked))
    default: Operation(.nothing, .zero, .none)
    }
  }

  /// A type that belongs in linked files only.
  static func isDynamic(_ type: Relocation) -> Bool { type.rawValue >= Relocation.copy.rawValue }
}
