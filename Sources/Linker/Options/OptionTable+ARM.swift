// Rows: options that mean something for 32-bit ARM only.

extension OptionTable {
  @OptionRows static var arm: [OptionRow] {
    flag("target1-abs", help: "R_ARM_TARGET1 is an address (default)") {
      $0.target1IsDistance = false
    }
    flag("target1-rel", help: "R_ARM_TARGET1 is a distance") { $0.target1IsDistance = true }
    choice(
      "target2", help: "What R_ARM_TARGET2 is (default: got-rel on Linux, else rel)",
      among: [("abs", .absolute), ("rel", .distance), ("got-rel", .gotDistance)]
    ) { $0.target2 = $1 as Target2Meaning }
    flag("fix-v4bx", help: "Replace bx by mov, for ARMv4") { $0.replacesBX = true }
    flag("fix-v4bx-interworking", help: "The same with veneers for ARMv4T", .notBuilt)
    flag("no-wchar-size-warning", help: "Do not compare the sizes of wchar_t") {
      $0.warnWcharSize = false
    }
    flag("no-enum-size-warning", help: "Do not compare the sizes of enumerations") {
      $0.warnEnumSize = false
    }
    flag("be8", help: "Big-endian data and little-endian code (not built)") { $0.wantsBE8 = true }
    flag("cmse-implib", help: "Make an import library of secure entries", .notBuilt)
    value("in-implib", for: "FILE", help: "The import library of the last version", .notBuilt)
    value("out-implib", for: "FILE", help: "Write an import library", .notBuilt)
    toggle(
      "merge-exidx-entries", help: "Leave out entries of .ARM.exidx that repeat (default)",
      negatedHelp: "Keep all entries of .ARM.exidx"
    ) { $0.mergesUnwindIndex = $1 }
    ignored("pic-veneer", help: "Ignored; veneers are always position-independent")
    ignored("use-blx", help: "Ignored; attributes tell whether the processor has it")
    ignored("long-plt", help: "Ignored; entries always reach everything")
    custom(
      "vfp11-denorm-fix", for: "none|scalar|vector", form: .required,
      help: "Warns, but for none; the erratum of the VFP11 is not avoided"
    ) { parser, use in
      if !["none", "scalar", "vector"].contains(use.text) {
        parser.error(.badOptionValue(use.description, "none, scalar, vector"))
      } else if use.text != "none" {
        parser.warning(.unmet(use.description, "the erratum of the VFP11 is not avoided"))
      }
    }
    toggle(
      "fix-cortex-a8", help: "No branch from a page into itself whose second half is in the next",
      negatedHelp: "As the code is (default)"
    ) { $0.fixCortexA8 = $1 }
    toggle(
      "fix-arm1176", help: "No BLX on ARMv6 and older (not ARMv6T2)",
      negatedHelp: "BLX where the processor has it (default)"
    ) { $0.fixARM1176 = $1 }
    ignored("p", "no-pipeline-knowledge")
  }
}
