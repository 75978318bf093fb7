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

  /// GNU_PROPERTY_X86_FEATURE_1_AND
  static var x86Feature1And: UInt32 { 0xc000_0002 }
  /// GNU_PROPERTY_X86_ISA_1_NEEDED
  static var x86ISANeeded: UInt32 { 0xc000_8002 }
  /// GNU_PROPERTY_X86_FEATURE_1_IBT
  static var ibt: UInt32 { 1 }
  /// GNU_PROPERTY_X86_FEATURE_1_SHSTK
  static var shadowStack: UInt32 { 2 }

  private enum Combination { case and, or, orIfAll, none }

  private static func combination(_ type: UInt32) -> Combination {
    switch type {
    case 0xc000_0002...0xc000_7fff, 0xb000_0000...0xb000_7fff: .and
    case 0xc000_8000...0xc000_ffff, 0xb000_8000...0xb000_ffff: .or
    case 0xc001_0000...0xc001_7fff: .orIfAll
    default: .none
    }
  }

  func value(_ type: UInt32) -> UInt32 { values.first { $0.type == type }?.value ?? 0 }

  /// Combines the notes of all objects. `without`: the objects that have none.
  mutating func merge(
    _ notes: [(FileID, ByteView)], without: [FileID], _ inputs: Inputs
  ) {
    let options = inputs.options
    propertySize = 8 + max(4, inputs.target.format.wordSize)
    // An object may have several notes; it counts once.
    var merged: [UInt32: (value: UInt32, count: Int, last: FileID?)] = [:]
    var fileCount = without.count
    var last: FileID?
    var lacking: [(FileID, UInt32)] = without.map { ($0, 3) }
    for (file, bytes) in notes {
      let isNewFile = last != file
      if isNewFile { fileCount += 1 }
      last = file
      let stated = parse(bytes, file, inputs)
      for (type, value) in stated {
        let combination = GNUProperties.combination(type)
        guard combination != .none else { continue }
        let old = merged[type]
        let new =
          combination == .and ? (old?.value ?? UInt32.max) & value : (old?.value ?? 0) | value
        merged[type] = (new, (old?.count ?? 0) + (old?.last == file ? 0 : 1), file)
      }
      let features = stated.first { $0.type == GNUProperties.x86Feature1And }?.value ?? 0
      if features & 3 != 3 { lacking.append((file, 3 & ~features)) }
    }
    for (type, entry) in merged {
      switch GNUProperties.combination(type) {
      case .and, .orIfAll: if entry.count < fileCount { merged[type] = nil }
      case .or, .none: break
      }
    }
    var features = merged[GNUProperties.x86Feature1And]?.value ?? 0
    if options.ibt { features |= GNUProperties.ibt }
    if options.shadowStack { features |= GNUProperties.shadowStack }
    merged[GNUProperties.x86Feature1And] = (features, 1, nil)
    if let level = options.isaLevel {
      let bits = (UInt32(1) << UInt32(level.rawValue)) - 1
      merged[GNUProperties.x86ISANeeded, default: (0, 1, nil)].value |= bits
    }
    values = merged.filter { $0.value.value != 0 }.map { ($0.key, $0.value.value) }
      .sorted { $0.0 < $1.0 }
    report(lacking, inputs)
  }

  /// -z cet-report.
  private func report(_ lacking: [(FileID, UInt32)], _ inputs: Inputs) {
    guard inputs.options.cetReport != .none else { return }
    for (file, bits) in lacking.sorted(by: { $0.0 < $1.0 }) where bits != 0 {
      let name = inputs.displayName(file)
      for (bit, property) in [(GNUProperties.ibt, "IBT"), (GNUProperties.shadowStack, "SHSTK")]
      where bits & bit != 0 {
        let message = Message.missingProperty(name, property)
        let place = inputs.place(file)
        if inputs.options.cetReport == .error {
          inputs.log.error(message, at: place)
        } else {
          inputs.log.warning(message, at: place)
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
  static func missingProperty(_ file: String, _ property: String) -> Message {
    Message("missingProperty", "\(file): lacks the \(property) property (-z cet-report)")
  }
}
