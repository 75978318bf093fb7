// Rows: options of other linkers that need no answer here.
//
// They concern other machines, old systems, or means that swold does not use. All linkers accept
// and ignore at least some of them, because build files still pass them.

extension OptionTable {
  @OptionRows static var compatibility: [OptionRow] {
    ignored("fuse-ld", for: "NAME", form: .required, help: "Ignored; meant for the compiler")
    ignored("flto", for: "N", form: .optional, help: "Ignored; meant for the compiler")
    ignored("flto-partition", for: "KIND", form: .required)
    ignored("EL", help: "Ignored; output is little endian")
    flag("EB", help: "Big-endian output", .notBuilt)
    ignored("be32", help: "Ignored; for ARM")
    ignored("secure-plt", help: "Ignored; for PowerPC")
    ignored("nodefaultlibs")
    toggle("keep-memory", help: "Ignored", negatedHelp: "Ignored", .ignored)
    ignored("max-cache-size", for: "SIZE", form: .required)
    ignored("reduce-memory-overheads")
    ignored("hash-size", for: "N", form: .required)
    ignored("sort-common", for: "ORDER", form: .optional)
    ignored("warn-constructors")
    ignored("warn-alternate-em")
    ignored("warn-multiple-gp")
    ignored("warn-section-align")
    toggle(
      "warn-symbol-ordering", help: "Warn about symbols to order that nothing defines (default)"
    ) { $0.warnSymbolOrdering = $1 }
    toggle("warn-ifunc-textrel", help: "Ignored", negatedHelp: "Ignored", .ignored)
    toggle("map-whole-files", help: "Ignored", negatedHelp: "Ignored", .ignored)
    toggle("print-map-discarded", help: "Ignored", negatedHelp: "Ignored", .ignored)
    toggle("strip-discarded", help: "Ignored", negatedHelp: "Ignored", .ignored)
    toggle("accept-unknown-input-arch", help: "Ignored", negatedHelp: "Ignored", .ignored)
    toggle("fortran-common", help: "Ignored", negatedHelp: "Ignored", .ignored)
    ignored("traditional-format")
    ignored("qmagic")
    ignored("Qy")
    ignored("g", for: "ANYTHING", form: .optional)
    ignored("a", for: "KEYWORD", form: .required)
    ignored("A", "architecture", for: "MACHINE", form: .required)
    ignored("Y", for: "PATH", form: .required)
    ignored("assert", for: "KEYWORD", form: .required)
    flag("incremental", help: "gold's incremental link", .notBuilt)
    flag("enable-non-contiguous-regions", help: "Let sections spill over", .notBuilt)
    flag("enable-non-contiguous-regions-warnings", help: "Tell where they do", .notBuilt)
  }
}
