// What a file is, told from its first bytes, as the peers do: names and endings mean nothing.

internal import ELF

enum FileKind: Sendable, Equatable {
  case empty
  case object
  case sharedObject
  case archive
  case thinArchive
  /// Text that may be a linker script.
  case text
  /// LLVM bitcode, wrapped or not: an object for link-time optimisation.
  case bitcode
  /// An ELF file for another machine, class or byte order; the text says which.
  case foreign(String)
  case unknown

  /// `machine`: what the link is for; nil: that is not known yet.
  init(_ bytes: ByteView, for machine: Machine?) {
    if bytes.isEmpty {
      self = .empty
    } else if bytes.hasPrefix("\u{7f}ELF") {
      self = FileKind.elf(bytes, machine)
    } else if bytes.hasPrefix("!<arch>\n") {
      self = .archive
    } else if bytes.hasPrefix("!<thin>\n") {
      self = .thinArchive
    } else if FileKind.isBitcode(bytes) {
      self = .bitcode
    } else if FileKind.isText(bytes) {
      self = .text
    } else {
      self = .unknown
    }
  }

  /// What a file of unknown kind is: the objects and libraries of other systems, which may bear the
  /// names of ours.
  static func otherFormat(_ bytes: ByteView) -> String? {
    guard let magic = bytes.load(UInt32.self, at: 0) else { return nil }
    switch magic {
    case 0xfeed_face, 0xfeed_facf, 0xcefa_edfe, 0xcffa_edfe, 0xbeba_feca: return "a Mach-O file"
    default: break
    }
    if bytes.hasPrefix("MZ") { return "a PE file" }
    // A COFF object has no magic number: a machine, and no optional header.
    let isCOFF =
      [0x14c, 0x8664, 0xaa64].contains(magic & 0xffff) && bytes.load(UInt16.self, at: 16) == 0
    return isCOFF ? "a COFF object" : nil
  }

  private static func elf(_ bytes: ByteView, _ wanted: Machine?) -> FileKind {
    guard let format = Format(identification: bytes),
      let type = bytes.load(UInt16.self, at: 16, format.order),
      let number = bytes.load(UInt16.self, at: 18, format.order)
    else { return .unknown }
    let machine = wanted?.isNamed(by: number, format) == true ? wanted : Machine(number, format)
    guard let machine, machine == wanted ?? machine else {
      // Another class of a machine that is known: x32, ILP32.
      let isHalfKnown =
        machine == nil && Machine.allCases.contains { $0.facts.elfMachine == number }
      let reason = isHalfKnown ? " (which swold does not link for)" : ""
      return .foreign("\(format.description) \(EM.name(number))\(reason)")
    }
    switch type {
    case ET.REL: return .object
    case ET.DYN: return .sharedObject
    default: return .foreign("an executable or core file")
    }
  }

  private static func isBitcode(_ bytes: ByteView) -> Bool {
    // "BC" 0xC0DE, or the wrapper 0x0B17C0DE.
    let magic = bytes.load(UInt32.self, at: 0)
    return magic == 0xdec0_4342 || magic == 0x0b17_c0de
  }

  /// Whether the beginning has only characters that a script may have.
  private static func isText(_ bytes: ByteView) -> Bool {
    var index = 0
    let limit = min(bytes.count, 512)
    while index < limit {
      let byte = bytes[index]
      if byte < 9 || (byte > 13 && byte < 32) || byte == 127 { return false }
      index += 1
    }
    return true
  }
}
