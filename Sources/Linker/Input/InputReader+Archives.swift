// Archives: a row for each member, lazy unless the archive is wanted whole.
//
// The archive's own index is ignored: names are interned for all members anyway, and an index may be
// missing or stale. Thin archives name files, or members of other archives.

internal import ELF

extension InputReader {
  mutating func readArchive(_ path: String, _ bytes: ByteView, _ request: InputRequest) {
    // Compilers name libgcc.a twice. Its members are all there, and searched until the end. But who
    // asks for all members twice gets them twice.
    let isNew = archives.insert(path).inserted
    guard isNew || request.switches.wholeArchive || nesting.contains(path), enter(path) else {
      return
    }
    defer { nesting.removeLast() }
    let members: [ArchiveMember]
    do throws(ArchiveError) {
      if let listed = listedMembers.removeValue(forKey: path) {
        members = listed
      } else {
        members = try ArchiveReader.members(of: bytes)
      }
    } catch {
      log.error(.malformedFile(path, error.description), at: position)
      return
    }
    for member in members { readMember(member, of: path, bytes, request) }
  }

  /// Begins to read a script or archive, which may name others; false, with a message, if it is
  /// being read already, or if so many were read that there can be no end.
  mutating func enter(_ path: String) -> Bool {
    guard nesting.count < 32, nestedCount < 1 << 16, !nesting.contains(path) else {
      // One message is enough, and the first may be one of very many.
      if !log.hasErrors { log.error(.scriptCycle(path), at: position) }
      return false
    }
    nesting.append(path)
    nestedCount += 1
    return true
  }

  private mutating func readMember(
    _ member: ArchiveMember, of path: String, _ bytes: ByteView, _ request: InputRequest
  ) {
    guard let (data, file) = memberData(member, of: path, bytes) else { return }
    var name: String { "\(path)(\(member.name.string))" }
    switch FileKind(data, for: machine) {
    case .object:
      let isLazy = !request.switches.wholeArchive
      if !readIntermediate(
        path, data, request, lazy: isLazy, member: member.name, in: file, isBitcode: false)
      {
        addObject(path, data, request, lazy: isLazy, member: member.name)
      }
    case .archive where member.isExternal, .thinArchive where member.isExternal:
      readArchive(member.path(fromArchive: path), data, request)
    case .sharedObject: addShared(path, data, request, member: member.name)
    case .bitcode:
      _ = readIntermediate(
        path, data, request, lazy: !request.switches.wholeArchive, member: member.name, in: file,
        isBitcode: true)
    case .foreign(let what): log.error(.foreignFile(name, what, outputName), at: position)
    case .empty, .text, .unknown, .archive, .thinArchive:
      // Archives also hold text files and tables of other tools, which nothing asks for.
      if request.switches.wholeArchive { log.error(.memberIsNoObject(name), at: position) }
    }
  }

  /// A member's bytes, and the file that they lie in: the archive, or what a thin archive names.
  private mutating func memberData(
    _ member: ArchiveMember, of path: String, _ bytes: ByteView
  ) -> (data: ByteView, file: (path: String, bytes: ByteView))? {
    guard member.isExternal else { return member.data(in: bytes).map { ($0, (path, bytes)) } }
    guard !member.name.isEmpty else {
      log.error(.malformedFile(path, "a member has no name"), at: position)
      return nil
    }
    guard member.name.find(0) == nil else {
      log.error(.malformedFile(path, "the name of a member has a zero byte"), at: position)
      return nil
    }
    let external = member.path(fromArchive: path)
    guard let result = open(external, memberOf: path) else { return nil }
    guard let file = result else {
      log.error(.malformedFile(path, "member \(external) does not exist"), at: position)
      return nil
    }
    inputs.noteRead(external, .member)
    guard let offset = member.nestedHeaderOffset else { return (file, (external, file)) }
    do throws(ArchiveError) {
      let nested = try nestedMember(of: external, file, at: offset)
      return nested.data(in: file).map { ($0, (external, file)) }
    } catch {
      log.error(.malformedFile(external, error.description), at: position)
      return nil
    }
  }

  private mutating func nestedMember(
    of path: String, _ bytes: ByteView, at offset: Int
  ) throws(ArchiveError) -> ArchiveMember {
    var table = nestedMembers[path]
    if table == nil {
      // The table of names may be anywhere, so all headers have to be read; once.
      table = [:]
      if !ArchiveReader.isThin(bytes) {
        for member in try ArchiveReader.members(of: bytes) { table?[member.headerOffset] = member }
      }
      nestedMembers[path] = table
    }
    if let member = table?[offset] { return member }
    throw ArchiveError(offset: offset, text: "there is no member here; make the archive again")
  }
}
