// How build attributes combine (Addenda to, and Errata in, the ABI for the Arm Architecture, "Build
// Attributes").
//
// Three kinds: what code asks of the processor, of which the output asks the most; what it promises,
// of which the output keeps what all promise; and agreements between callers and callees, which must
// be the same everywhere. What GNU ld warns about, we warn about.

internal import ELF

extension ARM {
  enum AttributeTag {
    static var cpuRawName: UInt64 { 4 }
    static var cpuName: UInt64 { 5 }
    static var cpuArch: UInt64 { 6 }
    static var cpuArchProfile: UInt64 { 7 }
    static var armISAUse: UInt64 { 8 }
    static var thumbISAUse: UInt64 { 9 }
    static var fpArch: UInt64 { 10 }
    static var wmmxArch: UInt64 { 11 }
    static var advancedSIMDArch: UInt64 { 12 }
    static var pcsConfig: UInt64 { 13 }
    static var r9Use: UInt64 { 14 }
    static var rwData: UInt64 { 15 }
    static var roData: UInt64 { 16 }
    static var gotUse: UInt64 { 17 }
    static var wcharT: UInt64 { 18 }
    static var fpRounding: UInt64 { 19 }
    static var fpDenormal: UInt64 { 20 }
    static var fpExceptions: UInt64 { 21 }
    static var fpUserExceptions: UInt64 { 22 }
    static var fpNumberModel: UInt64 { 23 }
    static var alignNeeded: UInt64 { 24 }
    static var alignPreserved: UInt64 { 25 }
    static var enumSize: UInt64 { 26 }
    static var hardFPUse: UInt64 { 27 }
    static var vfpArgs: UInt64 { 28 }
    static var wmmxArgs: UInt64 { 29 }
    static var optimizationGoals: UInt64 { 30 }
    static var fpOptimizationGoals: UInt64 { 31 }
    static var compatibility: UInt64 { 32 }
    static var unalignedAccess: UInt64 { 34 }
    static var fpHPExtension: UInt64 { 36 }
    static var fp16BitFormat: UInt64 { 38 }
    static var mpExtensionUse: UInt64 { 42 }
    static var divUse: UInt64 { 44 }
    static var dspExtension: UInt64 { 46 }
    static var mveArch: UInt64 { 48 }
    static var pacExtension: UInt64 { 50 }
    static var btiExtension: UInt64 { 52 }
    static var noDefaults: UInt64 { 64 }
    static var alsoCompatibleWith: UInt64 { 65 }
    static var t2EEUse: UInt64 { 66 }
    static var conformance: UInt64 { 67 }
    static var virtualizationUse: UInt64 { 68 }
    /// Of old tools.
    static var oldMPExtensionUse: UInt64 { 70 }
    static var framePointerUse: UInt64 { 72 }
    static var btiUse: UInt64 { 74 }
    static var pacRetUse: UInt64 { 76 }
  }

  static func attributeForm(_ tag: UInt64) -> AttributeForm {
    switch tag {
    case AttributeTag.cpuRawName, AttributeTag.cpuName: .text
    case AttributeTag.compatibility: .numberAndText
    case ..<AttributeTag.compatibility: .number
    default: tag & 1 == 0 ? .number : .text
    }
  }

  /// Combines attributes one file after the other.
  struct AttributeMerger {
    typealias Tag = AttributeTag
    private(set) var merged = BuildAttributes()
    private let inputs: Inputs
    private var isFirst = true
    private var first = FileID(0)
    /// The first file that stated what others must agree with, by tag.
    private var speakers: [UInt64: FileID] = [:]
    /// Whether some file has floating point, and so an opinion about its arguments.
    private var hasFloatOpinion = false

    init(_ inputs: Inputs) { self.inputs = inputs }

    mutating func add(_ attributes: BuildAttributes, of file: FileID) {
      if isFirst {
        isFirst = false
        merged = attributes
        hasFloatOpinion = attributes.number(Tag.fpNumberModel) != 0
        merged.set(0, Tag.noDefaults)
        merged.set([], Tag.alsoCompatibleWith)
        first = file
        normalize(&merged)
        return
      }
      var attributes = attributes
      normalize(&attributes)
      addProcessor(attributes, file)
      addNeeds(attributes)
      addPromises(attributes)
      addAgreements(attributes, file)
    }

