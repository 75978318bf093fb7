// Warns where two C libraries meet in one output.
//
// A library made for musl in a program of glibc, or start files of the one beside the other's libc.a,
// links without an error, for both define the same names; the program then does not start, or has two
// heaps. What is looked at says for certain which of the two it was made for; plain objects do not.
//
// Before: it is known which files take part. After: nothing has changed.

internal import ELF

/// A C library for Linux.
private enum LibraryFlavour: String {
  case glibc, musl
}

/// Something that was made for a C library, and what says so.
private struct FlavourEvidence {
  let flavour: LibraryFlavour
  let text: String
}

extension Program {
  func compareLibraryFlavours() {
    let evidence = neededSharedObjects.compactMap(flavour(ofLibrary:)) + flavoursOfStartCode()
    var all = evidence
    if let interpreter = flavourOfInterpreter() { all.insert(interpreter, at: 0) }
    guard let first = all.first, let other = all.first(where: { $0.flavour != first.flavour })
    else { return }
    log.warning(
      .mixedLibraries(
        all.filter { $0.flavour == first.flavour }.map(\.text), first.flavour.rawValue,
        all.filter { $0.flavour == other.flavour }.map(\.text), other.flavour.rawValue))
  }

  /// By the name of the C library that it needs, or is.
  private func flavour(ofLibrary id: FileID) -> FlavourEvidence? {
    let library = inputs.sharedObjects[Int(files[id.index].sharedIndex)]
    let names = [(library.soname, "is")] + library.needed.map { ($0.string, "needs") }
    for (name, verb) in names {
      guard let flavour = LibraryFlavour(soname: name, library) else { continue }
      return FlavourEvidence(
        flavour: flavour, text: "\(inputs.displayName(id)) \(verb) \(name)")
    }
    return nil
  }

  /// Start files, and the start code in libc.a.
  private func flavoursOfStartCode() -> [FlavourEvidence] {
    var found: [FlavourEvidence] = []
    for number in 0..<files.count where files[number].kind == .object {
      let file = files[number]
      let id = FileID(number)
      let isStartFile = file.member.isEmpty && inputs.paths[Int(file.path)].hasSuffix("crt1.o")
      guard isStartFile || LibraryFlavour(startMember: file.member) != nil, isLive(id) else {
        continue
      }
      let flavour = isStartFile ? flavour(ofStartFile: file) : .init(startMember: file.member)
      guard let flavour else { continue }
      found.append(
        FlavourEvidence(
          flavour: flavour, text: "\(inputs.displayName(id)) belongs to \(flavour.rawValue)"))
    }
    return found
  }

  /// glibc's begin with a note that says for which system they are, musl's call C at once.
  private func flavour(ofStartFile file: InputFile) -> LibraryFlavour? {
    for index in file.globals
    where file.symbols[index].sectionIndex != SHN.UNDEF
      && file.symbolName(index).string == "_start_c"
    { return .musl }
    let headers = file.sectionHeaders
    for index in 0..<headers.count
    where file.sectionName(headers[index]).string == ".note.ABI-tag" { return .glibc }
    return nil
  }

  private func flavourOfInterpreter() -> FlavourEvidence? {
    guard isDynamic, options.outputKind.isExecutable, let path = options.dynamicLinker,
      let name = path.split(separator: "/").last
    else { return nil }
    let flavour: LibraryFlavour? =
      name.hasPrefix("ld-musl-") ? .musl : name.hasPrefix("ld-linux") ? .glibc : nil
    return flavour.map { FlavourEvidence(flavour: $0, text: "the dynamic linker is \(path)") }
  }
}

extension LibraryFlavour {
  /// - Parameter library: the one that has or needs the name. Android's `libc.so` has versions.
  init?(soname: String, _ library: SharedObject) {
    switch soname {
    case "libc.so.6", "libc.so.6.1": self = .glibc
    case "libc.so" where library.versionNames.allSatisfy(\.isEmpty): self = .musl
    case _ where soname.hasPrefix("libc.musl-"): self = .musl
    default: return nil
    }
  }

  /// - Parameter startMember: of an archive.
  init?(startMember: ByteView) {
    switch startMember.count {
    case 12 where startMember.string == "libc-start.o": self = .glibc
    case 20 where startMember.string == "__libc_start_main.lo": self = .musl
    default: return nil
    }
  }
}
