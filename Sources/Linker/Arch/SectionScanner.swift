// What the relocations of a section need: GOT entries, PLT entries, copies, dynamic relocations.
//
// Called once for each live allocated section, from many threads. Before: it is known for every
// symbol whether it is bound here (neither imported nor undefined). After: the needs are bits at the
// symbol's row, and the section's dynamic relocations are counted.
//
// The loop is here. What a type of relocation asks for says the target (X86_64+Scan and its kin), in
// the words of ScanPolicy.

internal import ELF
internal import Parallel

/// The state of scanning one section.
struct SectionScanner<T: Target> {
  let context: ScanContext
  let id: SectionID
  let section: InputSection
  let file: InputFile
  let bytes: ByteView
  let worker: Worker
  var relativeCount: UInt32 = 0
  var symbolicCount: UInt32 = 0
  /// Whether a dynamic relocation for this section was noted, which is read-only.
  var hasTextRelocation = false

  /// A symbol without any of these needs nothing from relocations of the dominant types.
  static var unusual: SymbolFlags { [.imported, .undefined, .ifunc, .tls, .absolute] }

  /// Scans all relocations of a section.
  static func run(
    _ id: SectionID, _ context: ScanContext, _ reached: inout Worklist, _ worker: Worker
  ) {
    let section = context.sections[id]
    run(
      section.relocationRecords, of: section, id, in: 0..<Int(section.relocationCount), context,
      &reached, worker)
  }

  /// Scans the relocations of `range`; `.eh_frame` has its own idea of which count.
  static func run(
    _ records: RecordView<Rela>, of section: InputSection, _ id: SectionID, in range: Range<Int>,
    _ context: ScanContext, _ reached: inout Worklist, _ worker: Worker
  ) {
    let file = context.files[section.file.index]
    let bytes = section.instructions
    var scanner = SectionScanner(
      context: context, id: id, section: section, file: file, bytes: bytes, worker: worker)
    var index = range.lowerBound
    while index < range.upperBound {
      let record = records[index]
      guard Int(record.symbol) < file.symbolCount else {
        scanner.report(
          record, "names symbol \(record.symbol), and the file has \(file.symbolCount)")
        index += 1
        continue
      }
      let target = context.definition[file.symbolID(Int(record.symbol))]
      let facts = context.flags[target]
      if context.marks { scanner.mark(target, &reached) }
      // Most records end here.
      if T.isDominant(record.type) && facts.isDisjoint(with: unusual) {
        index += 1
        continue
      }
      guard let type = T.Relocation(rawValue: record.type) else {
        scanner.report(record, "has unknown type \(record.type)")
        index += 1
        continue
      }
      if facts.contains(.undefined) { scanner.noteUndefined(record, target, facts) }
      index += T.scan(type, record, target, facts, records, index, &scanner)
    }
    scanner.finish()
  }

  /// Marks the section that the target is in.
  @inline(__always) func mark(_ target: SymbolID, _ reached: inout Worklist) {
    let section = context.definingSection[target]
    if section == .none {
      if target.rawValue >= context.linkerBase { context.flags.insert(.touched, at: target) }
      return
    }
    if context.states.insertIfAbsent(.live, at: section) {
      reached.push(section.rawValue)
    }
  }

  func finish() {
    if relativeCount > 0 { context.relativeCounts[id] += relativeCount }
    if symbolicCount > 0 { context.symbolicCounts[id] += symbolicCount }
  }

  func need(_ need: SymbolFlags, _ target: SymbolID) {
    context.flags.insert(need, at: target)
  }

  // MARK: Reports

  func reportForeignInstruction(_ type: String, _ record: Rela) {
    report(record, "has type \(type) at an instruction that is not the one it belongs to")
  }

  func noteUndefined(_ record: Rela, _ target: SymbolID, _ facts: SymbolFlags) {
    // One strong reference makes them all strong, even one in a section that is not kept.
    guard record.symbol != 0,
      (context.reportsUndefined || facts.isConfined) && facts.contains(.stronglyReferenced)
        || facts.contains(.undefinedVersion)
    else { return }
    context.found.undefined.append(
      UndefinedReference(symbol: target, section: id, offset: record.offset), worker)
  }

  func place(_ record: Rela) -> Place {
    context.selection.inputs.place(
      section.file, section: Int(section.index), offset: record.offset)
  }

  func name(_ target: SymbolID) -> String { context.selection.symbolDescription(target) }

  func report(_ record: Rela, _ reason: String) {
    context.selection.log.fault(
      .badRelocation(context.selection.displayName(id), record.offset, reason), at: place(record))
  }

  func reportNotPIC(_ type: T.Relocation, _ record: Rela, _ target: SymbolID) {
    let facts = context.selection.program.flags[target]
    context.selection.log.fault(
      .needsPIC(
        type.name, name(target), context.selection.displayName(id), record.offset,
        context.selection.options.outputKind,
        isNumber: facts.contains(.absolute) && facts.isDisjoint(with: [.undefined, .imported])),
      at: place(record))
  }
}
