// What the output says of itself: `e_flags`, build attributes, the dynamic linker; and what the
// processors can do that all objects are for.

internal import ELF

extension ARM {
  /// EF_ARM_EABI_VER5
  private static var version5: UInt32 { 0x0500_0000 }
  /// EF_ARM_BE8
  private static var be8: UInt32 { 0x0080_0000 }
  /// EF_ARM_ABI_FLOAT_HARD, EF_ARM_ABI_FLOAT_SOFT
  private static var hardFloat: UInt32 { 0x400 }
  private static var softFloat: UInt32 { 0x200 }

  static func mergeABI(_ objects: [ObjectABI], _ inputs: Inputs) -> OutputABI {
    var merger = AttributeMerger(inputs)
    var hasAttributes = false
    for object in objects {
      check(object, inputs)
      guard let attributes = object.attributes else { continue }
      hasAttributes = true
      merger.add(attributes, of: object.file)
    }
    if inputs.options.wantsBE8 { inputs.log.error(.notBuilt("--be8 (big-endian output)")) }
    let merged = merger.merged
    let isHard = merged.number(AttributeTag.vfpArgs) == 1
    var abi = OutputABI()
    abi.flags = version5
    if inputs.options.outputKind != .relocatable && hasAttributes {
      abi.flags |= isHard ? hardFloat : softFloat
    }
    abi.attributes = merged
    abi.interpreter = isHard ? hardFloatInterpreter : softFloatInterpreter
    var features = features(merged, isKnown: hasAttributes)
    if inputs.options.fixARM1176 && !hasSoundBLX(merged) { features.remove(.blx) }
    abi.features = features.rawValue
    return abi
  }

  /// Version and byte order; files without code may say nothing, as those that objcopy makes of data.
  private static func check(_ object: ObjectABI, _ inputs: Inputs) {
    if object.flags & be8 != 0 {
      inputs.reportUnsupportedABI(
        object.file, "is BE8 code in a little-endian file; swold does not build big-endian output")
    }
    let version = object.flags >> 24
    guard version != 5, version != 0 || hasCode(inputs.files[object.file.index]) else { return }
    inputs.reportUnsupportedABI(
      object.file,
      version == 0
        ? "is of no version of the EABI, and swold links version 5; recompile it for *eabi"
        : "is of version \(version) of the EABI, and swold links version 5; recompile it")
  }

  private static func hasCode(_ file: InputFile) -> Bool {
    (0..<file.sectionCount).contains {
      let header = file.sectionHeaders[$0]
      return header.flags & SHF.EXECINSTR != 0 && header.size > 0
    }
  }

  private static func features(_ merged: BuildAttributes, isKnown: Bool) -> ARMFeatures {
    // Objects that say nothing are taken to be of today's kind.
    guard isKnown else { return [.blx, .longBL, .thumb2, .thumbMOVW] }
    let arch = merged.number(AttributeTag.cpuArch)
    let isM =
      merged.number(AttributeTag.cpuArchProfile) == 0x4d || Architecture.isMicrocontroller(arch)
    var features: ARMFeatures = []
    if isM { features.insert(.thumbOnly) }
    if arch >= Architecture.v5T && !isM { features.insert(.blx) }
    if Architecture.hasThumb2(arch) { features.formUnion([.thumb2, .thumbMOVW]) }
    if arch == Architecture.v8MBase { features.insert(.thumbMOVW) }
    if isM || Architecture.hasThumb2(arch) { features.insert(.longBL) }
    return features
  }

  /// Whether the processor is none of those that may go wrong at BLX.
  private static func hasSoundBLX(_ merged: BuildAttributes) -> Bool {
    let arch = merged.number(AttributeTag.cpuArch)
    return arch == Architecture.v6T2 || arch > Architecture.v6K
  }

  /// Values of Tag_CPU_arch.
  enum Architecture {
    static var v4: UInt64 { 1 }
    static var v5T: UInt64 { 3 }
    static var v6KZ: UInt64 { 7 }
    static var v6T2: UInt64 { 8 }
    static var v6K: UInt64 { 9 }
    static var v7: UInt64 { 10 }
    static var v6M: UInt64 { 11 }
    static var v6SM: UInt64 { 12 }
    static var v7EM: UInt64 { 13 }
    static var v8A: UInt64 { 14 }
    static var v8R: UInt64 { 15 }
    static var v8MBase: UInt64 { 16 }
    static var v8MMain: UInt64 { 17 }
    static var v8_1MMain: UInt64 { 21 }

    static func isMicrocontroller(_ arch: UInt64) -> Bool {
      [v6M, v6SM, v7EM, v8MBase, v8MMain, v8_1MMain].contains(arch)
    }

    static func hasThumb2(_ arch: UInt64) -> Bool {
      arch == v6T2 || arch == v7 || arch >= v7EM && arch != v8MBase
    }

    /// The least architecture that has what both have; nil: none has.
    static func combined(_ first: UInt64, _ second: UInt64) -> UInt64? {
      let (low, high) = (min(first, second), max(first, second))
      switch (low, high) {
      // Neither Thumb-2 nor the extensions of 6K contain the other.
      case (v6KZ, v6T2), (v6T2, v6K), (v6T2, v6M), (v6T2, v6SM): return v7
      case (v6KZ, v6K): return v6KZ
      // What is for 6-M runs where ARMv6K runs, and on every v7.
      case (...6, v6M), (...6, v6SM), (v6K, v6M), (v6K, v6SM): return v6K
      case (v6KZ, v6M), (v6KZ, v6SM): return v6KZ
      case (v7, v6M), (v7, v6SM): return v7
      // What is for v8-M runs with what is for older processors of its profile alone.
      case (v4, v6M), (v4, v6SM), (v4, v7EM): return nil
      case (v4...v7, v8MBase), (v7EM...v8R, v8MBase): return nil
      case (v4...v6K, v8MMain), (v4...v6K, v8_1MMain): return nil
      case (v8A...v8R, v8MMain), (v8A...v8R, v8_1MMain): return nil
      case (v8MBase...v8MMain, 18...20), (18...20, v8_1MMain): return nil
      case (v8A, v8R): return v8A
      default: return high
      }
    }
  }

  /// Values of Tag_FP_arch: a version of VFP, with 16 or 32 registers.
  enum FloatingPoint {
    private static let meanings: [(version: UInt64, registers: UInt64)] = [
      (0, 0), (1, 16), (2, 16), (3, 32), (3, 16), (4, 32), (4, 16), (8, 32), (8, 16),
    ]

    static func combined(_ first: UInt64, _ second: UInt64) -> UInt64 {
      guard first < UInt64(meanings.count), second < UInt64(meanings.count) else {
        return max(first, second)
      }
      let (left, right) = (meanings[Int(first)], meanings[Int(second)])
      let version = max(left.version, right.version)
      let registers = max(left.registers, right.registers)
      let found = meanings.firstIndex { $0.version == version && $0.registers == registers }
      return UInt64(found ?? Int(max(first, second)))
    }
  }
}
