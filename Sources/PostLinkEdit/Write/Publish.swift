// The last step of a commit: finished files go from their temporary names to their places. What can
// fail, a full disk above all, has failed before; what is left are renames. If one of them is refused
// nevertheless, those before it are undone, so that of several files all are new or all are old. Only
// a crash between two renames leaves some of each, every one of them whole.

internal import ELF
internal import Glibc

/// The finished files of an edit, not yet in their places. Ends with `publish` or `discard`.
public struct StagedEdit: Sendable {
  struct File: Sendable {
    var temporary: String
    var path: String
    /// The name under which the old file is kept.
    var backup: String?
    /// The contents go into the old file, which has several names.
    var rewrites = false
  }
  var files: [File] = []
  /// Devices and pipes with what they get.
  var streams: [(path: String, bytes: [UInt8])] = []
  let syncs: Bool

  init(syncs: Bool) { self.syncs = syncs }

  /// The files that `publish` writes or replaces, as real paths.
  public var paths: [String] { files.map(\.path) }

  /// Deletes the finished files; their places stay as they are.
  public func discard() {
    for file in files { unsafe unlink(file.temporary) }
  }

  /// Puts the files of several edits in their places, or none.
  public static func publish(_ edits: [StagedEdit]) throws(EditFailure) {
    var move = Publication(edits.flatMap(\.files))
    do throws(EditFailure) {
      for stream in edits.flatMap(\.streams) { try write(stream.bytes, to: stream.path) }
      try move.run()
    } catch {
      move.undo()
      for edit in edits { edit.discard() }
      throw error
    }
    move.finish()
    var folders = Set<String>()
    for file in edits.filter(\.syncs).flatMap(\.files) {
      let folder = file.path.lastIndex(of: "/").map { String(file.path[..<$0]) } ?? "."
      if folders.insert(folder).inserted { syncDirectory(folder.isEmpty ? "/" : folder) }
    }
  }

  private static func syncDirectory(_ path: String) {
    let file = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard file >= 0 else { return }
    fsync(file)
    close(file)
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(EditFailure) {
    let file = unsafe open(path, O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { throw .system("cannot write '\(path)'") }
    defer { close(file) }
    try writeAll(bytes[...], to: file, path)
  }

  fileprivate static func writeAll(
    _ bytes: ArraySlice<UInt8>, to file: Int32, _ path: String
  ) throws(EditFailure) {
    var rest = bytes
    while !rest.isEmpty {
      let got = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { throw .system("cannot write '\(path)'") }
      rest = rest.dropFirst(got)
    }
  }
}

/// Renames that can be undone.
private struct Publication {
  let files: [StagedEdit.File]
  /// Second names of old files: those that stay, and those to undo a rename with.
  private var backups: [String] = []
  private var old: [Old] = []
  private var renamed = 0

  /// What was in a place before.
  private enum Old {
    case nothing
    case file(secondName: String)
    /// A file that has no second name, so what is there now stays.
    case lost
  }

  init(_ files: [StagedEdit.File]) { self.files = files }

  mutating func run() throws(EditFailure) {
    for file in files {
      guard let backup = file.backup else { continue }
      guard unsafe link(file.path, backup) == 0 else {
        throw .system("cannot keep the old file as '\(backup)'")
      }
      backups.append(backup)
    }
    if files.count > 1 {
      for file in files {
        let name = file.temporary + ".old"
        if file.rewrites {
          old.append(.lost)
        } else if unsafe link(file.path, name) == 0 {
          old.append(.file(secondName: name))
        } else {
          // A file system without links has no way back, which is no reason not to go.
          old.append(errno == ENOENT ? .nothing : .lost)
        }
      }
    }
    for file in files {
      if file.rewrites {
        try rewrite(file)
      } else if unsafe rename(file.temporary, file.path) != 0 {
        throw .system("cannot rename over '\(file.path)'")
      }
      renamed += 1
    }
  }

  /// Copies the contents into the old file.
  private func rewrite(_ file: StagedEdit.File) throws(EditFailure) {
    let content = try readFile(file.temporary)
    let target = unsafe open(file.path, O_WRONLY | O_CLOEXEC)
    guard target >= 0 else { throw .system("cannot write '\(file.path)'") }
    defer { close(target) }
    try StagedEdit.writeAll(content[...], to: target, file.path)
    guard ftruncate(target, off_t(content.count)) == 0, fsync(target) == 0 else {
      throw .system("cannot write '\(file.path)'")
    }
    unsafe unlink(file.temporary)
  }

  func undo() {
    for index in 0..<min(renamed, old.count) {
      switch old[index] {
      case .nothing: unsafe unlink(files[index].path)
      case .file(let name): unsafe rename(name, files[index].path)
      case .lost: break
      }
    }
    finish()
    for backup in backups { unsafe unlink(backup) }
  }

  func finish() {
    for case .file(let name) in old { unsafe unlink(name) }
  }
}
