// Rules: the statements that decide what becomes of an input section.
//
// `take`, `discard` and `forbid` take part in one choice (Matcher.swift), so they share one table.
// A rule has selectors, each a pattern for the file and a pattern for the section name.

/// One `take`, `discard`, `forbid` or `orphans PATTERNS`.
public struct Rule: Sendable {
  /// The keyword; all three compete in one choice.
  public var kind: RuleKind
  /// The output section that takes; nil for the others.
  public var section: MapSectionID?
  /// At least one; the rule matches if any does.
  public var selectors: [Selector]
  /// Sections that the rule leaves alone although a selector matches them.
  public var except: [Selector] = []
  /// `sort` keys, left to right. Empty: input order.
  public var sort: [SortKey] = []
  /// The file of `order "FILE"`.
  public var orderFile: OrderFile?
  /// Matched sections are roots of garbage collection.
  public var keep = false
  /// The word `optional`: no input need match, and nobody is told if none does.
  public var isOptional = false
  /// Whether it is only for what no other rule takes: `orphans …`.
  public var isForOrphans = false
  /// The word `prefer`, which settles an ambiguity in favour of this rule; nil: it is not there.
  public var preferPosition: SourcePosition?
  /// The words of `forbid …, "why"`.
  public var message: String?
  /// Whether the rule is part of the map that the linker brings along.
  public var isBuiltIn: Bool
  /// Whether the rule is the `take N+` that `section N;` stands for; an empty one is no mistake.
  public var isImplied = false
  /// The keyword.
  public var position: SourcePosition

  /// Whether the rule says `prefer`.
  public var prefer: Bool { preferPosition != nil }
}

/// What becomes of a section that the rule wins: placed, dropped, an error, or an output section of its
/// own name that stands where the rule does.
public enum RuleKind: UInt8, Sendable, BitwiseCopyable {
  case take, discard, forbid, gather
}

/// What the sections of a rule are ordered by; equal ones stay in input order.
public enum SortKey: UInt8, Sendable {
  case name
  /// Largest alignment first.
  case alignment
  /// The number of `.init_array.N`; 65535−N for `.ctors.N`; without a number last.
  case initPriority
  /// By the name of the file.
  case file
  /// Input order.
  case none

  /// As the map writes it.
  public var spelling: String {
    switch self {
    case .name: "name"
    case .alignment: "alignment"
    case .initPriority: "init_priority"
    case .file: "file"
    case .none: "none"
    }
  }
}

/// The file of an `order` clause: one symbol or `file.o:symbol` a line, `#` comments.
public struct OrderFile: Sendable {
  /// As the map has it: beside the map, in the working directory or along -L.
  public var path: String
  /// The path in the text.
  public var position: SourcePosition
}

/// A file pattern and a section pattern; both must match.
public struct Selector: Sendable {
  /// The part before the parenthesis; `any` if there is none.
  public var file: FilePattern
  /// The part inside the parentheses, or all of it.
  public var section: SectionPattern
  /// The section pattern in the text.
  public var position: SourcePosition
}

/// What the name of an input section is compared with.
public enum SectionPattern: Sendable, Hashable {
  /// A bare `*`.
  case any
  /// `@code` and kin.
  case kind(SectionKind)
  /// A name or glob, without wildcards if `isLiteral` (it stood in quotes).
  case name(String, isLiteral: Bool)
  /// `X+`: X, or `X.` and anything. The text is X.
  case family(String)
}

/// What the file of an input section is compared with.
public enum FilePattern: Sendable, Hashable {
  /// `*`: every input, and the linker itself.
  case any
  /// `<linker>`: what the linker makes.
  case linker
  /// `NAME`: objects and archive members of that name. `isLiteral`: it stood in quotes.
  case object(String, isLiteral: Bool)
  /// `ARCHIVE:MEMBER`; an empty member means all of them, an empty archive objects outside archives.
  case archive(String, member: String, isLiteral: Bool)
}
