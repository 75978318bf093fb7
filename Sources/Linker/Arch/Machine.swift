// The machines that swold links for.
//
// A machine is a case here, a row of facts (TargetFacts) and a folder beside this file. Facts are
// asked a few times in a link. What runs for each relocation is code of the folder, reached by one
// `switch` for each section (TargetDispatch).

internal import ELF

/// Closed: who adds a case is led by the compiler to what it must say.
enum Machine: UInt8, Sendable, CaseIterable {
  case x86_64
  case i386
  case riscV64
  case riscV32
  case arm
  case aarch64

  /// The code of the machine: the only `switch` over machines.
  var code: any Target.Type {
    switch self {
    case .x86_64: X86_64.self
    case .i386: I386.self
    case .riscV64: RISCV<RISCV64>.self
    case .riscV32: RISCV<RISCV32>.self
    case .arm: ARM.self
    case .aarch64: AArch64.self
    }
  }

  var facts: TargetFacts { code.facts }

  /// The names behind -m, one for each machine.
  static var emulations: [String] { allCases.map { $0.facts.emulations[0] } }

  /// What is linked for when nothing says it: the machine that the linker itself runs on.
  static let native = Machine.x86_64

  /// The names of their formats, one for each machine.
  static var outputFormats: String {
    allCases.map { $0.facts.outputFormats[0] }.joined(separator: ", ")
  }

  /// The machine that OUTPUT_FORMAT, --oformat or --format names.
  init?(outputFormat name: String) {
    guard let machine = Machine.allCases.first(where: { $0.facts.isOwn(outputFormat: name) }) else {
      return nil
    }
    self = machine
  }

  /// The machine that an ELF header names; nil: none that swold links for.
  init?(_ machine: UInt16, _ format: Format) {
    for candidate in Machine.allCases where candidate.isNamed(by: machine, format) {
      self = candidate
      return
    }
    return nil
  }

  /// Whether an ELF header names this machine.
  func isNamed(by machine: UInt16, _ format: Format) -> Bool {
    let facts = facts
    return facts.elfMachine == machine && facts.format == format
  }
}
