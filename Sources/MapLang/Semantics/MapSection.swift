// An output section of a map: `section N { … }`.

/// One output section: what it takes, in which order, and what is asked of its place.
public struct MapSection: Sendable {
  /// As in the text, with its dot; unique in the map.
  public var name: String
  /// The pinned address.
  public var at: Expression?
  /// Beside the alignment of the contents, which `align` never lowers.
  public var align: Alignment?
  /// Bytes behind the contents, of the fill.
  public var pad: Padding?
  /// Exact size; a smaller content is padded.
  public var size: Expression?
  /// Fewer bytes are an error (SM306).
  public var min: Expression?
  /// More bytes are an error (SM306).
  public var max: Expression?
  /// nil: as the region says, else at the run address.
  public var load: LoadAddress?
  /// Of the bytes where they are stored (`load in R align e`); nil: as where they run.
  public var loadAlign: UInt64?
  /// Overrides the union of the input flags.
  public var access: Access?
  /// Replaces the alignment of every input.
  public var subalign: UInt64?
  /// Between and behind the contents; nil: traps in code, else zeros.
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
  /// Symbols at its edges.
  public var bounds: [Bound] = []
  /// The contents, in the order of addresses.
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
  /// For messages and reports; no section header has it.
  public var name: String?
  /// `at offset e`: bytes from the start of the section.
  public var offset: Expression?
  /// Of its first byte. Counts for the section, too.
  public var align: Alignment?
  /// Bytes behind the last item, of the fill.
  public var pad: Padding?
  /// Exact number of bytes: less is padded, more an error (SM306).
  public var size: Expression?
  /// Fewer bytes are an error (SM306).
  public var min: Expression?
  /// More bytes are an error (SM306).
  public var max: Expression?
  /// Between and behind the contents; nil: as for the section.
  public var fill: Fill?
  /// Symbols at its edges.
  public var bounds: [Bound] = []
  /// The contents, in the order of addresses; groups may nest.
  public var items: [SectionItem] = []
  /// The name, or the keyword if it has none.
  public var position: SourcePosition
}

/// Room for bytes that come after the link: `slot N { … }`. In a place it becomes the output section
/// `.slot.N`; in a section it is a filled hole.
public struct MapSlot: Sendable {
  /// A C identifier.
  public var name: String
  /// The pinned address; nil: behind what stands before it.
  public var at: Expression?
  /// nil: 1 byte.
  public var align: Alignment?
  /// Exact number of bytes, which the file has, too.
  public var size: Expression
  /// Values that it begins with, one behind the other.
  public var words: [SlotWord] = []
  /// What it holds until an edit fills it.
  public var fill: Fill?
  /// Allocated downwards from the end of the region.
  public var high = false
  /// The editor refuses to seal an image in which the slot was not filled.
  public var required = false
  /// Whether it stands inside a section.
  public var isInSection: Bool
  /// The name.
  public var position: SourcePosition
}

/// `word u32 e;`: a value in a slot, in the byte order of the target.
public struct SlotWord: Sendable {
  /// 1, 2, 4 or 8 bytes.
  public var size: Int
  /// Evaluated when the layout is final.
  public var value: Expression
}
