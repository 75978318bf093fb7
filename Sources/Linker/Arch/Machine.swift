// The machines that swold links for, and what the rest of the linker knows about them.
//
// A machine is a case here, a row of facts and a folder beside this file. Facts are cold: sizes,
// names, fillers, asked a few times in a link. What runs for each relocation is code of the folder,
// reached by one `switch` for each section.

internal import ELF

/// Closed: who adds a case is led by the compiler to what it must say.
enum Machine: UInt8, Sendable, CaseIterable {
  case x86_64

  var facts: TargetFacts {
    switch self {
    case .x86_64: X86_64.facts
    }
  }

  /// The machine that an ELF header names; nil: none that swold links for.
  init?(_ machine: UInt16, _ format: Format) {
    for candidate in Machine.allCases
    where candidate.facts.elfMachine == machine && candidate.facts.format == format {
      self = candidate
      return
    }
    return nil
  }
}

/// What a machine is, without its code.
struct TargetFacts: Sendable {
  let machine: Machine
  /// As people call it.
  let name: String
  let format: Format
  /// `e_machine`
  let elfMachine: UInt16
  /// The ELF header of an output, without sizes and places.
  func fileHeader(_ type: UInt16, usesGNUExtensions: Bool) -> FileHeader {
    var header = FileHeader()
    header.format = format
    // ELFOSABI_GNU if the file uses what only GNU systems know.
    header.osABI = usesGNUExtensions ? 3 : 0
    header.type = type
    header.machine = elfMachine
    return header
  }
}
