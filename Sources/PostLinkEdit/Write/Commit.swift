// Making it so. The result is written to a temporary file in the target's directory, made durable if it
// takes the place of the file that was read, given the mode, owner and extended attributes of the
// original, and renamed over the target. At every moment the target is the old file or the new one. A
// running program is no obstacle: it keeps the old file. Files beside the target (exports, debug files)
// are renamed first. The renames themselves, of one file or of many, are in Publish.swift.

internal import CFileSystem
internal import ELF
internal import Glibc

/// How the result is stored.
public struct CommitOptions: Sendable {
  /// What to do with a target that has several names.
  public enum HardLinks: String, Sendable, CaseIterable {
    /// Do not write.
    case refuse
    /// Write a new file under this name; the other names keep the old one.
    case `break`
    /// Write into the file itself, which is not atomic.
    case rewrite
  }
  /// The new file; nil edits in place.
  public var output: String?
  /// With in-place editing: the old file is kept as target + suffix.
  public var backup: String?
  /// Only asked when the target has more than one name.
  public var hardLinks = HardLinks.refuse
  /// The result gets the times of access and modification of the target.
  public var keepsDates = false
  /// Whether a run waits until the data is on the disk, before the rename.
  public enum Durability: Sendable {
    case always
    /// Where the result takes the place of the file that was read. Elsewhere that one is still there
    /// after a power failure.
    case inPlace
    case never
  }
  /// What a power failure may cost.
  public var durability = Durability.inPlace

  /// Stores the result in `output`; nil edits in place.
  public init(output: String? = nil) { self.output = output }
}

extension EditSession {
  /// Writes side files and the target. Call `verify` first.
  public func commit(_ commit: CommitOptions) throws(EditFailure) {
    try StagedEdit.publish([stage(commit)])
  }

  /// Writes side files and the target beside their places, where nobody sees them: the part of a commit
  /// that may fail. Call `verify` first.
  public func stage(_ commit: CommitOptions) throws(EditFailure) -> StagedEdit {
    let target = try prepareTarget(commit)
    let syncs = waits(commit, for: target)
    var staged = StagedEdit(syncs: syncs)
    for side in sideFiles where side.path != "-" {
      guard resolvedPath(side.path) != target else {
        throw EditFailure(.inputOutput, "'\(side.path)' is the target itself")
      }
    }
    do throws(EditFailure) {
      for side in sideFiles where side.path != "-" && !isDevice(side.path) {
        staged.files.append(try writeSideFile(side, syncs))
      }
      if let target, isChanged || commit.output != nil, !isDevice(target) {
        var file = try writeTarget(target, commit, syncs)
        if commit.output == nil, isChanged { file.backup = commit.backup.map { target + $0 } }
        staged.files.append(file)
      }
    } catch {
      staged.discard()
      throw error
    }
    // Devices and pipes are written to; a rename would put a file in their place.
    for side in sideFiles where side.path != "-" && isDevice(side.path) {
      staged.streams.append((side.path, side.bytes))
    }
    if let target, isDevice(target) { staged.streams.append((target, working.bytes.array)) }
    return staged
  }

  /// Puts the files in their places that exports, dumps and splits make, for a caller who stores the
  /// result himself, as `target`. Call `verify` first.
  public func commitSideFiles(besides target: String) throws(EditFailure) {
    let target = resolvedPath(target)
    for side in sideFiles where side.path == "-" || resolvedPath(side.path) == target {
      throw EditFailure(
        .inputOutput,
        side.path == "-"
          ? "to=- writes to standard output, which a link may not"
          : "'\(side.path)' is the output itself", hint: "name another file with to=")
    }
    var commit = CommitOptions()
    commit.durability = .never
    try self.commit(commit)
  }

  /// The real path of the target, after the checks that need no writing. Nil for an image in
  /// memory without an output.
  private func prepareTarget(_ commit: CommitOptions) throws(EditFailure) -> String? {
    if let output = commit.output { return resolvedPath(output) }
    guard let path = working.path else { return nil }
    let real = resolvedPath(path)
    var now = stat()
    var then = stat()
    guard unsafe stat(real, &now) == 0, unsafe fstat(working.descriptor, &then) == 0 else {
      throw .system("cannot examine '\(path)'")
    }
    guard now.st_ino == then.st_ino, now.st_dev == then.st_dev, now.st_size == then.st_size,
      Int(now.st_size) == working.original.count
    else {
      throw EditFailure(
        .inputOutput, "'\(path)' was changed by somebody else meanwhile", hint: "try again")
    }
    if now.st_nlink > 1, commit.hardLinks == .refuse, isChanged {
      throw EditFailure(
        .hardLink, "'\(path)' has \(now.st_nlink) names (hard links)",
        hint: "--hardlinks break separates this one, --hardlinks rewrite changes all")
    }
    return real
  }

