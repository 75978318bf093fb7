// What a program does to its sections while it runs, which is less than their flags allow.
//
// Compilers flag what a dynamic linker may have to relocate as writable: tables of constructors,
// `.data.rel.ro`, the template of thread-local data. Firmware keeps them in flash, and nobody writes to
// them there. A region's `access` is compared with what is really done.

internal import ELF
internal import MapLang

extension Layout {
  /// The rights that the content of a section uses.
  func accessAtRunTime(_ output: OutputSection) -> Access {
    var access = output.access
    if access.contains(.write), output.size > 0, !output.members.contains(where: isWritten),
      output.members.contains(where: { selection.sections[$0].kind.contains(.write) })
    {
      access.remove(.write)
    }
    return access
  }

  /// Whether somebody writes to an input section after it was linked.
  func isWritten(_ id: SectionID) -> Bool {
    let section = selection.sections[id]
    guard section.kind.contains(.write), section.size > 0 else { return false }
    if options.outputKind.isPositionIndependent || selection.program.isDynamic { return true }
    if !section.kind.isDisjoint(
      with: [.initArray, .finiArray, .preinitArray, .reversed, .tls, .exceptionFrames])
    {
      return false
    }
    if section.kind.contains(.synthetic) {
      return SyntheticKind(rawValue: section.index) != .got
        || size(of: .relaPLT) > 0 || size(of: .relaDynamic) > 0
    }
    let name = selection.sectionName(id)
    return ![".ctors", ".dtors", ".jcr", ".tm_clone_table", ".data.rel.ro", ".eh_frame"].contains {
      name == $0 || name.hasPrefix($0 + ".")
    }
  }
}
