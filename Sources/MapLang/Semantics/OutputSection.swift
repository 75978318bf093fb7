// An output section of a map: `section N { … }`.

/// One output section: what it takes, in which order, and what is asked of its place.
public struct OutputSection: Sendable {
  public var name: String
  /// The pinned address.
  public var at: Expression?
  public var align: Alignment?
  public var pad: Padding?
  /// Exact size; a smaller content is padded.
  public var size: Expression?
  public var min: Expression?
  public var max: Expression?
  public var load: LoadAddress?
  /// Overrides the union of the input flags.
  public var access: Access?
  /// Replaces the alignment of every input.
  public var subalign: UInt64?
  public var fill: Fill?
  /// No bytes, outside every PT_LOAD.
  public var noload = false
  /// No bytes, like bss.
  public var nobits = false
  /// Allocated downwards from the end of the region.
  public var high = false
  /// Part of PT_GNU_RELRO.
  public var relro = false
  /// Emitted even if empty. (So is one with bounds.)
  public var always = false
  public var bounds: [Bound] = []
  public var items: [SectionItem] = []
  /// Whether the built-in map declared it, refined by the user or not.
  public var isBuiltIn = false
  /// The name of the section in the text.
  public var position: SourcePosition

  /// Every rule that takes into this section, in the order of the items, groups included.
  public var rules: [RuleID] {
    var rules: [RuleID] = []
    func collect(_ items: [SectionItem]) {
      for item in items {
        switch item {
        case .take(let rule): rules.append(rule)
        case .group(let group): collect(group.items)
        case .hole, .slot: break
        }
      }
    }
    collect(items)
    return rules
  }

  public init(name: String, position: SourcePosition) {
    self.name = name
    self.position = position
  }
}

/// What stands in a section, in its order.
public enum SectionItem: Sendable {
  case take(RuleID)
  case group(Subgroup)
  /// `reserve e;`: an anonymous hole of that many bytes.
  case hole(Expression)
  /// Room for bytes that come later; here without a section header of its own.
  case slot(SlotID)
}

/// A sub-range of a section: `group [N] { … }`.
public struct Subgroup: Sendable {
  public var name: String?
  /// `at offset e`: bytes from the start of the section.
  public var offset: Expression?
  public var align: Alignment?
  public var pad: Padding?
  public var size: Expression?
  public var min: Expression?
  public var max: Expression?
  public var fill: Fill?
  public var bounds: [Bound] = []
  public var items: [SectionItem] = []
  public var position: SourcePosition
}

/// Room for bytes that come after the link: `slot N { … }`. In a place it becomes the output section
/// `.slot.N`; in a section it is a filled hole.
public struct Slot: Sendable {
  /// A C identifier.
  public var name: String
  public var at: Expression?
  public var align: Alignment?
  public var size: Expression
  public var fill: Fill?
  public var high = false
  /// The editor refuses to seal an image in which the slot was not filled.
  public var required = false
  /// Whether it stands inside a section.
  public var isInSection: Bool
  public var position: SourcePosition
}
