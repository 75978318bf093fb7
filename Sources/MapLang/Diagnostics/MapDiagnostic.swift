// Messages about a map: a stable code, a place in the text, the words, notes and help.
//
// The checker of the language makes those that need no object file, the linker the rest; both are
// printed by the same function, with the line of the map and a caret under the words meant.

/// The codes of section 12 of the design. `rawValue` is the number in `SM201`.
public enum MapCode: Int, Sendable, CaseIterable {
  case syntax = 1
  case unknownUnit = 2
  case unknownName = 3
  case badNumber = 4
  case unknownVersion = 5
  case include = 101
  case redefinition = 102
  case addressInPlacement = 103
  case secondSection = 104
  case attributeOutOfPlace = 105
  case doesNotFitLink = 106
  case ambiguousRules = 201
  case orphanSections = 202
  case forbiddenSection = 203
  case referenceToDiscarded = 204
  case unusedSetting = 205
  case noSuchSymbol = 206
  case regionOverflow = 301
  case misalignedPin = 302
  case accessBeyond = 303
  case overlap = 304
  case pinInPositionIndependent = 305
  case sizeViolated = 306
  case pinOutsideRegion = 307
  case contentInNoBits = 308
  case assertionFailed = 309
  case notContiguous = 310
  case inputInSlot = 311
  case ruleMatchesNothing = 401
  case orderNamesUnknownSymbol = 402
  case keptSectionEmpty = 410
  case largeGap = 420
  case gapBeforeImage = 421
  case writableAndExecutable = 430

  /// `SM201`.
  public var name: String {
    let digits = String(rawValue)
    return "SM" + String(repeating: "0", count: 3 - digits.count) + digits
  }

  /// The code of that name, in any case: `sm201`.
  public init?(name: String) {
    let upper = name.uppercased()
    guard upper.hasPrefix("SM"), upper.utf8.count == 5, let number = Int(upper.dropFirst(2)),
      let code = MapCode(rawValue: number)
    else { return nil }
    self = code
  }
}

/// One message.
public struct MapDiagnostic: Sendable {
  /// An error leaves no map (`CompiledMap.map` is nil); a warning changes nothing.
  public enum Severity: Sendable { case warning, error }

  /// A further place, or further words.
  public struct Note: Sendable {
    /// Words behind the caret, or behind `note:` if there is no place.
    public var text: String
    /// nil: further words only.
    public var position: SourcePosition?

    public init(_ text: String, at position: SourcePosition? = nil) {
      self.text = text
      self.position = position
    }
  }

  /// What tests, scripts and `swold-map explain` know the message by.
  public var code: MapCode
  /// `error` or `warning` in the headline.
  public var severity: Severity
  /// One line, without place and code.
  public var message: String
  /// nil: not about the text (an option, say).
  public var position: SourcePosition?
  /// Words behind the caret.
  public var label: String?
  /// Printed behind the place of the message, in this order.
  public var notes: [Note]
  /// What to write instead; can be pasted.
  public var help: String?

  public init(
    _ code: MapCode, _ message: String, at position: SourcePosition?,
    severity: Severity = .error, label: String? = nil, notes: [Note] = [], help: String? = nil
  ) {
    self.code = code
    self.severity = severity
    self.message = message
    self.position = position
    self.label = label
    self.notes = notes
    self.help = help
  }

  /// `layout.smap:14:25: error[SM201]: …`, without the source lines.
  public func headline(in sources: SourceSet) -> String {
    let word = severity == .error ? "error" : "warning"
    let place = position.map { sources.describe($0) + ": " } ?? ""
    return "\(place)\(word)[\(code.name)]: \(message)"
  }

  /// The whole message: headline, source lines with carets, notes, help. Ends without a line feed.
  public func render(in sources: SourceSet) -> String {
    var lines = [headline(in: sources)]
    let positions = [position].compactMap { $0 } + notes.compactMap(\.position)
    let gutter = max(
      5, (positions.map { String(sources.location(of: $0).line).utf8.count }.max() ?? 0) + 1)
    let blank = String(repeating: " ", count: gutter)
    func show(_ position: SourcePosition, _ label: String?) {
      let number = String(sources.location(of: position).line)
      let (line, column) = Self.excerpt(
        sources.line(of: position), sources.location(of: position).column)
      lines.append(
        String(repeating: " ", count: gutter - number.utf8.count) + number + " | " + line)
      // The caret line keeps tabs, so that the columns agree whatever the width of a tab.
      let indent = line.utf8.prefix(column - 1).map { $0 == 0x09 ? "\t" : " " }.joined()
      let room = max(1, line.utf8.count - column + 1)
      let length = max(1, min(Int(position.length), room))
      let marks = "^" + String(repeating: "~", count: length - 1)
      lines.append(blank + " | " + indent + marks + (label.map { " " + $0 } ?? ""))
    }
    if let position { show(position, label) }
    for note in notes {
      if let place = note.position {
        if place.file != position?.file { lines.append(blank + "--> " + sources.describe(place)) }
        show(place, note.text)
      } else {
        lines.append("   = note: \(note.text)")
      }
    }
    if let help { lines.append("   = help: \(help)") }
    return lines.joined(separator: "\n")
  }

  /// What is shown of a line, and the column in that: all of it, unless it is too long for a screen.
  private static func excerpt(_ line: String, _ column: Int) -> (line: String, column: Int) {
    let bytes = Array(line.utf8)
    guard bytes.count > 160 else { return (line, column) }
    func isInScalar(_ index: Int) -> Bool { index < bytes.count && bytes[index] & 0xc0 == 0x80 }
    var start = max(0, min(column - 1, bytes.count) - 50)
    while start > 0 && isInScalar(start) { start -= 1 }
    var end = min(bytes.count, start + 120)
    while isInScalar(end) { end += 1 }
    let before = start > 0 ? "… " : ""
    let after = end < bytes.count ? " …" : ""
    // The mark is three bytes and one column wide.
    return (
      before + String(decoding: bytes[start..<end], as: UTF8.self) + after,
      column - start + (start > 0 ? 2 : 0)
    )
  }
}
