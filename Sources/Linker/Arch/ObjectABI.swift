// What objects say of themselves as a whole, and the output with them: processor-specific flags of
// the ELF header and build attributes.
//
// How statements combine is the machine's business (Target.mergeABI): some must agree, some add up,
// some are only a promise that another file may break. Which files are asked is in MergeObjectABI.

internal import ELF

/// The statements of one object.
struct ObjectABI: Sendable {
  let file: FileID
  /// `e_flags`
  let flags: UInt32
  /// nil: the object has no section of them.
  let attributes: BuildAttributes?
}

/// The statements of the output.
struct OutputABI: Sendable {
  /// `e_flags`
  var flags: UInt32 = 0
  /// nil, or nothing in it: the output has no section of them.
  var attributes: BuildAttributes?
  /// The dynamic linker, where it depends on the ABI.
  var interpreter: String?
  /// What the machine's code wants to know in loops, in its own terms.
  var features: UInt32 = 0
  /// Bytes of that section.
  private(set) var attributeBytes: [UInt8] = []

  mutating func encode(_ section: AttributeSection) {
    attributeBytes = attributes?.encoded(section) ?? []
  }
}

/// The section that a machine keeps its build attributes in.
struct AttributeSection: Sendable {
  let name: StaticString
  /// `sh_type`
  let type: UInt32
  /// The one subsection that is understood.
  let vendor: StaticString
  /// Tags that stand before all others, in this order.
  var leadingTags: [UInt64] = []
}

/// Sections of one type that a program header of their own leads to.
struct SectionSegment: Sendable {
  let sectionType: UInt32
  let segmentType: UInt32
}

extension Message {
  /// Files that cannot be in one program; `reason` names what each of them says.
  static func incompatibleObjects(_ file: String, _ other: String, _ reason: String) -> Message {
    Message("incompatibleObjects", "\(file) and \(other) do not fit together: \(reason)")
  }

  /// Files that may not work together.
  static func doubtfulObjects(_ file: String, _ other: String, _ reason: String) -> Message {
    Message("doubtfulObjects", "\(file) and \(other) may not fit together: \(reason)")
  }

  /// A file that states an ABI for which swold does not link.
  static func unsupportedABI(_ file: String, _ reason: String) -> Message {
    Message("unsupportedABI", "\(file): \(reason)")
  }
}

extension Inputs {
  /// Two files contradict each other; the place is the second's.
  func reportIncompatible(_ first: FileID, _ second: FileID, _ reason: String) {
    log.error(
      .incompatibleObjects(displayName(second), displayName(first), reason), at: place(second))
  }

  func warnDoubtful(_ first: FileID, _ second: FileID, _ reason: String) {
    log.warning(
      .doubtfulObjects(displayName(second), displayName(first), reason), at: place(second))
  }

  func reportUnsupportedABI(_ file: FileID, _ reason: String) {
    log.error(.unsupportedABI(displayName(file), reason), at: place(file))
  }
}
