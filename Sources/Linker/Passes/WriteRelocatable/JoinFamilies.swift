// -r --relocatable-merge-sections: sections of one family become one, as in a final link.
//
// Compilers give each function a section of its own, `.text.NAME`, for --gc-sections to choose from. An object
// that is loaded as it is (GHC's and kernel modules) wants few. Members of groups keep their names, for a later
// link may drop them, and so do mergeable sections and those whose names are priorities.

internal import ELF
internal import Parallel

extension ObjectOutput {
  private static let families: [(prefix: StaticString, name: StaticString)] = [
    (".text.", ".text"), (".rodata.", ".rodata"), (".data.rel.ro.", ".data.rel.ro"),
    (".data.", ".data"), (".bss.", ".bss"), (".tdata.", ".tdata"), (".tbss.", ".tbss"),
    (".gcc_except_table.", ".gcc_except_table"), (".lrodata.", ".lrodata"),
    (".ldata.", ".ldata"), (".lbss.", ".lbss"), (".sdata.", ".sdata"), (".sbss.", ".sbss"),
    (".srodata.", ".srodata"), (".ARM.exidx.text.", ".ARM.exidx"),
    (".ARM.extab.text.", ".ARM.extab"),
  ]
  /// -z keep-text-section-prefix.
  private static let textFamilies: [(prefix: StaticString, name: StaticString)] = [
    (".text.hot.", ".text.hot"), (".text.unlikely.", ".text.unlikely"),
    (".text.startup.", ".text.startup"), (".text.exit.", ".text.exit"),
    (".text.unknown.", ".text.unknown"),
  ]
  /// What is a family's name, too, and no member of another.
  private static let ownNames: [StaticString] = [
    ".text.hot", ".text.unlikely", ".text.startup", ".text.exit", ".text.unknown", ".data.rel.ro",
  ]

  func joinFamilies() {
    let keepsText = options.keepTextSectionPrefix
    let families = (keepsText ? ObjectOutput.textFamilies : []) + ObjectOutput.families
    pool.parallelFor(sectionCount - 1, grain: 256) { range, _ in
      for index in range {
        let id = SectionID(index + 1)
        let section = self.sections[id]
        guard section.kind.contains(.used), self.groupOf[id] == 0,
          section.kind.isDisjoint(with: [.synthetic, .common])
        else { continue }
        let header = self.files[section.file.index].sectionHeaders[Int(section.index)]
        guard header.flags & SHF.ALLOC != 0, header.flags & SHF.MERGE == 0 else { continue }
        let name = self.names[id]
        if name.equals(".data.rel.ro") || keepsText && self.isOwnName(name) { continue }
        guard let family = families.first(where: { name.hasPrefix($0.prefix) }) else { continue }
        self.rename(id, family.name)
      }
    }
  }

  private func isOwnName(_ name: ByteView) -> Bool {
    ObjectOutput.ownNames.contains { name.equals($0) }
  }
}
