// Libraries: what `-l` finds along the search paths.
//
// On systems for several machines a folder may hold the library of the right name for another one.
// Such files, and scripts that stand in for them, are passed over, and the search goes on.

internal import ELF

extension InputReader {
  mutating func readLibrary(_ name: String, _ switches: InputSwitches) {
    var passedOver: [(path: String, what: String)] = []
    var next = 0
    while let (found, after) = search.find(
      library: name, isStatic: switches.isStatic, extraSearchPaths, from: next)
    {
      let path = options.remaps.path(for: found)
      guard case .some(.some(let bytes)) = open(path) else { return }
      next = after
      if let what = foreignLibrary(path, bytes) {
        passedOver.append((path, what))
        continue
      }
      if options.warnSearchMismatch {
        for (path, what) in passedOver {
          log.warning(.incompatibleLibrary(path, name, what), at: position)
        }
      }
      let fileName = path.split(separator: "/").last.map(String.init) ?? path
      return readFile(path, bytes, InputRequest(switches: switches, neededName: fileName))
    }
    let folders = search.paths + extraSearchPaths
    log.error(
      .libraryNotFound(
        name, searched: folders, isStatic: switches.isStatic, passedOver: passedOver,
        hint: passedOver.isEmpty
          ? LibraryHint(name, isStatic: switches.isStatic, folders: folders) : nil),
      at: position)
    ErrorHandlingScript(options, log)?.run(.missingLibrary, name)
  }

  /// What a library is, if it is for another machine or of another format: told by the file itself,
  /// by the first object of an archive, or by the format that a script names. nil: it may be used,
  /// or has defects of its own, which are reported when it is read.
  private mutating func foreignLibrary(_ path: String, _ bytes: ByteView) -> String? {
    switch FileKind(bytes, for: machine) {
    case .foreign(let what): return what
    case .unknown: return FileKind.otherFormat(bytes)
    case .text: return (try? LibraryScript(bytes))?.foreignFormat(inputs.target)
    case .archive, .thinArchive: return foreignArchive(path, bytes)
    case .empty, .object, .sharedObject, .bitcode: return nil
    }
  }

  private mutating func foreignArchive(_ path: String, _ bytes: ByteView) -> String? {
    var result: String?
    _ = try? ArchiveReader.firstMember(of: bytes) { member in
      guard let data = data(of: member, inArchive: path, bytes) else { return true }
      switch FileKind(data, for: machine) {
      case .foreign(let what): result = what
      case .unknown: result = FileKind.otherFormat(data)
      case .text, .empty: return false  // archives also hold other things than objects
      case .object, .sharedObject, .bitcode, .archive, .thinArchive: break
      }
      return true
    }
    return result
  }

  private mutating func data(
    of member: ArchiveMember, inArchive path: String, _ bytes: ByteView
  ) -> ByteView? {
    guard member.isExternal else { return member.data(in: bytes) }
    guard !member.name.isEmpty, member.nestedHeaderOffset == nil,
      case .some(.some(let file)) = open(member.path(fromArchive: path))
    else { return nil }
    return file
  }
}
