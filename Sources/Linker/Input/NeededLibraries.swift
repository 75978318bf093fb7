// --copy-dt-needed-entries: the libraries that shared libraries name in DT_NEEDED take part as well, so
// that a program may use what a library of its libraries defines. Each is recorded only if the program
// does.

internal import ELF

extension InputReader {
  /// Reads what the shared libraries from row `first` on need.
  mutating func readNeeded(from first: Int) {
    guard options.copyDTNeeded, options.outputKind != .relocatable, !options.isStatic else {
      return
    }
    let known = Set(inputs.sharedObjects.map(\.soname))
    let end = rows.count
    for row in first..<end where inputs.files[row].kind == .shared {
      let shared = inputs.sharedObjects[Int(inputs.files[row].sharedIndex)]
      let path = inputs.paths[Int(inputs.files[row].path)]
      for name in shared.needed.map(\.string) where !known.contains(name) {
        if askedFor.insert(name).inserted { readNeeded(name, by: path, shared) }
      }
    }
  }

  private mutating func readNeeded(_ name: String, by path: String, _ shared: SharedObject) {
    let origin = Self.folder(of: path)
    let own = shared.runPaths.flatMap { $0.string.split(separator: ":") }.map { folder in
      folder.hasPrefix("$ORIGIN") ? origin + folder.dropFirst(7) : String(folder)
    }
    var switches = InputSwitches()
    switches.asNeeded = true
    for folder in options.rpathLinkPaths + options.rpaths + own + search.paths {
      let candidate = "\(folder)/\(name)"
      guard case .some(.some(let bytes)) = open(candidate),
        FileKind(bytes, for: machine) == .sharedObject
      else { continue }
      return readFile(candidate, bytes, InputRequest(switches: switches, neededName: name))
    }
    log.warning(.neededLibraryNotFound(name, by: path), at: position)
  }
}

extension Message {
  static func neededLibraryNotFound(_ name: String, by path: String) -> Message {
    Message(
      "neededLibraryNotFound",
      "\(name), which \(path) needs, is not found; name its folder with --rpath-link or --rpath")
  }
}