    /// One tag for one thing.
    private func normalize(_ attributes: inout BuildAttributes) {
      let old = attributes.number(Tag.oldMPExtensionUse)
      guard old != 0 else { return }
      attributes.set(max(attributes.number(Tag.mpExtensionUse), old), Tag.mpExtensionUse)
      attributes.set(0, Tag.oldMPExtensionUse)
    }

    private func conflict(_ tag: UInt64, _ file: FileID, _ reason: String) {
      inputs.reportIncompatible(speakers[tag] ?? first, file, reason)
    }

    // MARK: The processor

    private mutating func addProcessor(_ new: BuildAttributes, _ file: FileID) {
      let (old, other) = (merged.number(Tag.cpuArch), new.number(Tag.cpuArch))
      guard let arch = Architecture.combined(old, other) else {
        return conflict(
          Tag.cpuArch, file,
          "no processor has the instructions of both (Tag_CPU_arch \(other) and \(old))")
      }
      if arch != old {
        let takesName = arch == other
        merged.set(takesName ? new.text(Tag.cpuName) : [], Tag.cpuName)
        merged.set(takesName ? new.text(Tag.cpuRawName) : [], Tag.cpuRawName)
      }
      merged.set(arch, Tag.cpuArch)
      let (profile, otherProfile) =
        (merged.number(Tag.cpuArchProfile), new.number(Tag.cpuArchProfile))
      guard otherProfile != 0, profile != otherProfile else { return }
      // 'S' is A or R.
      if profile == 0 || profile == 0x53 && otherProfile != 0x4d {
        merged.set(otherProfile, Tag.cpuArchProfile)
        speakers[Tag.cpuArchProfile] = file
      } else if otherProfile != 0x53 || profile == 0x4d {
        func name(_ profile: UInt64) -> String {
          profile < 0x7f ? String(UnicodeScalar(UInt8(profile))) : "\(profile)"
        }
        conflict(
          Tag.cpuArchProfile, file,
          "one is for processors of profile \(name(otherProfile)), the other for profile "
            + name(profile))
      }
    }

    /// Of each the most.
    private mutating func addNeeds(_ new: BuildAttributes) {
      for tag in [
        Tag.armISAUse, Tag.thumbISAUse, Tag.wmmxArch, Tag.advancedSIMDArch, Tag.fpRounding,
        Tag.fpExceptions, Tag.fpUserExceptions, Tag.fpNumberModel, Tag.hardFPUse,
        Tag.unalignedAccess, Tag.fpHPExtension, Tag.mpExtensionUse, Tag.dspExtension,
        Tag.mveArch, Tag.pacExtension, Tag.btiExtension, Tag.t2EEUse, Tag.framePointerUse,
        Tag.divUse, Tag.btiUse, Tag.pacRetUse,
      ] {
        merged.set(max(merged.number(tag), new.number(tag)), tag)
      }
      merged.set(
        merged.number(Tag.virtualizationUse) | new.number(Tag.virtualizationUse),
        Tag.virtualizationUse)
      // In the order 0, 2, 1: nothing, something weaker, all of it.
      for tag in [Tag.fpDenormal, Tag.gotUse, Tag.alignNeeded] {
        func rank(_ value: UInt64) -> UInt64 { value == 1 ? 2 : value == 2 ? 1 : value }
        let (old, other) = (merged.number(tag), new.number(tag))
        merged.set(rank(old) >= rank(other) ? old : other, tag)
      }
      merged.set(
        FloatingPoint.combined(merged.number(Tag.fpArch), new.number(Tag.fpArch)), Tag.fpArch)
    }

    /// Of each what all keep.
    private mutating func addPromises(_ new: BuildAttributes) {
      for tag in [Tag.rwData, Tag.roData, Tag.alignPreserved] {
        merged.set(min(merged.number(tag), new.number(tag)), tag)
      }
      for tag in [Tag.conformance, Tag.alsoCompatibleWith] where merged.text(tag) != new.text(tag) {
        merged.set([], tag)
      }
      if merged.value(Tag.compatibility) != new.value(Tag.compatibility) {
        merged.set(BuildAttributes.Value(), Tag.compatibility, .numberAndText)
      }
    }

