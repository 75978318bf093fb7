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
    for number in 0..<files.count {
      let (id, file) = (FileID(number), files[number])
      guard file.kind == .shared,
        !program.fileFlags[id].isDisjoint(with: [.needed, .loadedByOthers])
      else { continue }
      let shared = inputs.sharedObjects[Int(file.sharedIndex)]
      guard shared.needed.allSatisfy({ present.contains($0.string) }) else { continue }
      for index in file.globals {
        let symbol = file.symbols[index]
        guard symbol.sectionIndex == SHN.UNDEF, symbol.binding != STB.WEAK else { continue }
        let definition = program.definition[file.symbolID(index)]
        let facts = program.flags[definition]
        let version = shared.version(of: index)?.name
        if !facts.isDisjoint(with: [.shared, .exported]) {
          // Any `foo` serves who needs `foo`; who needs `foo@V` is not served by another version.
          guard let version, !isVersion(version, of: definition, facts) else { continue }
        } else if facts.contains(.discarded) {
          continue
        }
        // The program can do without it, which says that there need not be one. (lld)
        if facts.isSuperset(of: [.undefined, .referenced]), !facts.contains(.stronglyReferenced) {
          continue
        }
        doubtful.append(
          SharedReference(definition: definition, user: id, index: index, version: version))
      }
    }
    guard !doubtful.isEmpty else { return }
    let elsewhere = definitionsInLibraries(of: doubtful)
    for reference in doubtful {
      let isMet = (elsewhere[name(reference)] ?? []).contains { definition in
        if let version = reference.version {
          definition.version == version
        } else {
          definition.isFindable
        }
      }
      if !isMet { report(reference) }
    }
  }

  /// Whether a definition is one of this version: in a library, or in an object by its name.
  private func isVersion(_ version: ByteView, of definition: SymbolID, _ facts: SymbolFlags) -> Bool
  {
    let entry = inputs.entry(of: definition)
    let file = files[entry.file.index]
    guard file.kind == .shared else {
      return ExplicitVersion.parts(of: file.symbolName(entry.index))?.version == version
    }
    let shared = inputs.sharedObjects[Int(file.sharedIndex)]
    return shared.version(of: entry.index)?.name == version
  }

  /// An undefined entry of a shared library, and what it leads to in this link.
  private struct SharedReference {
    var definition: SymbolID
    var user: FileID
    /// The entry in the symbol table of `user`.
    var index: Int
    /// The version that it needs.
    var version: ByteView?
  }

  private func name(_ reference: SharedReference) -> ByteView {
    files[reference.user.index].symbolName(reference.index)
  }

  /// A definition in a library, its version if it has one, and whether a name without one finds it.
  private typealias LibraryDefinition = (version: ByteView?, isFindable: Bool)

  /// How libraries define those names: the dynamic linker may find such a definition although this
  /// link chose another, which is not visible or of another version, or none, because of
  /// --as-needed.
  private func definitionsInLibraries(
    of references: [SharedReference]
  ) -> [ByteView: [LibraryDefinition]] {
    let names = program.names
    let wanted = Set(references.map { name($0) })
    let sieve = NameSieve(
      wanted, references.map { names[files[$0.user.index].symbolID($0.index)] })
    var found: [ByteView: [LibraryDefinition]] = [:]
    for number in 0..<files.count where files[number].kind == .shared {
      let file = files[number]
      let (shared, symbols) = (inputs.sharedObjects[Int(file.sharedIndex)], file.symbols)
      for index in file.globals where symbols[index].sectionIndex != SHN.UNDEF {
        let number = names[file.symbolID(index)]
        // What a name without a version does not find has no number.
        guard
          sieve.mayContain(number)
            || number.index == 0 && sieve.mayContain(file.symbolName(index))
        else { continue }
        let name = file.symbolName(index)
        guard wanted.contains(name) else { continue }
        let isFindable = program.isFindable(symbols[index], index, file)
        found[name, default: []].append((shared.version(of: index)?.name, isFindable))
      }
    }
    return found
  }

  private func report(_ reference: SharedReference) {
    let name = name(reference)
    let user = inputs.displayName(reference.user)
    let facts = program.flags[reference.definition]
    if reference.version == nil && !facts.contains(.undefined) {
      let definition = inputs.displayName(inputs.file(of: reference.definition))
      return report(
        .neededSymbolIsHidden(
          program.demangled(name), isHidden: facts.isHidden, in: definition, user: user),
        name, reference)
    }
    let version = reference.version.map { "@\($0.string)" } ?? ""
    var notes = ["referenced by \(user) (--allow-shlib-undefined ignores this)"]
    if reference.version != nil { notes += versionHints(name) }
    report(
      .undefinedSymbol(program.demangled(name) + version, notes: notes), name, reference)
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

/// Tells most names that are not among a few from those that may be, by their numbers or, where they
/// have none, without a hash of each: every link of a C program asks for all names of the C library.
private struct NameSieve {
  private var lengths: UInt64 = 0
  private var ends: UInt64 = 0
  /// A bit for the low 12 bits of each number.
  private var numbers = [UInt64](repeating: 0, count: 64)

  init(_ names: Set<ByteView>, _ numbers: [NameID]) {
    for name in names {
      lengths |= bit(name.count)
      ends |= bit(end(name))
    }
    for number in numbers { self.numbers[word(number)] |= bit(number.index) }
  }

  func mayContain(_ name: ByteView) -> Bool {
    lengths & bit(name.count) != 0 && ends & bit(end(name)) != 0
  }

  func mayContain(_ number: NameID) -> Bool { numbers[word(number)] & bit(number.index) != 0 }

  private func word(_ number: NameID) -> Int { number.index >> 6 & 63 }

  private func bit(_ number: Int) -> UInt64 { 1 << UInt64(number & 63) }

  private func end(_ name: ByteView) -> Int { name.count > 0 ? Int(name[name.count - 1]) : 0 }
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
