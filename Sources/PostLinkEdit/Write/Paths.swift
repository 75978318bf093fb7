// Small questions to the file system.

internal import ELF
internal import Glibc

/// `path` without symbolic links; unchanged if there is no such file.
func resolvedPath(_ path: String) -> String {
  guard let real = unsafe realpath(path, nil) else { return path }
  defer { unsafe free(real) }
  return unsafe String(cString: real)
}

/// What a folder holds.
struct FolderEntry {
  enum Kind { case file, folder, other }
  var name: String
  var kind: Kind
}

/// The entries of a folder, by name.
func folderEntries(_ path: String) throws(EditFailure) -> [FolderEntry] {
  guard let folder = unsafe opendir(path) else { throw .system("cannot read the folder '\(path)'") }
  defer { unsafe closedir(folder) }
  var names: [String] = []
  while let entry = unsafe readdir(folder) {
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted().map { name in
    var status = stat()
    let kind: FolderEntry.Kind =
      unsafe lstat(path + "/" + name, &status) != 0
      ? .other
      : status.st_mode & S_IFMT == S_IFDIR
        ? .folder : status.st_mode & S_IFMT == S_IFREG ? .file : .other
    return FolderEntry(name: name, kind: kind)
  }
}

/// Whether a path names a folder.
public func isFolder(_ path: String) -> Bool {
  var status = stat()
  return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// Whether a file is a program or a shared library of ELF, by its first bytes. Debug files are not:
/// nothing that they name is in them.
func isLinkedFile(_ path: String) -> Bool { linkedFileKind(path) != nil }

/// For what machine a program or a library is.
struct LinkedFileKind: Equatable {
  var format: Format
  var machine: UInt16
  init(_ format: Format, _ machine: UInt16) {
    self.format = format
    self.machine = machine
  }
}

/// The kind of a program or a shared library; nil if the file is neither, or there is none.
func linkedFileKind(_ path: String) -> LinkedFileKind? {
  let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { return nil }
  defer { close(file) }
  var head = [UInt8](repeating: 0, count: 20)
  guard unsafe read(file, &head, head.count) == head.count else { return nil }
  return head.withView { view in
    guard let format = Format(identification: view),
      let type = view.load(UInt16.self, at: 16, format.order),
      let machine = view.load(UInt16.self, at: 18, format.order),
      type == ET.EXEC || type == ET.DYN
    else { return nil }
    return LinkedFileKind(format, machine)
  }
}

func fileExists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

/// Files of arguments, one a line, for `@FILE` on a command line.
public enum ArgumentFile {
  /// The lines of the file at `path`, without the empty ones; what is not UTF-8 is replaced.
  public static func lines(_ path: String) throws(EditFailure) -> [String] {
    let text = String(decoding: try readFile(path), as: UTF8.self)
    return text.split(separator: "\n").map(String.init)
  }
}
