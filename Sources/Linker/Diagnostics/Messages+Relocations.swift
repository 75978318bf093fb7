// Messages about relocations. Each names the source line of its place, if that is known.

extension Message {
  static func badRelocation(_ section: String, _ offset: UInt64, _ reason: String) -> Message {
    Message(
      "badRelocation", "\(section)+0x\(String(offset, radix: 16)): relocation \(reason)"
    )
    .namingReference()
  }

  static func needsPIC(
    _ type: String, _ symbol: String, _ section: String, _ offset: UInt64, _ kind: OutputKind
  ) -> Message {
    let (what, remedy) =
      switch kind {
      case .sharedObject: ("a shared object", "recompile with -fPIC")
      case .pie: ("a position-independent executable", "recompile with -fPIE, or link with -no-pie")
      case .executable, .relocatable: ("this program", "recompile with -fPIC")
      }
    return Message(
      "needsPIC",
      "\(section)+0x\(String(offset, radix: 16)): relocation \(type) against \(symbol) cannot be "
        + "used when making \(what); \(remedy)"
    )
    .namingReference()
  }

  static func textRelocation(_ type: String, _ symbol: String, _ section: String) -> Message {
    Message(
      "textRelocation",
      "\(section): relocation \(type) against \(symbol) in a read-only section; recompile with "
        + "-fPIC, or pass -z notext to allow text relocations"
    )
    .namingReference()
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

  static func relocationOutside(_ section: String, _ offset: UInt64, _ type: String) -> Message {
    Message(
      "relocationOutside",
      "\(section)+0x\(String(offset, radix: 16)): relocation \(type) lies outside its section"
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
}
