// Puts sections with SHF_LINK_ORDER into the order of the sections that they belong to (gABI,
// "Sections"), so that a table made of them runs parallel to the code or data that it describes; and
// says which sections --unique keeps apart.
//
// Before: the members of all output sections are in their order. After: in each output section the
// places that hold such sections hold them in the order of the places of their owners.

internal import ELF
internal import Text

extension Selection {
  func orderLinkedSections() {
    guard !linkOrderDependents.isEmpty else { return }
    var places: [SectionID: Int] = [:]
    var next = 0
    for output in outputs {
      for member in output.members {
        next += 1
        for dependent in linkOrderDependents[member] ?? [] { places[dependent] = next }
      }
    }
    for index in outputs.indices {
      let positions = outputs[index].members.indices.filter {
        sections[outputs[index].members[$0]].kind.contains(.linkOrder)
      }
      guard positions.count > 1 else { continue }
      let sorted = positions.map { outputs[index].members[$0] }.sorted {
        (places[$0] ?? 0, $0) < (places[$1] ?? 0, $1)
      }
      for (position, member) in zip(positions, sorted) { outputs[index].members[position] = member }
    }
  }
}

/// --unique: sections that become output sections of their own.
struct UniqueSections {
  private let patterns: [Glob]
  /// --unique without a pattern: all sections that no rule of the map takes.
  let separatesOrphans: Bool

  init(_ options: Options) {
    patterns = options.uniqueSectionPatterns.map { Glob($0) }
    separatesOrphans = options.uniqueOrphans
  }

  var hasPatterns: Bool { !patterns.isEmpty }

  func matches(_ name: String) -> Bool {
    guard hasPatterns else { return false }
    return Array(name.utf8).withUnsafeBytes { bytes in
      patterns.contains { $0.matches(ByteView(bytes)) }
    }
  }
}
