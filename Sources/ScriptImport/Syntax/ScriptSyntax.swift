// The syntax tree of a linker script (GNU ld manual, chapter 3 "Linker Scripts").

/// An expression of a script.
indirect enum ScriptExpression: Sendable, Hashable {
  /// The value, and the number as a map writes it.
  case number(UInt64, String)
  /// `.`
  case dot
  case symbol(String)
  /// `-`, `~`, `!`
  case unary(String, ScriptExpression)
  case binary(String, ScriptExpression, ScriptExpression)
  case conditional(ScriptExpression, ScriptExpression, ScriptExpression)
  /// A function of expressions: ALIGN, MAX, ABSOLUTE, …
  case call(String, [ScriptExpression])
  /// A function of a name: ADDR, SIZEOF, ORIGIN, DEFINED, CONSTANT, …
  case of(String, String)
}

/// `a = e;` and its kin.
struct ScriptAssignmentSyntax: Sendable {
  /// `.` for the location counter.
  var target: String
  /// `=`, `+=`, …
  var sign: String
  var value: ScriptExpression
  var isProvided = false
  var isHidden = false
}

/// A block of MEMORY.
struct ScriptMemory: Sendable {
  var name: String
  /// `rx`, `!w`, without the parentheses.
  var attributes: String
  var origin: ScriptExpression
  var length: ScriptExpression
  var place: ScriptPlace
  var trivia: ScriptTrivia
}

/// A line of PHDRS.
struct ScriptHeader: Sendable {
  var name: String
  /// `PT_LOAD`, or a number.
  var type: String
  var hasFileHeader = false
  var hasProgramHeaders = false
  var address: ScriptExpression?
  var flags: ScriptExpression?
  var place: ScriptPlace
}

/// A pattern inside the parentheses of an input section description.
struct ScriptPattern: Sendable {
  var name: String
  /// The files of EXCLUDE_FILE.
  var excluded: [String] = []
  /// The SORT commands around it, the outer one first.
  var sorts: [String] = []
}

/// `KEEP(*(.text .text.*))`
struct ScriptInput: Sendable {
  var file: String
  /// The files of an EXCLUDE_FILE before the file pattern.
  var excluded: [String] = []
  var patterns: [ScriptPattern] = []
  var isKept = false
  /// SORT around the file pattern.
  var fileSort: String?
  /// INPUT_SECTION_FLAGS, as written.
  var flags: String?
}

struct ScriptSection: Sendable {
  var name: String
  var address: ScriptExpression?
  /// `NOLOAD`, `READONLY`, … or nil.
  var type: String?
  var load: ScriptExpression?
  var align: ScriptExpression?
  var subalign: ScriptExpression?
  var alignsLoadWithInput = false
  /// `ONLY_IF_RO`, `ONLY_IF_RW`
  var constraint: String?
  var contents: [ScriptStatement] = []
  var region: String?
  var loadRegion: String?
  var headers: [String] = []
  var fill: ScriptFill?
}

/// `=0x90` or `FILL(e)`.
struct ScriptFill: Sendable {
  var value: ScriptExpression
  /// The digits of a plain hexadecimal number: a pattern of that many bytes.
  var hexDigits: String?
}

struct ScriptOverlay: Sendable {
  var address: ScriptExpression?
  var isNoCrossReferences = false
  var load: ScriptExpression?
  var sections: [(ScriptSection, ScriptPlace, ScriptTrivia)] = []
  var region: String?
  var loadRegion: String?
  var headers: [String] = []
  var fill: ScriptFill?
}

/// Comments of a statement.
struct ScriptTrivia: Sendable {
  /// Lines before it.
  var before: [String] = []
  /// Behind it, in its last line.
  var behind: [String] = []
}

struct ScriptStatement: Sendable {
  enum Kind: Sendable {
    case assignment(ScriptAssignmentSyntax)
    case assertion(ScriptExpression, String)
    case entry(String)
    case extern([String])
    case memory([ScriptMemory])
    case headers([ScriptHeader])
    case alias(String, String)
    case sections([ScriptStatement])
    case section(ScriptSection)
    case overlay(ScriptOverlay)
    case input(ScriptInput)
    /// BYTE, SHORT, LONG, QUAD, SQUAD
    case data(String, ScriptExpression)
    case text(String)
    case fill(ScriptFill)
    /// AFTER or BEFORE, and the section.
    case insert(String, String)
    /// Anything else, with its words.
    case command(String, [String])
    /// Comments behind the last statement of a block.
    case comments
  }

  var kind: Kind
  var place: ScriptPlace
  var trivia: ScriptTrivia
  /// The source, on one line.
  var words: String
}
