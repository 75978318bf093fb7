// What RISC-V objects say of themselves: `e_flags` and `.riscv.attributes` (RISC-V ELF psABI, "File
// Header" and "Attributes").
//
// The calling convention must be the same in all; instructions that a file uses add up, for the
// processor must have them all.

internal import ELF

extension RISCV {
  /// `e_flags`
  private enum FileFlags {
    static var floatABI: UInt32 { 6 }
    /// 16 registers.
    static var embedded: UInt32 { 8 }
    /// Total store ordering.
    static var tso: UInt32 { 16 }
  }

  /// Tags of attributes.
  private enum Tag {
    static var stackAlign: UInt64 { 4 }
    static var arch: UInt64 { 5 }
    static var unalignedAccess: UInt64 { 6 }
    static var privSpec: UInt64 { 8 }
    static var privSpecMinor: UInt64 { 10 }
    static var privSpecRevision: UInt64 { 12 }
    static var atomicABI: UInt64 { 14 }
    static var x3Usage: UInt64 { 16 }
  }

  static func mergeABI(_ objects: [ObjectABI], _ inputs: Inputs) -> OutputABI {
    var output = OutputABI()
    output.flags = mergeFlags(objects, inputs)
    output.attributes = mergeAttributes(objects, inputs)
    return output
  }

  // MARK: Flags

  private static func mergeFlags(_ objects: [ObjectABI], _ inputs: Inputs) -> UInt32 {
    // Files without code say nothing, unless there are no others.
    let withCode = objects.filter { hasCode(inputs.files[$0.file.index]) }
    guard let first = withCode.first ?? objects.first else { return 0 }
    var flags = first.flags
    for object in withCode.dropFirst() {
      if (object.flags ^ first.flags) & FileFlags.floatABI != 0 {
        inputs.reportIncompatible(
          first.file, object.file,
          "the first has the calling convention for \(floatName(object.flags)), the second that for "
            + floatName(first.flags))
      }
      if (object.flags ^ first.flags) & FileFlags.embedded != 0 {
        let isEmbedded = object.flags & FileFlags.embedded != 0
        inputs.reportIncompatible(
          first.file, object.file,
          "the first is for \(isEmbedded ? 16 : 32) registers (RV\(isEmbedded ? "E" : "I")), the second "
            + "for \(isEmbedded ? 32 : 16)")
      }
      flags |= object.flags & (compressedFlag | FileFlags.tso)
    }
    return flags
  }

  private static func hasCode(_ file: InputFile) -> Bool {
    (0..<file.sectionCount).contains {
      file.sectionHeaders[$0].flags & SHF.EXECINSTR != 0 && file.sectionHeaders[$0].size > 0
    }
  }

  private static func floatName(_ flags: UInt32) -> String {
    switch flags & FileFlags.floatABI {
    case 0: "soft float"
    case 2: "single floats"
    case 4: "double floats"
    default: "quad floats"
    }
  }

  // MARK: Attributes

  private static func mergeAttributes(
    _ objects: [ObjectABI], _ inputs: Inputs
  ) -> BuildAttributes? {
    let stated = objects.compactMap { object in
      object.attributes.map { (file: object.file, values: $0) }
    }
    guard let first = stated.first else { return nil }
    var merged = first.values
    var instructions = RISCVInstructionSet(merged.text(Tag.arch))
    var sources: [UInt64: FileID] = [:]
    for (tag, _) in merged.entries { sources[tag] = first.file }
    for (file, values) in stated.dropFirst() {
      for (tag, value) in values.entries {
        let old = merged.value(tag)
        guard !old.isDefault else {
          if tag == Tag.arch { instructions = RISCVInstructionSet(value.text) }
          merged.set(value, tag, attributeForm(tag))
          sources[tag] = file
          continue
        }
        guard old != value else { continue }
        let source = sources[tag] ?? first.file
        switch tag {
        case Tag.arch:
          guard let other = RISCVInstructionSet(value.text) else { continue }
          if let reason = instructions?.merge(other) {
            inputs.reportIncompatible(source, file, reason)
          }
          if let instructions { merged.set(instructions.text, tag) }
        case Tag.stackAlign:
          inputs.reportIncompatible(
            source, file,
            "the first aligns the stack to \(value.number) bytes, the second to \(old.number)")
        case Tag.unalignedAccess: merged.set(old.number | value.number, tag)
        case Tag.privSpec, Tag.privSpecMinor, Tag.privSpecRevision:
          merged.set(max(old.number, value.number), tag)
        case Tag.atomicABI:
          if let both = atomicABI(old.number, value.number) {
            merged.set(both, tag)
          } else {
            inputs.reportIncompatible(
              source, file,
              "their atomic operations exclude each other (atomic ABI \(value.number) and "
                + "\(old.number))")
          }
        case Tag.x3Usage:
          inputs.reportIncompatible(
            source, file,
            "they use register x3 for different things (\(value.number) and \(old.number))")
        default: break  // the first one's
        }
      }
    }
    return merged
  }

  /// psABI, "Tag_RISCV_atomic_abi": 1 is A6C, 2 A6S, 3 A7.
  private static func atomicABI(_ first: UInt64, _ second: UInt64) -> UInt64? {
    switch (min(first, second), max(first, second)) {
    case (1, 2): 1
    case (2, 3): 3
    default: nil
    }
  }
}
