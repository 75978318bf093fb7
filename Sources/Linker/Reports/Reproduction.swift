// --reproduce and --repro: all that a link reads, in one archive, to be linked again elsewhere.
//
// Files keep their paths, below one folder; beside them are `response.txt`, the arguments, and
// `version.txt`. `swold @response.txt` in that folder changes into the place of the working directory,
// and takes absolute paths for paths below the folder (--chroot).

internal import ELF
internal import Glibc

extension Options {
  var wantsReproduction: Bool { reproduce || reproducePath != nil }

  /// Where a path of an input is: --chroot. There, folders may be missing that `..` would leave.
  func located(_ path: String) -> String {
    guard let chroot else { return path }
    return path.hasPrefix("/")
      ? chroot + Reproduction.simplified(path) : Reproduction.simplified(path)
  }
}

extension Inputs {
  func writeReproduction() {
    guard options.wantsReproduction else { return }
    let path = options.reproducePath ?? options.outputPath + ".repro.tar"
    do throws(TarFile.Failure) {
      try Reproduction(self).write(to: path)
    } catch {
      log.error(.cannotWrite(path, error.reason))
    }
  }
}

struct Reproduction {
  private let inputs: Inputs
  private let options: Options
  private let directory: String

  init(_ inputs: Inputs) {
    self.inputs = inputs
    options = inputs.options
    let current = getcwd(nil, 0)
    directory = current.map { String(cString: $0) } ?? "/"
    free(current)
  }

  func write(to path: String) throws(TarFile.Failure) {
    let file = try TarFile(path: path)
    let folder = Reproduction.folder(of: path)
    try file.add(folder: folder + directory)
    if let outputFolder { try file.add(folder: folder + place(of: outputFolder)) }
    try file.add("\(folder)/response.txt", response)
    try file.add("\(folder)/version.txt", Identification.swold.line + "\n")
    var known: Set<String> = []
    for read in inputs.readFiles {
      let place = place(of: read.path)
      guard known.insert(place).inserted else { continue }
      let opened = (try? MappedFile.open(options.located(read.path))) ?? nil
      if let opened { try file.add(folder + place, opened.bytes) }
    }
    try file.finish()
  }

  /// The name of the archive without its ending.
  private static func folder(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? "link"
    return name.hasSuffix(".tar") ? String(name.dropLast(4)) : name
  }

  /// The folder of the output, if it is a relative path.
  private var outputFolder: String? {
    guard !options.outputPath.hasPrefix("/"), let slash = options.outputPath.lastIndex(of: "/")
    else { return nil }
    return String(options.outputPath[..<slash])
  }

  /// The absolute path.
  private func place(of path: String) -> String {
    Reproduction.simplified(path.hasPrefix("/") ? path : directory + "/" + path)
  }

  private var response: String {
    let depth = directory.split(separator: "/").count
    var arguments: [String] = []
    if depth > 0 {
      arguments = ["-C", "." + directory, "--chroot"]
      arguments.append(Array(repeating: "..", count: depth).joined(separator: "/"))
    } else {
      arguments = ["--chroot", "."]
    }
    arguments += options.replayArguments
    // Nobody wants the output of a replay at its old place.
    if options.outputPath.hasPrefix("/"), let name = options.outputPath.split(separator: "/").last {
      arguments += ["-o", String(name)]
    }
    return arguments.map { Reproduction.quoted($0) + "\n" }.joined()
  }

  /// An argument as a response file has it.
  private static func quoted(_ argument: String) -> String {
    guard argument.isEmpty || argument.contains(where: { $0.isWhitespace || "\"'\\@".contains($0) })
    else { return argument }
    return "\"" + argument.flatMap { "\"\\".contains($0) ? ["\\", $0] : [$0] } + "\""
  }

  /// A path without `.` and `..`, as far as it says what they are.
  static func simplified(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else if part != ".." || !path.hasPrefix("/") {
        parts.append(part)
      }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }
}