    // MARK: Agreements

    private mutating func addAgreements(_ new: BuildAttributes, _ file: FileID) {
      agree(
        Tag.r9Use, new, file, indifferent: 3,
        "they use register r9 in different ways (Tag_ABI_PCS_R9_use)")
      addFloatArguments(new, file)
      agree(
        Tag.wmmxArgs, new, file, indifferent: .max,
        "one passes arguments in iWMMXt registers, the other does not")
      agree(
        Tag.fp16BitFormat, new, file, indifferent: 0,
        "they have different formats of 16-bit floating-point numbers")
      if new.number(Tag.rwData) == 2, ![1, 3].contains(merged.number(Tag.r9Use)) {
        conflict(
          Tag.r9Use, file,
          "data relative to the static base needs register r9, which is used "
            + "otherwise")
      }
      addConfiguration(new, file)
      addSizes(new, file)
    }

    private mutating func addConfiguration(_ new: BuildAttributes, _ file: FileID) {
      let (old, other) = (merged.number(Tag.pcsConfig), new.number(Tag.pcsConfig))
      if old == 0 {
        merged.set(other, Tag.pcsConfig)
        if other != 0 { speakers[Tag.pcsConfig] = file }
      } else if other != 0, old != other {
        inputs.warnDoubtful(
          speakers[Tag.pcsConfig] ?? first, file,
          "they are for different platforms (Tag_PCS_config)")
      }
    }

    private mutating func agree(
      _ tag: UInt64, _ new: BuildAttributes, _ file: FileID, indifferent: UInt64,
      _ reason: String
    ) {
      let (old, other) = (merged.number(tag), new.number(tag))
      guard old != other, other != indifferent else { return }
      if old == indifferent {
        merged.set(other, tag)
        speakers[tag] = file
      } else {
        conflict(tag, file, reason)
      }
    }

    /// Where floating-point arguments are; a file without floating point has no opinion.
    private mutating func addFloatArguments(_ new: BuildAttributes, _ file: FileID) {
      guard new.number(Tag.fpNumberModel) != 0 else { return }
      guard hasFloatOpinion else {
        merged.set(new.number(Tag.vfpArgs), Tag.vfpArgs)
        speakers[Tag.vfpArgs] = file
        hasFloatOpinion = true
        return
      }
      let inRegisters = "passes floating-point arguments in VFP registers (-mfloat-abi=hard)"
      agree(
        Tag.vfpArgs, new, file, indifferent: 3,
        new.number(Tag.vfpArgs) == 1
          ? "the first \(inRegisters), the second does not"
          : "the second \(inRegisters), the first does not")
    }

    /// `wchar_t` and enumerations, which libraries often get along with.
    private mutating func addSizes(_ new: BuildAttributes, _ file: FileID) {
      let (old, other) = (merged.number(Tag.wcharT), new.number(Tag.wcharT))
      if old == 0 {
        merged.set(other, Tag.wcharT)
        if other != 0 { speakers[Tag.wcharT] = file }
      } else if other != 0, old != other, inputs.options.warnWcharSize {
        inputs.warnDoubtful(
          speakers[Tag.wcharT] ?? first, file,
          "wchar_t has \(other) bytes in the first and \(old) in the second; values of it cannot "
            + "pass between them (--no-wchar-size-warning silences this)")
      }
      let (enums, otherEnums) = (merged.number(Tag.enumSize), new.number(Tag.enumSize))
      // 0: there are none; 3: every one has 4 bytes, whatever the rule.
      if enums == 0 || enums == 3 {
        if otherEnums != 0 {
          merged.set(otherEnums, Tag.enumSize)
          speakers[Tag.enumSize] = file
        }
      } else if otherEnums != 0, otherEnums != 3, enums != otherEnums,
        inputs.options.warnEnumSize
      {
        func name(_ value: UInt64) -> String { value == 1 ? "variable sizes" : "32 bits" }
        inputs.warnDoubtful(
          speakers[Tag.enumSize] ?? first, file,
          "enumerations have \(name(otherEnums)) in the first and \(name(enums)) in the second; "
            + "values of them cannot pass between them (--no-enum-size-warning silences this)")
      }
    }
  }
}
