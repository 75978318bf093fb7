// SHT_LLVM_DEPENDENT_LIBRARIES: objects that name the libraries they need, as clang makes of
// `#pragma comment(lib, "m")`. (LLVM Extensions, "Dependent Libraries")
//
// They come behind all that the command line names. A library that a member of an archive asks for
// counts only if something of it is needed, for nobody knows yet whether the member takes part.

internal import ELF

extension InputReader {
  /// The names in the rows from `first` on, each once, in order.
  func dependentLibraries(from first: Int) -> [(name: String, isLazy: Bool)] {
    guard options.dependentLibraries, options.outputKind != .relocatable else { return [] }
    var found: [(name: String, isLazy: Bool)] = []
    for row in first..<rows.count where inputs.files[row].hasDependentLibraries {
      let file = inputs.files[row]
      for index in 0..<file.sectionCount {
        let header = file.sectionHeaders[index]
        guard header.type == SHT.LLVM_DEPENDENT_LIBRARIES else { continue }
        guard let bytes = file.contents(header), bytes.isEmpty || bytes[bytes.count - 1] == 0 else {
          let reason = "section \(index) with names of libraries does not end in a NUL byte"
          log.error(
            .malformedFile(inputs.displayName(FileID(row)), reason),
            at: inputs.place(FileID(row), section: index))
          continue
        }
        for text in bytes.buffer.split(separator: 0) {
          let name = String(decoding: text, as: UTF8.self)
          if let known = found.firstIndex(where: { $0.name == name }) {
            if !file.isLazy { found[known].isLazy = false }
          } else {
            found.append((name, file.isLazy))
          }
        }
      }
    }
    return found
  }

  /// A name is that of a library, else of a file on the library paths, else a path. (lld)
  mutating func readDependent(_ name: String, isLazy: Bool) {
    var switches = InputSwitches()
    switches.isStatic = options.isStatic
    switches.asNeeded = isLazy
    let isLibrary = search.find(library: name, isStatic: switches.isStatic, extraSearchPaths) != nil
    if isLibrary { return readLibrary(name, switches) }
    for path in [search.find(fileNamed: name), name] {
      guard let path, case .some(.some(let bytes)) = open(path) else { continue }
      return readFile(path, bytes, InputRequest(switches: switches, neededName: path))
    }
    if !isLazy { log.error(.noDependentLibrary(name), at: position) }
  }
}

extension Message {
  static func noDependentLibrary(_ name: String) -> Message {
    Message(
      "noDependentLibrary",
      "cannot find the library '\(name)', which an object asks for by itself (.deplibs); name its "
        + "folder with -L, or say --no-dependent-libraries")
  }
}
