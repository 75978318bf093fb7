// exec-stack, flags, header: what a program asks of the kernel and of the dynamic linker. No byte of the
// program depends on these; what an edit could make wrong is refused.

internal import ELF

extension EditSession {
  // MARK: exec-stack

  /// `exec-stack set`, `exec-stack clear`
  func setExecutableStack(_ isWanted: Bool) throws(EditFailure) {
    let flags = PF.R | PF.W | (isWanted ? PF.X : 0)
    let state = isWanted ? "executable" : "not executable"
    if var segment = image.segments.first(where: { $0.type == PT.GNU_STACK }) {
      guard segment.flags & PF.X != flags & PF.X else {
        return try nothingToDo("the stack is \(state) already")
      }
      segment.flags = segment.flags & ~PF.X | flags
      try writeSegment(segment)
    } else {
      guard let spare = image.segments.first(where: { $0.type == PT.NULL }) else {
        throw noRoom("the file has no PT_GNU_STACK, and no spare program header for one")
      }
      var segment = Segment()
      segment.index = spare.index
      segment.type = PT.GNU_STACK
      segment.flags = flags
      segment.alignment = 16
      plan.stack = true
      try writeSegment(segment)
    }
    try refresh()
    note("the stack is \(state)")
  }

  // MARK: flags

  /// `flags add NAME…`, `flags remove NAME…`
  func editFlags(_ flags: [DynamicFlag], add: Bool) throws(EditFailure) {
    guard image.dynamicRange != nil else {
      throw EditFailure(.unsupported, "the file has no dynamic section")
    }
    let present = Set(image.dynamicFlags)
    let wanted = flags.filter { present.contains($0) != add }
    guard !wanted.isEmpty else {
      let names = flags.map(\.rawValue).joined(separator: "', '")
      return try nothingToDo("the flags '\(names)' are \(add ? "set" : "clear") already")
    }
    var entries = image.dynamicEntries.map { (tag: $0.tag, value: $0.value) }
    func bits(_ tag: Int64, _ change: (inout UInt64) -> Void, creates: Bool) {
      if let index = entries.firstIndex(where: { $0.tag == tag }) {
        change(&entries[index].value)
        if entries[index].value == 0 { entries.remove(at: index) }
      } else if creates {
        entries.append((tag, 0))
        change(&entries[entries.count - 1].value)
      }
    }
    for flag in wanted {
      let (old, new) = flag.bits
      if add {
        // Either tag is enough where both have the flag, so one that exists saves an entry.
        let hasTag = entries.contains {
          $0.tag == DT.FLAGS && old != 0 || $0.tag == DT.FLAGS_1 && new != 0
        }
        if old != 0 { bits(DT.FLAGS, { $0 |= old }, creates: !hasTag) }
        if new != 0 { bits(DT.FLAGS_1, { $0 |= new }, creates: !hasTag && old == 0) }
      } else {
        if flag == .now { try requireLazyBinding() }
        bits(DT.FLAGS, { $0 &= ~old }, creates: false)
        bits(DT.FLAGS_1, { $0 &= ~new }, creates: false)
        if flag == .now { entries.removeAll { $0.tag == DT.BIND_NOW } }
        if flag == .symbolic { entries.removeAll { $0.tag == DT.SYMBOLIC } }
      }
    }
    plan.tags.formUnion([DT.FLAGS, DT.FLAGS_1, DT.BIND_NOW, DT.SYMBOLIC])
    try writeDynamic(entries)
    note("flags \(add ? "set" : "cleared"): " + wanted.map(\.rawValue).joined(separator: " "))
  }

  /// A linker that binds at once puts the table of functions where it becomes read-only.
  private func requireLazyBinding() throws(EditFailure) {
    guard let relro = image.segments.first(where: { $0.type == PT.GNU_RELRO }) else { return }
    for table in image.dynamicRelocations() where table.tag == DT.JMPREL {
      for record in table.records where relro.memoryRange.contains(record.offset) {
        throw EditFailure(
          .relro,
          "functions are bound in RELRO, va \(hex(record.offset)), which is read-only later",
          hint: "link with -z lazy")
      }
    }
  }

  // MARK: header

  /// `header osabi= abi-version= e-flags=`
  func editHeader(_ fields: HeaderFields) throws(EditFailure) {
    var writes: [(offset: Int, bytes: [UInt8], text: String)] = []
    if let system = fields.system { writes.append((7, [system], "osabi \(system)")) }
    if let version = fields.systemVersion {
      writes.append((8, [version], "abi-version \(version)"))
    }
    if let flags = fields.flags {
      writes.append(
        (
          image.format.flagsField, image.format.encode(UInt64(flags), size: 4),
          "e-flags \(hex(UInt64(flags)))"
        ))
    }
    let changes = writes.filter { !holds($0.bytes, at: $0.offset) }
    guard !changes.isEmpty else { return try nothingToDo("the header is so already") }
    for write in changes { try writeHeader(write.bytes, at: write.offset) }
    try refresh()
    note(changes.map(\.text).joined(separator: ", "))
  }
}

extension DynamicFlag {
  /// The bits in DT_FLAGS and in DT_FLAGS_1.
  var bits: (flags: UInt64, flags1: UInt64) {
    switch self {
    case .origin: (DF.ORIGIN, DF_1.ORIGIN)
    case .symbolic: (DF.SYMBOLIC, 0)
    case .now: (DF.BIND_NOW, DF_1.NOW)
    case .global: (0, DF_1.GLOBAL)
    case .group: (0, 0x4)
    case .nodelete: (0, DF_1.NODELETE)
    case .loadfltr: (0, DF_1.LOADFLTR)
    case .initfirst: (0, DF_1.INITFIRST)
    case .nodlopen: (0, DF_1.NOOPEN)
    case .direct: (0, 0x100)
    case .interpose: (0, DF_1.INTERPOSE)
    case .nodeflib: (0, DF_1.NODEFLIB)
    case .nodump: (0, DF_1.NODUMP)
    }
  }
}

extension Image {
  /// The flags that DT_FLAGS, DT_FLAGS_1 and the tags before them set.
  var dynamicFlags: [DynamicFlag] {
    let old = dynamicValue(DT.FLAGS) ?? 0
    let new = dynamicValue(DT.FLAGS_1) ?? 0
    return DynamicFlag.allCases.filter { flag in
      let (a, b) = flag.bits
      return old & a != 0 || new & b != 0
        || flag == .now && dynamicValue(DT.BIND_NOW) != nil
        || flag == .symbolic && dynamicValue(DT.SYMBOLIC) != nil
    }
  }
}

/// Names of EI_OSABI.
enum OperatingSystem {
  static let names: [(name: String, number: UInt8)] = [
    ("sysv", 0), ("hpux", 1), ("netbsd", 2), ("linux", 3), ("solaris", 6), ("aix", 7), ("irix", 8),
    ("freebsd", 9), ("tru64", 10), ("openbsd", 12), ("arm-aeabi", 64), ("arm", 97),
    ("standalone", 255),
  ]

  /// The number of a name, or the number that it is.
  static func number(_ text: String) -> UInt8? {
    names.first { $0.name == text }?.number ?? UInt8(text)
  }

  static func name(_ number: UInt8) -> String {
    names.first { $0.number == number }?.name ?? "\(number)"
  }
}
