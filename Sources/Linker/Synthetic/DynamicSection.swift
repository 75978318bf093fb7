// `.dynamic`: what the dynamic linker needs to know (gABI, "Dynamic Section").
//
// The entries are decided before addresses are known; what they say is looked up while writing.

internal import ELF
internal import MapLang

struct DynamicSection: Sendable {
  enum Value: Sendable {
    case number(UInt64)
    case address(SyntheticKind)
    case size(SyntheticKind)
    /// Of the output section that the named one is.
    case outputAddress(String)
    case outputSize(String)
    case function(SymbolID)
    case relativeCount
  }

  private(set) var entries: [(tag: Int64, value: Value)] = []
  private var spareCount = 0
  private var format = Format.native

  init() {}

  init(_ selection: Selection, _ strings: inout DynamicSymbols) {
    let options = selection.options
    let target = selection.inputs.target
    format = target.format
    func has(_ kind: SyntheticKind) -> Bool { selection.syntheticRows[kind] != nil }
    for file in selection.program.neededSharedObjects {
      add(DT.NEEDED, .number(UInt64(strings.string(selection.soname(file)))))
    }
    addStrings(options, dependencyAudits(selection), &strings)
    addFunctions(selection)
    if options.hashStyle.contains(.sysv) { add(DT.HASH, .address(.sysvHash)) }
    if options.hashStyle.contains(.gnu) { add(DT.GNU_HASH, .address(.gnuHash)) }
    add(DT.STRTAB, .address(.dynamicStrings))
    add(DT.SYMTAB, .address(.dynamicSymbols))
    add(DT.STRSZ, .size(.dynamicStrings))
    add(DT.SYMENT, .number(UInt64(format.symbolEntrySize)))
    // The dynamic linker leaves an address for debuggers there.
    if options.outputKind.isExecutable && !options.readOnlyDynamic { add(DT.DEBUG, .number(0)) }
    if has(.gotPLT) { add(DT.PLTGOT, .address(.gotPLT)) }
    if has(.relaPLT) {
      add(DT.PLTRELSZ, .size(.relaPLT))
      add(DT.PLTREL, .number(UInt64(target.hasAddends ? DT.RELA : DT.REL)))
      add(DT.JMPREL, .address(.relaPLT))
    }
    if has(.relaDynamic) {
      let isPacked = options.packsDynamicRelocations
      let (table, size) =
        target.hasAddends
        ? isPacked ? (DT.ANDROID_RELA, DT.ANDROID_RELASZ) : (DT.RELA, DT.RELASZ)
        : isPacked ? (DT.ANDROID_REL, DT.ANDROID_RELSZ) : (DT.REL, DT.RELSZ)
      add(table, .address(.relaDynamic))
      add(size, .size(.relaDynamic))
      add(
        target.hasAddends ? DT.RELAENT : DT.RELENT, .number(UInt64(target.relocationEntrySize)))
      if !isPacked { add(target.hasAddends ? DT.RELACOUNT : DT.RELCOUNT, .relativeCount) }
    }
    if has(.relrDynamic) {
      let isAndroid = options.usesAndroidTags
      add(isAndroid ? DT.ANDROID_RELR : DT.RELR, .address(.relrDynamic))
      add(isAndroid ? DT.ANDROID_RELRSZ : DT.RELRSZ, .size(.relrDynamic))
      add(
        isAndroid ? DT.ANDROID_RELRENT : DT.RELRENT, .number(UInt64(format.wordSize)))
    }
    if selection.needs.textRelocations { add(DT.TEXTREL, .number(0)) }
    if has(.versionSymbols) { add(DT.VERSYM, .address(.versionSymbols)) }
    if has(.versionDefinitions) {
      add(DT.VERDEF, .address(.versionDefinitions))
      add(DT.VERDEFNUM, .number(UInt64(selection.program.definedVersions.count + 1)))
    }
    if has(.versionNeeds) {
      add(DT.VERNEED, .address(.versionNeeds))
      add(DT.VERNEEDNUM, .number(UInt64(strings.needs.count)))
    }
    addFlags(selection)
    for (tag, value) in target.machine.code.dynamicEntries(selection) { add(tag, .number(value)) }
    spareCount = options.spareDynamicTags ?? Int(selection.map.spare.dynamicTags ?? 5)
  }

  private mutating func add(_ tag: Int64, _ value: Value) { entries.append((tag, value)) }

