// Reading and writing whole files. MapLang knows no file system; this is its only neighbour here.

import ArgumentParser
import Glibc
import MapLang

/// What went wrong with a file. Not ValidationError: nothing is wrong with the command line, so its
/// usage does not help.
struct FileFailure: Error, CustomStringConvertible {
  let description: String
  /// Whether the description names the place, so that the program need not be named.
  let isComplete: Bool
  init(_ description: String, isComplete: Bool = false) {
    self.description = description
    self.isComplete = isComplete
  }
}

enum Files {
  /// The bytes of a file, or of standard input for `-`.
  static func read(_ path: String) throws -> [UInt8] {
    guard let bytes = bytes(path) else {
      throw FileFailure("cannot read '\(path)': \(String(cString: strerror(errno)))")
    }
    return bytes
  }

  /// nil, with `errno` set, if the file cannot be read.
  static func bytes(_ path: String) -> [UInt8]? {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { if path != "-" { close(descriptor) } }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { return nil }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  /// Replaces a file at once: its readers see the old text or the new one. A symbolic link stays
  /// one; the file it leads to is replaced.
  static func replace(_ name: String, with bytes: [UInt8]) throws {
    func failure() -> FileFailure {
      FileFailure("cannot write '\(name)': \(String(cString: strerror(errno)))")
    }
    guard let resolved = realpath(name, nil) else { throw failure() }
    defer { free(resolved) }
    let path = String(cString: resolved)
    var status = stat()
    guard stat(path, &status) == 0 else { throw failure() }
    let temporary = path + ".swold-map.\(getpid())"
    let descriptor = open(
      temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, status.st_mode & 0o777)
    guard descriptor >= 0 else { throw failure() }
    let isWritten = write(bytes, to: descriptor)
    let isClosed = close(descriptor) == 0
    guard isWritten, isClosed, rename(temporary, path) == 0 else {
      let error = failure()
      unlink(temporary)
      throw error
    }
  }

  /// Writes a file, new or not. A device or a pipe is written to; a file in its place would be a disaster.
  static func create(_ path: String, with bytes: [UInt8]) throws {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      return try replace(path, with: bytes)
    }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw FileFailure("cannot write '\(path)': \(String(cString: strerror(errno)))")
    }
    let isWritten = write(bytes, to: descriptor)
    guard close(descriptor) == 0, isWritten else {
      throw FileFailure("cannot write '\(path)': \(String(cString: strerror(errno)))")
    }
  }

  /// Writes to the file of -o, or without one to standard output.
  static func put(_ text: String, _ path: String?) throws {
    if let path { try create(path, with: Array(text.utf8)) } else { try print(Array(text.utf8)) }
  }

  /// The program of that name in the folder of this one, or else along PATH.
  static func neighbour(_ name: String) -> String {
    guard let own = realpath("/proc/self/exe", nil) else { return name }
    defer { free(own) }
    let folder = String(cString: own).split(separator: "/", omittingEmptySubsequences: false)
      .dropLast().joined(separator: "/")
    let path = folder + "/" + name
    return access(path, X_OK) == 0 ? path : name
  }

  /// The text of an INCLUDE: beside the script, in the working directory, then along -L.
  static func find(
    _ name: String, includedFrom: String, directories: [String]
  ) -> (name: String, bytes: [UInt8])? {
    if case .found(let file) = load(
      name, includedFrom: includedFrom, directories: ["."] + directories)
    {
      return (file.name, file.bytes)
    }
    return nil
  }

  /// Prints what was asked for, all of it or an error.
  static func print(_ bytes: [UInt8]) throws {
    guard write(bytes, to: STDOUT_FILENO) else {
      throw FileFailure("cannot write to standard output: \(String(cString: strerror(errno)))")
    }
  }

  @discardableResult
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var written = 0
      while written < bytes.count {
        let count = Glibc.write(
          descriptor, bytes.baseAddress! + written, bytes.count - written)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { return false }
        written += count
      }
      return true
    }
  }

  static func complain(_ text: String) {
    write(Array((text + "\n").utf8), to: STDERR_FILENO)
  }

  /// An included file: beside the including one, then in the directories of `-L`.
  static func load(_ name: String, includedFrom: String, directories: [String]) -> LoadedFile {
    let beside = includedFrom.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
    var paths = [name]
    if !name.hasPrefix("/") {
      paths = [beside.isEmpty && !includedFrom.hasPrefix("/") ? name : beside + "/" + name]
      paths += directories.map { $0 + "/" + name }
    }
    for path in paths {
      if let bytes = bytes(path) { return .found(SourceFile(name: path, bytes: bytes)) }
      if errno != ENOENT && errno != ENOTDIR {
        return .unreadable(path: path, reason: String(cString: strerror(errno)))
      }
    }
    return .notFound
  }
}
