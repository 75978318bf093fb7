// Messages about relocations. Each names the source line of its place, if that is known.

extension Message {
  static func badRelocation(_ section: String, _ offset: UInt64, _ reason: String) -> Message {
    Message(
      "badRelocation", "\(section)+0x\(String(offset, radix: 16)): relocation \(reason)"
    )
    .namingReference()
  }

  static func needsPIC(
    _ type: String, _ symbol: String, _ section: String, _ offset: UInt64, _ kind: OutputKind,
    isNumber: Bool = false
  ) -> Message {
    let what =
      switch kind {
      case .sharedObject: "a shared object"
      case .pie: "a position-independent executable"
      case .executable, .relocatable: "this program"
      }
    // Code of any kind that takes the distance from a number would be refused again.
    let advice =
      isNumber
      ? "\(symbol) is a number, at no fixed distance from what moves; use it as a constant, load it "
        + "from the GOT" + (kind == .pie ? ", or link with -no-pie" : "")
      : remedy(kind)
    return Message(
      "needsPIC",
      "\(section)+0x\(String(offset, radix: 16)): relocation \(type) against \(symbol) cannot be "
        + "used when making \(what); \(advice)"
    )
    .namingReference()
  }

  /// `kind` is that of the output; nil: it is allowed, and somebody may want to know.
  static func textRelocation(
    _ type: String, _ symbol: String, _ section: String, _ offset: UInt64,
    forbiddenIn kind: OutputKind?
  ) -> Message {
    let advice = kind.map { "; \(remedy($0)), or leave out -z text" } ?? ""
    return Message(
      "textRelocation",
      "\(section)+0x\(String(offset, radix: 16)): relocation \(type) against \(symbol) in a "
        + "read-only section\(advice)"
    )
    .namingReference()
  }

  /// The same of a section that the map makes read-only.
  static func dynamicRelocationsReadOnly(_ section: String, isForbidden: Bool) -> Message {
    Message(
      "dynamicRelocationsReadOnly",
      "\(section): needs dynamic relocations, and its output section is read-only"
        + (isForbidden ? "; let the map make it writable, or leave out -z text" : ""))
  }

  /// `more`: sections that were not named.
  static func hasTextRelocations(
    _ output: String, _ kind: OutputKind, more: Int, hasIndirect: Bool
  ) -> Message {
    var notes: [String] = []
    if more > 0 { notes.append("\(more) more sections have such relocations") }
    if hasIndirect {
      notes.append(
        "an IFUNC's resolver may crash: its code cannot run while the dynamic linker relocates it")
    }
    return Message(
      "hasTextRelocations",
      "\(output): needs relocations in read-only sections (DT_TEXTREL); \(remedy(kind)); "
        + "-z text refuses, -z notext silences this", notes: notes)
  }

  static func relocationOverflow(
    _ type: String, _ symbol: String, _ section: String, _ offset: UInt64, _ value: Int64,
    _ bits: Int
  ) -> Message {
    Message(
      "relocationOverflow",
      "\(section)+0x\(String(offset, radix: 16)): relocation \(type) out of range: \(value) does "
        + "not fit \(bits) bits; references \(symbol)"
    )
    .namingReference()
  }

  static func relocationMisaligned(
    _ type: String, _ symbol: String, _ section: String, _ offset: UInt64, _ value: UInt64,
    _ unit: UInt64
  ) -> Message {
    Message(
      "relocationMisaligned",
      "\(section)+0x\(String(offset, radix: 16)): relocation \(type) is misaligned: "
        + "0x\(String(value, radix: 16)) is not a multiple of \(unit); references \(symbol)"
    )
    .namingReference()
  }

  static func relocationOutside(_ section: String, _ offset: UInt64, _ type: String) -> Message {
    Message(
      "relocationOutside",
      "\(section)+0x\(String(offset, radix: 16)): relocation \(type) lies outside its section"
    )
    .namingReference()
  }

  static func outsideMergedSection(
    _ target: String, _ addend: Int64, _ section: String, _ offset: UInt64
  ) -> Message {
    Message(
      "outsideMergedSection",
      "\(section)+0x\(String(offset, radix: 16)): relocation refers to offset \(addend) of "
        + "\(target), which lies outside it; what is there after merging nobody knows"
    )
    .namingReference()
  }

  static func discardedReference(
    _ symbol: String, _ section: String, _ offset: UInt64
  ) -> Message {
    Message(
      "discardedReference",
      "\(section)+0x\(String(offset, radix: 16)): relocation refers to a discarded section: "
        + symbol
    )
    .namingReference()
  }

  /// What to do about code that expects a fixed address.
  private static func remedy(_ kind: OutputKind) -> String {
    switch kind {
    case .pie: "recompile with -fPIE, or link with -no-pie"
    case .sharedObject, .executable, .relocatable: "recompile with -fPIC"
    }
  }
}
