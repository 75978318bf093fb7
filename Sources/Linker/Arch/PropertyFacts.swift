// Program properties of a machine: which numbers mean what (Linux Extensions to gABI, "Program
// Property"; the machines' own ABIs).

/// How the properties of a machine combine, by the ranges of their types.
struct PropertyFacts: Sendable {
  /// A promise: what all objects state.
  var and: ClosedRange<UInt32>?
  /// A need: what any object states.
  var or: ClosedRange<UInt32>?
  /// The same, if all objects state it.
  var orIfAll: ClosedRange<UInt32>?
  /// The type whose bits are promises about control flow (`*_FEATURE_1_AND`); 0: there is none.
  var feature: UInt32 = 0
  /// The bit of it with which the PLT that code calls is `.plt.sec`; 0: never.
  var secondaryPLT: UInt32 = 0

  /// GNU_PROPERTY_X86_*
  static let x86 = PropertyFacts(
    and: 0xc000_0002...0xc000_7fff, or: 0xc000_8000...0xc000_ffff,
    orIfAll: 0xc001_0000...0xc001_7fff, feature: 0xc000_0002, secondaryPLT: 1)

  /// GNU_PROPERTY_AARCH64_FEATURE_1_AND is the only one.
  static let aarch64 = PropertyFacts(and: 0xc000_0000...0xc000_0000, feature: 0xc000_0000)
}

/// A promise whose lack in an input is to be reported.
struct FeatureReport: Sendable {
  let bit: UInt32
  let name: String
  let level: FeatureReportLevel
  /// The option that wants it.
  let option: String
}
