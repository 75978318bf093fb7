// What both x86 machines promise about control flow, and the instructions that they need (AMD64 psABI,
// "Program Property").

internal import ELF

enum X86Features {
  /// GNU_PROPERTY_X86_FEATURE_1_IBT
  static var ibt: UInt32 { 1 }
  /// GNU_PROPERTY_X86_FEATURE_1_SHSTK
  static var shadowStack: UInt32 { 2 }
  /// GNU_PROPERTY_X86_ISA_1_NEEDED
  private static var isaNeeded: UInt32 { 0xc000_8002 }

  static func adjust(_ properties: inout [UInt32: UInt32], _ options: Options) {
    let type = PropertyFacts.x86.feature
    if options.ibt { properties[type, default: 0] |= ibt }
    if options.shadowStack { properties[type, default: 0] |= shadowStack }
    if let level = options.isaLevel {
      properties[isaNeeded, default: 0] |= (UInt32(1) << UInt32(level.rawValue)) - 1
    }
  }

  /// -z cet-report.
  static func reports(_ options: Options) -> [FeatureReport] {
    [(ibt, "IBT"), (shadowStack, "SHSTK")].map {
      FeatureReport(bit: $0.0, name: $0.1, level: options.cetReport, option: "-z cet-report")
    }
  }
}

extension X86_64 {
  static func adjust(_ properties: inout [UInt32: UInt32], _ options: Options) {
    X86Features.adjust(&properties, options)
  }

  static func featureReports(_ options: Options) -> [FeatureReport] { X86Features.reports(options) }
}

extension I386 {
  static func adjust(_ properties: inout [UInt32: UInt32], _ options: Options) {
    X86Features.adjust(&properties, options)
  }

  static func featureReports(_ options: Options) -> [FeatureReport] { X86Features.reports(options) }
}
