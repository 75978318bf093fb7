// What the shared libraries of a program need must be there (--no-allow-shlib-undefined, the default
// for programs), as far as all libraries that they name take part in the link: defined, and visible.

internal import ELF

extension Selection {
  func checkSharedReferences() {
    guard options.undefinedInSharedLibraries != .ignore, program.isDynamic else { return }
    let present = Set(program.neededSharedObjects.map { soname($0) })
    var invisible: [SharedReference] = []
    for id in program.neededSharedObjects {
      let file = files[id.index]
      let shared = inputs.sharedObjects[Int(file.sharedIndex)]
      guard shared.needed.allSatisfy({ present.contains($0.string) }) else { continue }
      for index in file.globals {
        let symbol = file.symbols[index]
        guard symbol.sectionIndex == SHN.UNDEF, symbol.binding != STB.WEAK else { continue }
        let definition = program.definition[file.symbolID(index)]
        let facts = program.flags[definition]
        let reference = SharedReference(definition: definition, user: id, index: index)
        if facts.contains(.undefined) {
          reportUndefined(reference)
        } else if facts.isDisjoint(with: [.shared, .exported, .discarded]) {
          invisible.append(reference)
        }
      }
    }
    checkVisibility(invisible)
  }

  /// An undefined entry of a shared library, and what it leads to in this link.
  private struct SharedReference {
    var definition: SymbolID
    var user: FileID
    /// The entry in the symbol table of `user`.
    var index: Int
  }

  private func reportUndefined(_ reference: SharedReference) {
    let name = files[reference.user.index].symbolName(reference.index)
    let message = Message.undefinedSymbol(
      program.demangled(name),
      notes: [
        "referenced by \(inputs.displayName(reference.user)) (--allow-shlib-undefined ignores this)"
      ])
    report(message, name, reference)
  }

  /// The dynamic linker may find another definition, in another library.
  private func checkVisibility(_ references: [SharedReference]) {
    guard !references.isEmpty else { return }
    let wanted = Set(references.map { program.names[$0.definition] })
    var elsewhere: Set<NameID> = []
    for id in program.neededSharedObjects {
      let file = files[id.index]
      for index in file.globals where file.symbols[index].sectionIndex != SHN.UNDEF {
        let name = program.names[file.symbolID(index)]
        if wanted.contains(name) { elsewhere.insert(name) }
      }
    }
    for reference in references where !elsewhere.contains(program.names[reference.definition]) {
      let name = files[reference.user.index].symbolName(reference.index)
      let definition = inputs.file(of: reference.definition)
      let message = Message.neededSymbolIsHidden(
        program.demangled(name), isHidden: program.flags[reference.definition].isHidden,
        in: inputs.displayName(definition), user: inputs.displayName(reference.user))
      report(message, name, reference)
    }
  }

  private func report(_ message: Message, _ name: ByteView, _ reference: SharedReference) {
    if options.ignoredUndefinedSymbols.contains(name.string) { return }
    let place = inputs.place(reference.user, offset: UInt64(reference.index))
    if options.undefinedInSharedLibraries == .warning {
      log.warning(message, at: place)
    } else {
      log.error(message, at: place)
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