  /// --depaudit, and what the needed libraries have in DT_AUDIT: the dynamic linker asks only the
  /// program for them. (GNU ld)
  private func dependencyAudits(_ selection: Selection) -> [String] {
    var lists = selection.options.depaudit
    for file in selection.program.neededSharedObjects {
      let shared = selection.inputs.sharedObjects[Int(selection.files[file.index].sharedIndex)]
      lists += shared.audits.map(\.string)
    }
    var audits: [String] = []
    for name in lists.flatMap({ $0.split(separator: ":") }).map(String.init)
    where !audits.contains(name) {
      audits.append(name)
    }
    return audits
  }

  private mutating func addStrings(
    _ options: Options, _ audits: [String], _ strings: inout DynamicSymbols
  ) {
    func add(_ tag: Int64, _ text: String) {
      entries.append((tag, .number(UInt64(strings.string(text)))))
    }
    if let soname = options.soname, options.outputKind == .sharedObject { add(DT.SONAME, soname) }
    for name in options.auxiliaries { add(DT.AUXILIARY, name) }
    for name in options.filters { add(DT.FILTER, name) }
    if !options.audit.isEmpty { add(DT.AUDIT, options.audit.joined(separator: ":")) }
    if !audits.isEmpty { add(DT.DEPAUDIT, audits.joined(separator: ":")) }
    if !options.rpaths.isEmpty {
      add(options.newDTags ? DT.RUNPATH : DT.RPATH, options.rpaths.joined(separator: ":"))
    }
  }

  private mutating func addFunctions(_ selection: Selection) {
    for (tag, name) in [
      (DT.INIT, selection.options.initSymbol), (DT.FINI, selection.options.finiSymbol),
    ] {
      guard let symbol = selection.program.linkerReference(name),
        selection.program.flags[symbol].isDisjoint(with: [.undefined, .shared])
      else { continue }
      add(tag, .function(symbol))
    }
    for (start, size, name) in [
      (DT.PREINIT_ARRAY, DT.PREINIT_ARRAYSZ, ".preinit_array"),
      (DT.INIT_ARRAY, DT.INIT_ARRAYSZ, ".init_array"),
      (DT.FINI_ARRAY, DT.FINI_ARRAYSZ, ".fini_array"),
    ] where selection.outputs.contains(where: { $0.name == name && !$0.members.isEmpty }) {
      add(start, .outputAddress(name))
      add(size, .outputSize(name))
    }
  }

  private mutating func addFlags(_ selection: Selection) {
    let options = selection.options
    var flags: UInt64 = 0
    var flags1: UInt64 = 0
    if options.origin {
      flags |= DF.ORIGIN
      flags1 |= DF_1.ORIGIN
    }
    if options.symbolicBinding == .all {
      add(DT.SYMBOLIC, .number(0))
      flags |= DF.SYMBOLIC
    }
    if selection.needs.textRelocations { flags |= DF.TEXTREL }
    if options.bindNow {
      flags |= DF.BIND_NOW
      flags1 |= DF_1.NOW
    }
    if selection.needs.staticTLS && options.outputKind == .sharedObject { flags |= DF.STATIC_TLS }
    if options.noDelete { flags1 |= DF_1.NODELETE }
    if options.noOpen { flags1 |= DF_1.NOOPEN }
    if options.noDump { flags1 |= DF_1.NODUMP }
    if options.noDefaultLibraries { flags1 |= DF_1.NODEFLIB }
    if options.initFirst { flags1 |= DF_1.INITFIRST }
    if options.interpose { flags1 |= DF_1.INTERPOSE }
    if options.globalScope { flags1 |= DF_1.GLOBAL }
    if options.outputKind == .pie { flags1 |= DF_1.PIE }
    if flags != 0 { add(DT.FLAGS, .number(flags)) }
    if flags1 != 0 { add(DT.FLAGS_1, .number(flags1)) }
    if options.loadOnce { add(DT.GNU_FLAGS_1, .number(1)) }  // DF_GNU_1_UNIQUE
  }

  /// Bytes, with the terminator and the spare entries.
  var size: UInt64 { UInt64((entries.count + 1 + spareCount) * format.dynamicEntrySize) }

  func write(to out: OutputBytes, _ layout: Layout) {
    out.fill(0, 0..<out.count)
    for (index, entry) in entries.enumerated() {
      let tag = DynamicTag(entry.tag, value(entry.value, layout))
      out.copy(tag.encoded(format), at: index * format.dynamicEntrySize)
    }
  }

  private func value(_ value: Value, _ layout: Layout) -> UInt64 {
    switch value {
    case .number(let number): number
    case .address(let kind): layout.address(of: kind)
    case .size(let kind): layout.size(of: kind)
    case .outputAddress(let name): layout.output(named: name)?.address ?? 0
    case .outputSize(let name): layout.output(named: name)?.size ?? 0
    case .function(let symbol): layout.entryPoint(symbol)
    case .relativeCount: UInt64(layout.relativeCount)
    }
  }
}
