// What the shared libraries of a program need must be there (--no-allow-shlib-undefined, the default
// for programs), as far as all libraries that they name take part in the link: defined, and visible.

internal import ELF

extension Selection {
  func checkSharedReferences() {
    guard options.undefinedInSharedLibraries != .ignore, program.isDynamic else { return }
    // A library under --as-needed counts, too: what names it will load it.
    let present = Set(
      (0..<files.count).filter { files[$0].kind == .shared }.map { soname(FileID($0)) })
    var doubtful: [SharedReference] = []
    for id in program.neededSharedObjects {
      let file = files[id.index]
      let shared = inputs.sharedObjects[Int(file.sharedIndex)]
      guard shared.needed.allSatisfy({ present.contains($0.string) }) else { continue }
      for index in file.globals {
        let symbol = file.symbols[index]
        guard symbol.sectionIndex == SHN.UNDEF, symbol.binding != STB.WEAK else { continue }
        let definition = program.definition[file.symbolID(index)]
        let facts = program.flags[definition]
        guard facts.isDisjoint(with: [.shared, .exported, .discarded]) else { continue }
        // The program can do without it, which says that there need not be one. (lld)
        if facts.isSuperset(of: [.undefined, .referenced]), !facts.contains(.stronglyReferenced) {
          continue
        }
        doubtful.append(SharedReference(definition: definition, user: id, index: index))
      }
    }
    guard !doubtful.isEmpty else { return }
    let elsewhere = namesDefinedInLibraries(Set(doubtful.map { name($0) }))
    for reference in doubtful where !elsewhere.contains(name(reference)) { report(reference) }
  }

  /// An undefined entry of a shared library, and what it leads to in this link.
  private struct SharedReference {
    var definition: SymbolID
    var user: FileID
    /// The entry in the symbol table of `user`.
    var index: Int
  }

  private func name(_ reference: SharedReference) -> ByteView {
    files[reference.user.index].symbolName(reference.index)
  }

  /// Those names that any library defines: the dynamic linker may find that definition although
  /// this link chose another, which is not visible, or none, because of --as-needed.
  private func namesDefinedInLibraries(_ wanted: Set<ByteView>) -> Set<ByteView> {
    var found: Set<ByteView> = []
    for number in 0..<files.count where files[number].kind == .shared {
      let file = files[number]
      for index in file.globals where file.symbols[index].sectionIndex != SHN.UNDEF {
        let name = file.symbolName(index)
        if wanted.contains(name) { found.insert(name) }
      }
    }
    return found
  }

  private func report(_ reference: SharedReference) {
    let name = name(reference)
    let user = inputs.displayName(reference.user)
    let facts = program.flags[reference.definition]
    guard facts.contains(.undefined) else {
      let definition = inputs.displayName(inputs.file(of: reference.definition))
      return report(
        .neededSymbolIsHidden(
          program.demangled(name), isHidden: facts.isHidden, in: definition, user: user),
        name, reference)
    }
    report(
      .undefinedSymbol(
        program.demangled(name),
        notes: ["referenced by \(user) (--allow-shlib-undefined ignores this)"]),
      name, reference)
  }

  private func report(_ message: Message, _ name: ByteView, _ reference: SharedReference) {
    if options.ignoredUndefinedSymbols.contains(name.string) { return }
    let place = inputs.place(reference.user, offset: UInt64(reference.index))
    if options.undefinedInSharedLibraries == .warning {
      log.warning(message, at: place)
    } else {
      log.fault(message, at: place)
    }
  }
}

extension Message {
  static func neededSymbolIsHidden(
    _ name: String, isHidden: Bool, in file: String, user: String
  ) -> Message {
    Message(
      "neededSymbolIsHidden",
      "\(user) needs \(name), which \(file) defines but does not show: "
        + (isHidden
          ? "its visibility is hidden; give it default visibility"
          : "the version script or --exclude-libs makes it local; let it be global")
        + ", or say --allow-shlib-undefined")
  }
}
