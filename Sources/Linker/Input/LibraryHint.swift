// What a `-l` that finds nothing may have meant: looked for among the files of the search paths,
// after the error is certain.

internal import Glibc
internal import Text

enum LibraryHint: Equatable {
  /// The shared library is there, and only archives are admitted.
  case onlyShared(path: String)
  /// The library is there under its versioned name only.
  case onlyVersioned(path: String, wanted: String)
  /// The nearest name that could stand behind `-l`, and what it would find.
  case misspelt(nearest: String, path: String)

  init?(_ name: String, isStatic: Bool, folders: [String]) {
    var candidates: [(name: String, path: String)] = []
    for folder in folders {
      for file in LibraryHint.files(in: folder) {
        let path = "\(folder)/\(file)"
        if name.hasPrefix(":") {
          candidates.append((":" + file, path))
        } else if file == "lib\(name).so" {
          self = .onlyShared(path: path)
          return
        } else if !isStatic && file.hasPrefix("lib\(name).so.") {
          self = .onlyVersioned(path: path, wanted: "lib\(name).so")
          return
        } else if let candidate = LibraryHint.name(of: file, isStatic: isStatic) {
          candidates.append((candidate, path))
        }
      }
    }
    guard let index = LibraryHint.nearest(to: name, among: candidates.map(\.name)) else {
      return nil
    }
    self = .misspelt(nearest: candidates[index].name, path: candidates[index].path)
  }

  var text: String {
    switch self {
    case .onlyShared(let path):
      "\(path) is a shared library, which -static, -Bstatic, -n and -N exclude"
    case .onlyVersioned(let path, let wanted):
      "\(path) is there, but no \(wanted) that links need; a package for development may have it"
    case .misspelt(let nearest, let path): "did you mean -l\(nearest)? it is \(path)"
    }
  }

  /// What stands behind `-l` for a file.
  private static func name(of file: String, isStatic: Bool) -> String? {
    guard file.hasPrefix("lib"), file.hasSuffix(".a") || !isStatic && file.hasSuffix(".so") else {
      return nil
    }
    let end = file.lastIndex(of: ".") ?? file.endIndex
    let name = file[..<end].dropFirst(3)
    return name.isEmpty ? nil : String(name)
  }

  private static func nearest(to name: String, among candidates: [String]) -> Int? {
    // `-llibfoo.a` and `-lFoo` mean `-lfoo`.
    let stripped =
      LibraryHint.name(of: name.hasPrefix("lib") ? name : "lib" + name, isStatic: false)
      ?? (name.hasPrefix("lib") ? String(name.dropFirst(3)) : name)
    if let index = candidates.firstIndex(of: stripped) { return index }
    let lowercase = stripped.lowercased()
    if let index = candidates.firstIndex(where: { $0.lowercased() == lowercase }) { return index }
    return nearestName(to: name, among: candidates).flatMap { candidates.firstIndex(of: $0) }
  }

  /// The names in a folder, sorted, but archives last: `-l` finds them second.
  private static func files(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      names.append(name)
    }
    return names.sorted { first, second in
      let isArchive = (first.hasSuffix(".a"), second.hasSuffix(".a"))
      return isArchive.0 == isArchive.1 ? first < second : isArchive.1
    }
  }
}
