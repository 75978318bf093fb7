// What the inputs promise about branches and pointers: BTI, PAC, and functions that do not keep to
// the usual calling convention (SysV ABI supplement for AArch64, "Program Property", "Dynamic
// Section"; AAELF64, "st_other").

internal import ELF

extension AArch64 {
  enum Feature {
    /// GNU_PROPERTY_AARCH64_FEATURE_1_BTI
    static var bti: UInt32 { 1 }
    /// GNU_PROPERTY_AARCH64_FEATURE_1_PAC
    static var pac: UInt32 { 2 }
    /// GNU_PROPERTY_AARCH64_FEATURE_1_GCS
    static var gcs: UInt32 { 4 }
  }

  /// Whether branch targets are marked in the whole program.
  static func hasBTI(_ selection: Selection) -> Bool {
    selection.properties.features & Feature.bti != 0
  }

  static func adjust(_ properties: inout [UInt32: UInt32], _ options: Options) {
    var features = properties[facts.properties.feature] ?? 0
    if options.forceBTI { features |= Feature.bti }
    switch options.guardedControlStack {
    case .implicit: break
    case .always: features |= Feature.gcs
    case .never: features &= ~Feature.gcs
    }
    properties[facts.properties.feature] = features
  }

  static func featureReports(_ options: Options) -> [FeatureReport] {
    let bti: FeatureReportLevel =
      options.btiReport != .none ? options.btiReport : options.forceBTI ? .warning : .none
    return [
      FeatureReport(
        bit: Feature.bti, name: "BTI", level: bti,
        option: options.btiReport != .none ? "-z bti-report" : "-z force-bti"),
      FeatureReport(
        bit: Feature.pac, name: "PAC", level: options.pauthReport, option: "-z pauth-report"),
      FeatureReport(
        bit: Feature.gcs, name: "GCS", level: options.gcsReport, option: "-z gcs-report"),
    ]
  }

  /// STO_AARCH64_VARIANT_PCS: the function may use registers that the dynamic linker does not save,
  /// so it must not be bound lazily.
  private static var variantPCS: UInt8 { 0x80 }

  static func dynamicEntries(_ selection: Selection) -> [(tag: Int64, value: UInt64)] {
    var entries: [(tag: Int64, value: UInt64)] = []
    guard !selection.gotPlan.pltSymbols.isEmpty || selection.gotPlan.pltGOTCount > 0 else {
      return entries
    }
    if hasBTI(selection) { entries.append((DT.AARCH64_BTI_PLT, 0)) }
    if selection.options.pacPLT { entries.append((DT.AARCH64_PAC_PLT, 0)) }
    let hasVariant = selection.gotPlan.pltSymbols.contains { symbol in
      selection.inputs.entry(of: symbol).symbol.other & variantPCS != 0
    }
    if hasVariant { entries.append((DT.AARCH64_VARIANT_PCS, 0)) }
    return entries
  }
}
