// Why an edit was not made. Nothing that changes bytes is "warn and continue": an edit is made,
// or refused with one of these stable codes, a place and a hint. Scripts and tests match codes,
// people read messages.

/// The stable codes of refusals and warnings.
public enum DiagnosticCode: String, Sendable, CaseIterable {
  case relocationOverlap = "SE-RELOC-OVERLAP"
  case code = "SE-CODE"
  /// The bytes are a table of the format.
  case structure = "SE-STRUCTURE"
  case hostedLMA = "SE-HOSTED-LMA"
  case loadAddress = "SE-LOADADDR"
  case relro = "SE-RELRO"
  case tls = "SE-TLS"
  case noRoom = "SE-NO-ROOM"
  case slotOverflow = "SE-SLOT-OVERFLOW"
  case slotUnfilled = "SE-SLOT-UNFILLED"
  case sealed = "SE-SEALED"
  case slotRewrite = "SE-SLOT-REWRITE"
  case expect = "SE-EXPECT"
  case already = "SE-ALREADY"
  case noEffect = "SE-NO-EFFECT"
  case staleDigest = "SE-STALE-DIGEST"
  case positionIndependent = "SE-PIE-ABS"
  case holeDigest = "SE-HOLE-DIGEST"
  case span = "SE-SPAN"
  case linked = "SE-LINKED"
  case symbolDynamic = "SE-SYM-DYNAMIC"
  case signedOverlay = "SE-SIGNED-OVERLAY"
  case hardLink = "SE-HARDLINK"
  case relocatable = "SE-ETREL"
  /// A name, place or file that does not exist.
  case notFound = "SE-NOT-FOUND"
  /// A name that several symbols or sections have.
  case ambiguous = "SE-AMBIGUOUS"
  /// The bytes are not in the file (bss, or between segments).
  case notInFile = "SE-NOT-IN-FILE"
  /// A number, size or argument that does not fit.
  case value = "SE-VALUE"
  /// The command of `sign` failed.
  case signer = "SE-SIGNER"
  /// `assert` was false.
  case assertion = "SE-ASSERT"
  /// The verb cannot do this to this kind of file.
  case unsupported = "SE-UNSUPPORTED"
  /// An edit script or an argument that does not parse.
  case syntax = "SE-SYNTAX"
  /// The input is not an ELF file or contradicts itself.
  case malformed = "SE-MALFORMED"
  /// The system refused to read or write.
  case inputOutput = "SE-IO"
  /// The result differs from the plan: a bug of swold-edit. Nothing was written.
  case verification = "SE-VERIFY"
  case holeData = "SW-HOLE-DATA"
  case headersLoaded = "SW-HEADERS-LOADED"
  /// A file shift moves what lies behind the ELF file.
  case selfRead = "SW-SELF-READ"
  case noUnwind = "SW-NO-UNWIND"
  case ownership = "SW-OWNER"
  case repeatable = "SW-REPEAT"
  case invariant = "SW-INVARIANT"

  /// Whether `--allow` may waive it.
  public var isWaivable: Bool {
    switch self {
    case .relocationOverlap, .loadAddress, .positionIndependent, .symbolDynamic: true
    default: false
    }
  }

  /// Whether the code says something worth knowing, and refuses nothing.
  public var isWarning: Bool { rawValue.hasPrefix("SW-") }
}

/// Where an edit was written: a script with line and column, or a command line.
public struct EditLocation: Sendable, Equatable, CustomStringConvertible {
  /// The script's name, or `-e` with its number.
  public var file: String
  /// 1 for the first line.
  public var line: Int
  /// 1 for the first byte of the line.
  public var column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  public var description: String { "\(file):\(line):\(column)" }
}

/// Why a run stopped. The target file is as it was.
public struct EditFailure: Error, Sendable, CustomStringConvertible {
  /// What scripts and tests match.
  public var code: DiagnosticCode
  /// One sentence without full stop, with names, addresses and sizes.
  public var message: String
  /// What to do about it.
  public var hint: String?
  /// Where the edit was written; nil if it is about the file or comes from a Swift caller.
  public var location: EditLocation?

  public init(
    _ code: DiagnosticCode, _ message: String, hint: String? = nil,
    at location: EditLocation? = nil
  ) {
    self.code = code
    self.message = message
    self.hint = hint
    self.location = location
  }

  /// `PLACE: CODE: MESSAGE`, and the hint on a second line.
  public var description: String {
    let place = location.map { "\($0): " } ?? ""
    let advice = hint.map { "\n  hint: \($0)" } ?? ""
    return "\(place)\(code.rawValue): \(message)\(advice)"
  }

  /// The exit status of `swold-edit`: 1 refused, 2 usage, 3 malformed or I/O, 4 a bug.
  public var exitCode: Int32 {
    switch code {
    case .syntax: 2
    case .malformed, .inputOutput, .relocatable: code == .relocatable ? 1 : 3
    case .verification: 4
    default: 1
    }
  }

  func located(_ place: EditLocation) -> EditFailure {
    var copy = self
    if copy.location == nil { copy.location = place }
    return copy
  }
}

/// Something worth knowing that changed nothing.
public struct EditWarning: Sendable, CustomStringConvertible {
  /// What scripts and tests match; one that begins with `SW-`, mostly.
  public var code: DiagnosticCode
  /// One sentence without full stop.
  public var message: String
  /// Where the edit was written; nil if it is about the file or comes from a Swift caller.
  public var location: EditLocation?
  public var description: String {
    (location.map { "\($0): " } ?? "") + "\(code.rawValue): \(message)"
  }
}

func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
func hex(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
