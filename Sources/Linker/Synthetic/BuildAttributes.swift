// Build attributes: tags and values by which a compiler says what code asks of the processor and what
// it promises about its data (ABI for the Arm Architecture, "Build Attributes"; RISC-V ELF psABI,
// "Attributes").
//
//   'A' { length vendor "\0" { tag-of-scope length { tag value }* }* }*
//
// Lengths are words that count themselves and what is before them in their braces. Numbers are
// ULEB128, texts end with a NUL. Of the vendors one is understood, of the scopes the whole file;
// attributes of sections and symbols are obsolete, and no tool writes them.

internal import ELF

/// What follows a tag.
enum AttributeForm: Sendable {
  case number
  case text
  case numberAndText
}

struct BuildAttributes: Sendable, Equatable {
  struct Value: Sendable, Equatable {
    var number: UInt64 = 0
    var text: [UInt8] = []

    var isDefault: Bool { number == 0 && text.isEmpty }
  }

  /// The attributes that are not at their default, 0 or no text, by rising tag.
  private(set) var entries: [(tag: UInt64, value: Value)] = []
  /// How the value of each is stored is not a function of the tag alone.
  private var forms: [UInt64: AttributeForm] = [:]

  init() {}

  static func == (left: BuildAttributes, right: BuildAttributes) -> Bool {
    left.entries.elementsEqual(right.entries) { $0.tag == $1.tag && $0.value == $1.value }
  }

  var isEmpty: Bool { entries.isEmpty }

  // MARK: Values

  private func position(_ tag: UInt64) -> Int {
    entries.firstIndex { $0.tag >= tag } ?? entries.count
  }

  func value(_ tag: UInt64) -> Value {
    let index = position(tag)
    return index < entries.count && entries[index].tag == tag ? entries[index].value : Value()
  }

  func number(_ tag: UInt64) -> UInt64 { value(tag).number }
  func text(_ tag: UInt64) -> [UInt8] { value(tag).text }

  mutating func set(_ value: Value, _ tag: UInt64, _ form: AttributeForm) {
    let index = position(tag)
    let isPresent = index < entries.count && entries[index].tag == tag
    forms[tag] = form
    if value.isDefault {
      if isPresent { entries.remove(at: index) }
    } else if isPresent {
      entries[index].value = value
    } else {
      entries.insert((tag, value), at: index)
    }
  }

  mutating func set(_ number: UInt64, _ tag: UInt64) {
    set(Value(number: number), tag, .number)
  }

  mutating func set(_ text: [UInt8], _ tag: UInt64) { set(Value(text: text), tag, .text) }

  // MARK: Reading

  /// Why a section cannot be read.
  struct Malformed: Error {
    let reason: String
  }

  /// Adds what the section `bytes` says to `self`.
  mutating func read(
    _ bytes: ByteView, _ section: AttributeSection, form: (UInt64) -> AttributeForm
  ) throws(Malformed) {
    var cursor = ByteCursor(bytes)
    guard let version = cursor.take(UInt8.self) else { return }
    guard version == UInt8(ascii: "A") else {
      throw Malformed(reason: "has format \(version), not 'A' (65)")
    }
    while !cursor.isAtEnd {
      var body = try BuildAttributes.takeBlock(&cursor, counted: 4)
      guard let vendor = body.takeCString() else {
        throw Malformed(reason: "has a vendor without an end")
      }
      guard vendor.equals(section.vendor) else { continue }
      while !body.isAtEnd {
        let start = body.offset
        guard let scope = body.takeULEB() else {
          throw Malformed(reason: "breaks off at offset \(start) of a subsection")
        }
        var block = try BuildAttributes.takeBlock(&body, counted: body.offset - start + 4)
        // Tag_File; else of some sections or symbols.
        if scope == 1 { try readValues(&block, form) }
      }
    }
  }

  /// Takes a length, which counts `counted` bytes up to its own end, and what it spans.
  private static func takeBlock(
    _ cursor: inout ByteCursor, counted: Int
  ) throws(Malformed) -> ByteCursor {
    let start = cursor.offset
    guard let length = cursor.take(UInt32.self), Int(length) >= counted,
      let bytes = cursor.take(count: Int(length) - counted)
    else {
      throw Malformed(reason: "has a length at offset \(start) that leads out of it")
    }
    return ByteCursor(bytes)
  }

  private mutating func readValues(
    _ cursor: inout ByteCursor, _ form: (UInt64) -> AttributeForm
  ) throws(Malformed) {
    while !cursor.isAtEnd {
      guard let tag = cursor.takeULEB() else {
        throw Malformed(reason: "has a tag that breaks off")
      }
      let form = form(tag)
      var value = Value()
      if form != .text {
        guard let number = cursor.takeULEB() else {
          throw Malformed(reason: "has no number behind tag \(tag)")
        }
        value.number = number
      }
      if form != .number {
        guard let text = cursor.takeCString() else {
          throw Malformed(reason: "has a text without an end behind tag \(tag)")
        }
        value.text = Array(text.buffer)
      }
      set(value, tag, form)
    }
  }

  // MARK: Writing

  /// The bytes of the output's section; none if there is nothing to say.
  func encoded(_ section: AttributeSection) -> [UInt8] {
    guard !entries.isEmpty else { return [] }
    var values: [UInt8] = []
    let leading = section.leadingTags
    for tag in leading { append(tag, value(tag), to: &values) }
    for (tag, value) in entries where !leading.contains(tag) { append(tag, value, to: &values) }
    var vendor = section.vendor.withUTF8Buffer { Array($0) }
    vendor.append(0)
    var bytes = [UInt8(ascii: "A")]
    BuildAttributes.append(word: 4 + vendor.count + 5 + values.count, to: &bytes)
    bytes += vendor
    bytes.append(1)  // Tag_File
    BuildAttributes.append(word: 5 + values.count, to: &bytes)
    return bytes + values
  }

  private func append(_ tag: UInt64, _ value: Value, to bytes: inout [UInt8]) {
    guard !value.isDefault else { return }
    let form = forms[tag] ?? .number
    BuildAttributes.append(uleb: tag, to: &bytes)
    if form != .text { BuildAttributes.append(uleb: value.number, to: &bytes) }
    if form != .number { bytes += value.text + [0] }
  }

  private static func append(word: Int, to bytes: inout [UInt8]) {
    let word = UInt32(clamping: word)
    for shift in [0, 8, 16, 24] as [UInt32] {
      bytes.append(UInt8(truncatingIfNeeded: word >> shift))
    }
  }

  private static func append(uleb number: UInt64, to bytes: inout [UInt8]) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