  /// Whether data must be on the disk before it gets its name.
  private func waits(_ commit: CommitOptions, for target: String?) -> Bool {
    guard commit.durability == .inPlace else { return commit.durability == .always }
    guard commit.output != nil, let target else { return true }
    var old = stat()
    var new = stat()
    return unsafe fstat(working.descriptor, &old) == 0 && stat(target, &new) == 0
      && old.st_ino == new.st_ino && old.st_dev == new.st_dev
  }

  /// Appended signatures cover the whole file, so any edit makes them wrong.
  func refuseSignedOverlay() throws(EditFailure) {
    guard isChanged, let old = try? Image(working.original), !plan.dropsOverlay else { return }
    let marker = Array("~Module signature appended~\n".utf8)
    let overlay = old.overlay
    guard let tail = overlay.suffix(from: max(0, overlay.count - marker.count)),
      marker.withView({ $0 == tail })
    else { return }
    throw EditFailure(
      .signedOverlay, "the file carries an appended module signature, which the edit makes invalid",
      hint: "--overlay drop removes the signature; sign again afterwards")
  }

  // MARK: Files

  /// `/dev/null`, a terminal, a pipe: something that has no contents to keep.
  private func isDevice(_ path: String) -> Bool {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return false }
    return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }

  /// What the process takes away from the permissions of new files. Read once: reading sets it.
  private static let creationMask: mode_t = {
    let mask = umask(0)
    umask(mask)
    return mask
  }()

  private func writeSideFile(
    _ side: SideFile, _ syncs: Bool
  ) throws(EditFailure) -> StagedEdit.File {
    let path = resolvedPath(side.path)
    let (file, temporary) = try createTemporary(for: path)
    defer { close(file) }
    do throws(EditFailure) {
      var offset = 0
      for piece in side.pieces {
        try write(piece, to: file, at: offset, temporary)
        offset += piece.count
      }
      fchmod(file, 0o666 & ~EditSession.creationMask)
      if syncs, fsync(file) != 0 { throw .system("cannot write '\(side.path)'") }
    } catch {
      unsafe unlink(temporary)
      throw error
    }
    return StagedEdit.File(temporary: temporary, path: path)
  }

  private func writeTarget(
    _ path: String, _ commit: CommitOptions, _ syncs: Bool
  ) throws(EditFailure) -> StagedEdit.File {
    var status = stat()
    let hasOriginal = unsafe working.descriptor >= 0 && fstat(working.descriptor, &status) == 0
    let rewrites = commit.output == nil && commit.hardLinks == .rewrite && status.st_nlink > 1
    if rewrites { warn(.inputOutput, "'\(path)' is rewritten in place, which is not atomic") }
    let (file, temporary) = try createTemporary(for: path)
    defer { close(file) }
    do throws(EditFailure) {
      try copyContents(to: file, temporary)
      if hasOriginal { try restoreAttributes(file, status, commit) } else { fchmod(file, 0o755) }
      if commit.keepsDates, hasOriginal {
        let times = [status.st_atim, status.st_mtim]
        _ = unsafe times.withUnsafeBufferPointer { unsafe futimens(file, $0.baseAddress) }
      }
      if syncs, fsync(file) != 0 { throw .system("cannot write '\(path)'") }
    } catch {
      unsafe unlink(temporary)
      throw error
    }
    return StagedEdit.File(temporary: temporary, path: path, rewrites: rewrites)
  }

  private func createTemporary(for path: String) throws(EditFailure) -> (Int32, String) {
    for attempt in 0..<100 {
      let temporary = "\(path).swold-edit-\(getpid())-\(attempt)"
      let file = unsafe open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      if file >= 0 { return (file, temporary) }
      guard errno == EEXIST else { throw .system("cannot create a file beside '\(path)'") }
    }
    throw EditFailure(.inputOutput, "cannot create a file beside '\(path)'")
  }

  /// Copies what remains of the original inside the kernel, wherever it is now, then writes the
  /// rest.
  private func copyContents(to file: Int32, _ name: String) throws(EditFailure) {
    // Room all at once is a quarter cheaper than page by page. If there is none, the writes will say so.
    swold_allocate(file, off_t(working.count))
    var copied = RangeSet()
    if working.descriptor >= 0 {
      for span in working.spans {
        let count = copy(span.origin, span.count, to: file, at: span.offset)
        copied.insert(UInt64(span.offset), UInt64(span.offset + count))
      }
    }
    var rest = working.dirty
    for gap in copied.gaps(in: 0..<UInt64(working.count)) { rest.insert(gap) }
    try writeRanges(rest, to: file, name)
    guard ftruncate(file, off_t(working.count)) == 0 else {
      throw .system("cannot write '\(name)'")
    }
  }

  /// Copies bytes of the original inside the kernel.
  /// - Returns: how many; fewer where the file systems cannot.
  private func copy(_ origin: Int, _ count: Int, to file: Int32, at offset: Int) -> Int {
    var from = off_t(origin)
    var to = off_t(offset)
    let end = offset + count
    while to < end {
      let got = unsafe swold_copy_file_range(working.descriptor, &from, file, &to, end - Int(to))
      if got < 0, errno == EINTR { continue }
      if got <= 0 { break }
    }
    return Int(to) - offset
  }

  private func write(
    _ piece: FilePiece, to file: Int32, at offset: Int, _ name: String
  ) throws(EditFailure) {
    switch piece {
    case .bytes(let bytes):
      try bytes.withView { view throws(EditFailure) in
        try writeAll(file, view, at: offset, name)
      }
    case .original(let view, let origin):
      let done = working.descriptor >= 0 ? copy(origin, view.count, to: file, at: offset) : 0
      guard let rest = view.suffix(from: done) else { return }
      try writeAll(file, rest, at: offset + done, name)
    }
  }

  private func writeRanges(_ ranges: RangeSet, to file: Int32, _ name: String) throws(EditFailure) {
    for range in ranges.ranges {
      let start = Int(range.lowerBound)
      guard let part = working.bytes.slice(start, Int(range.upperBound) - start) else { continue }
      try writeAll(file, part, at: start, name)
    }
  }

  private func writeAll(
    _ file: Int32, _ view: ByteView, at offset: Int, _ name: String
  ) throws(EditFailure) {
    var done = 0
    while done < view.count {
      let count = min(view.count - done, 1 << 24)
      guard let part = view.slice(done, count) else { return }
      let got = unsafe pwrite(file, part.buffer.baseAddress, count, off_t(offset + done))
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { throw .system("cannot write '\(name)'") }
      done += got
    }
  }

  // MARK: Attributes

  private func restoreAttributes(
    _ file: Int32, _ status: stat, _ commit: CommitOptions
  ) throws(EditFailure) {
    var mode = status.st_mode & 0o7777
    if commit.output == nil {
      var now = stat()
      unsafe fstat(file, &now)
      if now.st_uid != status.st_uid || now.st_gid != status.st_gid,
        fchown(file, status.st_uid, status.st_gid) != 0
      {
        if mode & 0o6000 != 0 {
          warn(.ownership, "the owner cannot be kept, so setuid and setgid are dropped")
        } else {
          warn(.ownership, "the owner cannot be kept")
        }
        mode &= 0o1777
      }
    } else {
      mode &= 0o777
    }
    guard fchmod(file, mode) == 0 else { throw .system("cannot set the mode") }
    if commit.output == nil { copyExtendedAttributes(to: file) }
  }

  private func copyExtendedAttributes(to file: Int32) {
    let source = working.descriptor
    let size = flistxattr(source, nil, 0)
    guard size > 0 else { return }
    var names = [UInt8](repeating: 0, count: size)
    let got = unsafe names.withUnsafeMutableBytes {
      unsafe flistxattr(source, $0.bindMemory(to: CChar.self).baseAddress, size)
    }
    guard got > 0 else { return }
    for name in names[..<got].split(separator: 0) {
      let text = String(decoding: name, as: UTF8.self)
      let length = unsafe fgetxattr(source, text, nil, 0)
      guard length >= 0 else { continue }
      var value = [UInt8](repeating: 0, count: max(length, 1))
      let result = unsafe value.withUnsafeMutableBytes { buffer in
        let read = unsafe fgetxattr(source, text, buffer.baseAddress, length)
        return read < 0 ? -1 : unsafe fsetxattr(file, text, buffer.baseAddress, read, 0)
      }
      if result != 0 { warn(.ownership, "the extended attribute '\(text)' cannot be kept") }
    }
  }
}
