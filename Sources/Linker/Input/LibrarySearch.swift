// Where libraries are looked for: -l, -L, SEARCH_DIR, the sysroot.

internal import Glibc

struct LibrarySearch: Sendable {
  /// Folders in search order, sysroot resolved.
  let paths: [String]
  private let sysroot: String
  private let excluded: [String]
  private let options: Options

  /// The folders that ld on this system searches behind all -L.
  private static func standardPaths(_ target: TargetFacts) -> [String] {
    let triplet = target.libraryTriplet
    return ["/usr/local/lib/\(triplet)", "/lib/\(triplet)", "/usr/lib/\(triplet)"]
      + (target.libraryFolders + ["lib"]).flatMap { ["/usr/local/\($0)", "/\($0)", "/usr/\($0)"] }
  }

  init(_ options: Options, _ target: TargetFacts) {
    self.options = options
    sysroot = options.sysroot
    excluded = options.excludeLibs
    var paths = options.libraryPaths.map { LibrarySearch.resolve($0, sysroot: options.sysroot) }
    if !options.noStandardLibraryPaths {
      paths += LibrarySearch.standardPaths(target).map { options.sysroot + $0 }
    }
    self.paths = paths
  }

  /// `=` and `$SYSROOT` at the beginning stand for the sysroot.
  private static func resolve(_ path: String, sysroot: String) -> String {
    if path.hasPrefix("=") { return sysroot + path.dropFirst() }
    if path.hasPrefix("$SYSROOT") { return sysroot + path.dropFirst(8) }
    return path
  }

  /// A path in a script: as on the command line, and absolute paths of a script that lies in the
  /// sysroot are meant inside it.
  func resolve(_ path: String, inSysroot: Bool) -> String {
    if path.hasPrefix("/") && inSysroot { return sysroot + path }
    return LibrarySearch.resolve(path, sysroot: sysroot)
  }

  /// Whether the file at `path` lies in the sysroot, however both are spelled: compilers find their
  /// folders by `..`, and links lead into a sysroot.
  func isInSysroot(_ path: String) -> Bool {
    guard !sysroot.isEmpty, let root = LibrarySearch.realPath(options.located(sysroot)),
      root != "/", let file = LibrarySearch.realPath(options.located(path))
    else { return false }
    return file.hasPrefix(root + "/")
  }

  private static func realPath(_ path: String) -> String? {
    let result = Sightings.realPath(path)
    Sightings.notePlace(path, result)
    return result
  }

  /// A file that `-l name` may mean, and where to continue if it is not the one.
  func find(
    library name: String, isStatic: Bool, _ extra: [String] = [], from start: Int = 0
  ) -> (path: String, next: Int)? {
    let names =
      name.hasPrefix(":")
      ? [String(name.dropFirst())]
      : isStatic ? ["lib\(name).a"] : ["lib\(name).so", "lib\(name).a"]
    let folders = paths + extra
    var position = start
    while position < folders.count * names.count {
      let path = "\(folders[position / names.count])/\(names[position % names.count])"
      position += 1
      if isFile(path) { return (path, position) }
    }
    return nil
  }

  /// Whether there is something at `path`, and no folder.
  private func isFile(_ path: String) -> Bool {
    var status = stat()
    let path = options.located(path)
    guard stat(path, &status) == 0 else {
      Sightings.noteMissing(path, errno)
      return false
    }
    Sightings.note(path, status)
    return status.st_mode & S_IFMT != S_IFDIR
  }

  /// A file of this very name on the library paths.
  func find(fileNamed name: String) -> String? {
    guard !name.hasPrefix("/") else { return nil }
    return paths.lazy.map { "\($0)/\(name)" }.first { path in
      let path = options.located(path)
      Sightings.look(at: path)
      return access(path, F_OK) == 0
    }
  }

  /// Whether --exclude-libs names the archive at `path`.
  func excludesExports(_ path: String) -> Bool {
    guard !excluded.isEmpty else { return false }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return excluded.contains { $0 == name || ($0 == "ALL" && name.hasSuffix(".a")) }
  }
}
