// Which files the link opened, and in what order: for --trace and --dependency-file.

/// A file that was opened for its content.
struct ReadFile: Sendable {
  enum Role: Sendable {
    /// An object, archive, shared library or script of the command line or of a script.
    case input
    /// A member of a thin archive.
    case member
    /// A version script, a section map, a list of symbols.
    case text
  }

  let path: String
  let role: Role
  /// How many rows the file table had when the file was opened: its own rows begin there.
  let firstRow: Int
}

extension Inputs {
  /// Notes that `path` was opened. Serial, like all reading of the command line.
  func noteRead(_ path: String, _ role: ReadFile.Role, firstRow: Int = 0) {
    readFiles.append(ReadFile(path: path, role: role, firstRow: firstRow))
  }
}
