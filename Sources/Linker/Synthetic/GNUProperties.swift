// `.note.gnu.property`: what the program promises about itself (Linux Extensions to gABI, "Program
// Property"; AMD64 psABI, "Program Property").
//
// Each object states properties; the output states what holds for all of them. How values combine
// shows the type's range: AND (a promise: IBT, SHSTK), OR (a need: the ISA level), or OR if all
// objects state it.

internal import ELF

struct GNUProperties: Sendable {
  /// Type and value, sorted by type.
  private(set) var values: [(type: UInt32, value: UInt32)] = []
  /// Bytes of one, with padding.
  private var propertySize = 16

  /// The numbers of the machine.
  private var facts = PropertyFacts()

  /// GNU_PROPERTY_1_NEEDED, and its bit GNU_PROPERTY_1_NEEDED_INDIRECT_EXTERN_ACCESS.
  private static var needed: UInt32 { 0xb000_8000 }
  private static var indirectExternAccess: UInt32 { 1 }

  private enum Combination { case and, or, orIfAll, none }

  private func combination(_ type: UInt32) -> Combination {
    switch type {
    case 0xb000_0000...0xb000_7fff: .and
    case 0xb000_8000...0xb000_ffff: .or
    case _ where facts.and?.contains(type) ?? false: .and
    case _ where facts.or?.contains(type) ?? false: .or
    case _ where facts.orIfAll?.contains(type) ?? false: .orIfAll
    default: .none
    }
  }

  func value(_ type: UInt32) -> UInt32 { values.first { $0.type == type }?.value ?? 0 }

  /// What the program promises about control flow.
  var features: UInt32 { facts.feature == 0 ? 0 : value(facts.feature) }

  /// Combines the notes of all objects. `without`: the objects that have none.
  mutating func merge(
    _ notes: [(FileID, ByteView)], without: [FileID], _ inputs: Inputs
  ) {
    propertySize = 8 + max(4, inputs.target.format.wordSize)
    facts = inputs.target.properties
    // An object may have several notes; it counts once.
    var merged: [UInt32: (value: UInt32, count: Int, last: FileID?)] = [:]
    var fileCount = without.count
    var last: FileID?
    var features: [(FileID, UInt32)] = without.map { ($0, 0) }
    for (file, bytes) in notes {
      let isNewFile = last != file
      if isNewFile { fileCount += 1 }
      last = file
      let stated = parse(bytes, file, inputs)
      for (type, value) in stated {
        let combination = combination(type)
        guard combination != .none else { continue }
        let old = merged[type]
        let new =
          combination == .and ? (old?.value ?? UInt32.max) & value : (old?.value ?? 0) | value
        merged[type] = (new, (old?.count ?? 0) + (old?.last == file ? 0 : 1), file)
      }
      features.append((file, stated.first { $0.type == facts.feature }?.value ?? 0))
    }
    for (type, entry) in merged {
      switch combination(type) {
      case .and, .orIfAll: if entry.count < fileCount { merged[type] = nil }
      case .or, .none: break
      }
    }
    var result = merged.mapValues(\.value)
    inputs.target.machine.code.adjust(&result, inputs.options)
    if inputs.options.indirectExternAccess {
      result[GNUProperties.needed, default: 0] |= GNUProperties.indirectExternAccess
    }
    values = result.filter { $0.value != 0 }.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    report(features, inputs)
  }

  /// -z cet-report and its kin.
  private func report(_ features: [(FileID, UInt32)], _ inputs: Inputs) {
    let reports = inputs.target.machine.code.featureReports(inputs.options)
      .filter { $0.level != .none }
    guard !reports.isEmpty else { return }
    for (file, bits) in features.sorted(by: { $0.0 < $1.0 }) {
      for report in reports where bits & report.bit == 0 {
        let message = Message.missingProperty(
          inputs.displayName(file), report.name, report.option)
        if report.level == .error {
          inputs.log.error(message, at: inputs.place(file))
        } else {
          inputs.log.warning(message, at: inputs.place(file))
        }
      }
    }
  }

  /// The 32-bit properties of one note section.
  private func parse(
    _ bytes: ByteView, _ file: FileID, _ inputs: Inputs
  ) -> [(type: UInt32, value: UInt32)] {
    var result: [(type: UInt32, value: UInt32)] = []
    var offset = 0
    func malformed() {
      inputs.log.error(
        .malformedFile(inputs.displayName(file), ".note.gnu.property is malformed"),
        at: inputs.place(file))
    }
    while offset + 12 <= bytes.count {
      guard let nameSize = bytes.load(UInt32.self, at: offset),
        let size = bytes.load(UInt32.self, at: offset + 4),
        let type = bytes.load(UInt32.self, at: offset + 8)
      else { break }
      let nameEnd = offset + 12 + (Int(nameSize) + 3) & ~3
      guard let properties = bytes.slice(nameEnd, Int(size)) else {
        malformed()
        return result
      }
      // Notes and properties are padded to words (Linux Extensions to gABI).
      let mask = inputs.target.format.wordSize - 1
      offset = nameEnd + (Int(size) + mask) & ~mask
      guard type == NT.GNU_PROPERTY_TYPE_0, nameSize == 4 else { continue }
      var position = 0
      while position + 8 <= properties.count {
        guard let kind = properties.load(UInt32.self, at: position),
          let length = properties.load(UInt32.self, at: position + 4),
          Int(length) <= properties.count - position - 8
        else {
          malformed()
          return result
        }
        if length == 4, let value = properties.load(UInt32.self, at: position + 8) {
          result.append((kind, value))
        }
        position += 8 + (Int(length) + mask) & ~mask
      }
    }
    return result
  }

  /// Bytes of the note; 0: there is nothing to state.
  var noteSize: UInt64 { values.isEmpty ? 0 : 16 + UInt64(propertySize * values.count) }

  func write(to out: OutputBytes) {
    out.fill(0, 0..<out.count)
    out.store(4 as UInt32, at: 0)
    out.store(UInt32(propertySize * values.count), at: 4)
    out.store(NT.GNU_PROPERTY_TYPE_0, at: 8)
    out.copy(Array("GNU\0".utf8), at: 12)
    for (index, entry) in values.enumerated() {
      out.store(entry.type, at: 16 + index * propertySize)
      out.store(4 as UInt32, at: 20 + index * propertySize)
      out.store(entry.value, at: 24 + index * propertySize)
    }
  }
}

extension Message {
  static func missingProperty(_ file: String, _ property: String, _ option: String) -> Message {
    Message("missingProperty", "\(file): lacks the \(property) property (\(option))")
  }
}
