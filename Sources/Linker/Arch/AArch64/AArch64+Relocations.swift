// The relocation types of AArch64 (ELF for the Arm 64-bit Architecture, AAELF64, "Relocation
// types").

extension AArch64 {
  /// The case is the ELF name without `R_AARCH64_`, in camel case: `adrPrelPgHi21` is
  /// R_AARCH64_ADR_PREL_PG_HI21.
  enum Relocation: UInt32, RelocationType {
    case none = 0
    case abs64 = 257
    case abs32 = 258
    case abs16 = 259
    case prel64 = 260
    case prel32 = 261
    case prel16 = 262
    case movwUabsG0 = 263
    case movwUabsG0Nc = 264
    case movwUabsG1 = 265
    case movwUabsG1Nc = 266
    case movwUabsG2 = 267
    case movwUabsG2Nc = 268
    case movwUabsG3 = 269
    case movwSabsG0 = 270
    case movwSabsG1 = 271
    case movwSabsG2 = 272
    case ldPrelLo19 = 273
    case adrPrelLo21 = 274
    case adrPrelPgHi21 = 275
    case adrPrelPgHi21Nc = 276
    case addAbsLo12Nc = 277
    case ldst8AbsLo12Nc = 278
    case tstbr14 = 279
    case condbr19 = 280
    case jump26 = 282
    case call26 = 283
    case ldst16AbsLo12Nc = 284
    case ldst32AbsLo12Nc = 285
    case ldst64AbsLo12Nc = 286
    case movwPrelG0 = 287
    case movwPrelG0Nc = 288
    case movwPrelG1 = 289
    case movwPrelG1Nc = 290
    case movwPrelG2 = 291
    case movwPrelG2Nc = 292
    case movwPrelG3 = 293
    case ldst128AbsLo12Nc = 299
    case movwGotoffG0 = 300
    case movwGotoffG0Nc = 301
    case movwGotoffG1 = 302
    case movwGotoffG1Nc = 303
    case movwGotoffG2 = 304
    case movwGotoffG2Nc = 305
    case movwGotoffG3 = 306
    case gotrel64 = 307
    case gotrel32 = 308
    case gotLdPrel19 = 309
    case ld64GotoffLo15 = 310
    case adrGotPage = 311
    case ld64GotLo12Nc = 312
    case ld64GotpageLo15 = 313
    case plt32 = 314
    case gotpcrel32 = 315
    case tlsgdAdrPrel21 = 512
    case tlsgdAdrPage21 = 513
    case tlsgdAddLo12Nc = 514
    case tlsgdMovwG1 = 515
    case tlsgdMovwG0Nc = 516
    case tlsldAdrPrel21 = 517
    case tlsldAdrPage21 = 518
    case tlsldAddLo12Nc = 519
    case tlsldMovwG1 = 520
    case tlsldMovwG0Nc = 521
    case tlsldLdPrel19 = 522
    case tlsldMovwDtprelG2 = 523
    case tlsldMovwDtprelG1 = 524
    case tlsldMovwDtprelG1Nc = 525
    case tlsldMovwDtprelG0 = 526
    case tlsldMovwDtprelG0Nc = 527
    case tlsldAddDtprelHi12 = 528
    case tlsldAddDtprelLo12 = 529
    case tlsldAddDtprelLo12Nc = 530
    case tlsldLdst8DtprelLo12 = 531
    case tlsldLdst8DtprelLo12Nc = 532
    case tlsldLdst16DtprelLo12 = 533
    case tlsldLdst16DtprelLo12Nc = 534
    case tlsldLdst32DtprelLo12 = 535
    case tlsldLdst32DtprelLo12Nc = 536
    case tlsldLdst64DtprelLo12 = 537
    case tlsldLdst64DtprelLo12Nc = 538
    case tlsieMovwGottprelG1 = 539
    case tlsieMovwGottprelG0Nc = 540
    case tlsieAdrGottprelPage21 = 541
    case tlsieLd64GottprelLo12Nc = 542
    case tlsieLdGottprelPrel19 = 543
    case tlsleMovwTprelG2 = 544
    case tlsleMovwTprelG1 = 545
    case tlsleMovwTprelG1Nc = 546
    case tlsleMovwTprelG0 = 547
    case tlsleMovwTprelG0Nc = 548
    case tlsleAddTprelHi12 = 549
    case tlsleAddTprelLo12 = 550
    case tlsleAddTprelLo12Nc = 551
    case tlsleLdst8TprelLo12 = 552
    case tlsleLdst8TprelLo12Nc = 553
    case tlsleLdst16TprelLo12 = 554
    case tlsleLdst16TprelLo12Nc = 555
    case tlsleLdst32TprelLo12 = 556
    case tlsleLdst32TprelLo12Nc = 557
    case tlsleLdst64TprelLo12 = 558
    case tlsleLdst64TprelLo12Nc = 559
    case tlsdescLdPrel19 = 560
    case tlsdescAdrPrel21 = 561
    case tlsdescAdrPage21 = 562
    case tlsdescLd64Lo12 = 563
    case tlsdescAddLo12 = 564
    case tlsdescOffG1 = 565
    case tlsdescOffG0Nc = 566
    case tlsdescLdr = 567
    case tlsdescAdd = 568
    case tlsdescCall = 569
    case tlsleLdst128TprelLo12 = 570
    case tlsleLdst128TprelLo12Nc = 571
    case tlsldLdst128DtprelLo12 = 572
    case tlsldLdst128DtprelLo12Nc = 573
    case copy = 1024
    case globDat = 1025
    case jumpSlot = 1026
    case relative = 1027
    case tlsDtpmod = 1028
    case tlsDtprel = 1029
    case tlsTprel = 1030
    case tlsdesc = 1031
    case irelative = 1032

    /// The ELF name.
    var name: String {
      var name = "R_AARCH64_"
      for letter in "\(self)" {
        if letter.isUppercase { name += "_" }
        name += letter.uppercased()
      }
      return name
    }

    /// Bytes that applying it changes.
    var width: Int {
      switch self {
      case .none: 0
      case .abs16, .prel16: 2
      case .abs64, .prel64, .gotrel64, .globDat, .jumpSlot, .relative, .tlsDtpmod, .tlsDtprel,
        .tlsTprel, .irelative:
        8
      case .tlsdesc: 16
      default: 4
      }
    }
  }
}
