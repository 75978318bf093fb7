// Text relocations: dynamic relocations in what is loaded read-only. The dynamic linker makes such
// pages writable for a while (DT_TEXTREL), so processes no longer share them, and hardened systems
// refuse.
//
// Allowed by default with a warning, as GNU ld does; -z text makes each of them an error. The scan
// notes dynamic relocations for read-only input sections, but only the output section says what is
// loaded read-only: a section of the map may be writable, or read-only in spite of its members.

internal import ELF

extension Layout {
  /// The most sections that warnings name.
  private static var namedSections: Int { 10 }

  func reportTextRelocations() {
    guard !textRelocationSections.isEmpty else { return }
    switch options.textRelocations {
    case .error: refuseTextRelocations()
    case .allow where !options.warnTextRelocations: break
    case .allow, .warning: warnAboutTextRelocations()
    }
  }

  private func refuseTextRelocations() {
    let readOnly = Set(textRelocationSections)
    var noted: Set<SectionID> = []
    for relocation in selection.textRelocations where readOnly.contains(relocation.section) {
      noted.insert(relocation.section)
      log.fault(message(relocation, isForbidden: true), at: place(relocation))
    }
    for section in readOnly.subtracting(noted) {
      log.fault(message(section, isForbidden: true), at: place(section))
    }
  }

  private func warnAboutTextRelocations() {
    let readOnly = Set(textRelocationSections).sorted()
    var first: [SectionID: TextRelocation] = [:]
    for relocation in selection.textRelocations where first[relocation.section] == nil {
      first[relocation.section] = relocation
    }
    for section in readOnly.prefix(Layout.namedSections) {
      if let relocation = first[section] {
        log.warning(message(relocation, isForbidden: false), at: place(relocation))
      } else {
        log.warning(message(section, isForbidden: false), at: place(section))
      }
    }
    log.warning(
      .hasTextRelocations(
        options.outputPath, options.outputKind, more: max(readOnly.count - Layout.namedSections, 0),
        hasIndirect: indirectCount > 0),
      at: Place(file: .max))
  }

  private func message(_ relocation: TextRelocation, isForbidden: Bool) -> Message {
    .textRelocation(
      target.machine.code.relocationName(relocation.type) ?? "",
      selection.symbolDescription(relocation.symbol), selection.displayName(relocation.section),
      relocation.offset, forbiddenIn: isForbidden ? options.outputKind : nil)
  }

  private func message(_ section: SectionID, isForbidden: Bool) -> Message {
    .dynamicRelocationsReadOnly(selection.displayName(section), isForbidden: isForbidden)
  }

  private func place(_ relocation: TextRelocation) -> Place {
    let section = selection.sections[relocation.section]
    return selection.inputs.place(
      section.file, section: Int(section.index), offset: relocation.offset)
  }

  private func place(_ id: SectionID) -> Place {
    let section = selection.sections[id]
    return selection.inputs.place(section.file, section: Int(section.index))
  }
}
