// The command line of patchelf, for build tools that call it: `swold-edit patchelf OPTION… FILE…`, or the
// program under the name `swold-patchelf`. Options of patchelf 0.14 to 0.17 mean what they mean there, in its order;
// what is different is said by patchelfHelp. Files without an option that writes stay as they are.

import ArgumentParser
import Glibc
import PostLinkEdit

struct PatchELF: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patchelf", abstract: "Takes the options of patchelf.",
    usage: "swold-edit patchelf OPTION… FILE…", discussion: patchelfHelp)

  @Argument(parsing: .captureForPassthrough, help: "The options of patchelf, then files.")
  var words: [String] = []

  func run() throws {
    var request = PatchELFRequest()
    try request.read(words)
    let code = try request.run()
    if code != 0 { throw ExitCode(code) }
  }

  /// Whether the program was called by its other name.
  static func isMeant(by program: String) -> Bool {
    let name = program.split(separator: "/").last ?? ""
    return name == "swold-patchelf" || name == "patchelf"
  }
}

private let patchelfHelp = """
  --print-interpreter  --print-soname  --print-rpath  --print-needed
  --set-interpreter PATH  --set-soname NAME
  --set-rpath DIRS  --add-rpath DIRS  --remove-rpath  --shrink-rpath
  --allowed-rpath-prefixes PREFIXES  --force-rpath
  --add-needed LIBRARY  --remove-needed LIBRARY  --replace-needed OLD NEW
  --no-default-lib  --clear-symbol-version SYMBOL
  --output FILE  --debug  --version

  Values that begin with @ are the contents of a file. Unlike patchelf: all files are edited or none; what \
  is so already is not made twice; a library whose symbol versions are needed is not removed.

  Example:
    swold-edit patchelf --set-rpath '$ORIGIN/../lib' app
  """

/// What a command line of patchelf asks for.
private struct PatchELFRequest {
  private var prints: Set<String> = []
  private var interpreter: String?
  private var soname: String?
  private var runPath: (option: String, value: String)?
  private var prefixes: [String]?
  private var isLegacy = false
  private var added: [String] = []
  private var removed: [String] = []
  private var replaced: [(String, String)] = []
  private var unversioned: [String] = []
  private var hasNoDefaultLibraries = false
  private var output: String?
  private var isVerbose = false
  private var files: [String] = []

  mutating func read(_ words: [String]) throws {
    var rest = words[...]
    func next(_ option: String) throws -> String {
      guard let word = rest.popFirst() else {
        throw ValidationError("'\(option)' lacks an argument")
      }
      guard word.hasPrefix("@") else { return word }
      return String(decoding: try ScriptParser.read(String(word.dropFirst())), as: UTF8.self)
    }
    while let word = rest.popFirst() {
      switch word {
      case "--print-interpreter", "--print-soname", "--print-rpath", "--print-needed":
        prints.insert(word)
      case "--set-interpreter", "--interpreter": interpreter = try next(word)
      case "--set-soname": soname = try next(word)
      case "--set-rpath", "--add-rpath": try setRunPath(word, next(word))
      case "--remove-rpath", "--shrink-rpath": try setRunPath(word, "")
      case "--allowed-rpath-prefixes":
        prefixes = try next(word).split(separator: ":").map(String.init)
      case "--force-rpath": isLegacy = true
      case "--add-needed": added.append(try next(word))
      case "--remove-needed": removed.append(try next(word))
      case "--replace-needed": replaced.append((try next(word), try next(word)))
      case "--no-default-lib": hasNoDefaultLibraries = true
      case "--clear-symbol-version": unversioned.append(try next(word))
      case "--output": output = try next(word)
      case "--debug": isVerbose = true
      case "--version":
        // auditwheel asks for 0.14.5 at least, in this form.
        emit("patchelf 0.17.2 (swold-edit \(postLinkEditVersion))", to: 1)
        throw ExitCode.success
      case "--help", "-h":
        emit(patchelfHelp, to: 1)
        throw ExitCode.success
      // Nothing is sorted.
      case "--no-sort": break
      case "--page-size":
        throw ValidationError(
          "'--page-size' is not taken: new segments have the largest alignment of the file")
      default:
        guard !word.hasPrefix("--") else {
          throw ValidationError("'\(word)' is no option of patchelf that swold-edit knows")
        }
        files.append(word)
      }
    }
    if files.isEmpty { throw ValidationError("a file is missing") }
    if output != nil, files.count > 1 { throw ValidationError("--output takes one input file") }
  }

  private mutating func setRunPath(_ option: String, _ value: String) throws {
    if let other = runPath?.option, other != option {
      throw ValidationError("'\(option)' and '\(other)' exclude each other")
    }
    runPath = (option, value)
  }

  /// In the order in which patchelf makes them, whatever that of the options.
  private var edits: [Edit] {
    var verbs: [Verb] = []
    if let interpreter { verbs.append(.interpreter(interpreter)) }
    if let soname { verbs.append(.soname(soname)) }
    switch runPath?.option {
    case "--set-rpath":
      verbs.append(.runPath(.set(runPath?.value ?? ""), legacy: isLegacy, scrub: false))
    case "--add-rpath":
      verbs.append(.runPath(.convert, legacy: isLegacy, scrub: false))
      verbs.append(.runPath(.add(runPath?.value ?? ""), legacy: isLegacy, scrub: false))
    case "--remove-rpath": verbs.append(.runPath(.remove, legacy: nil, scrub: false))
    case "--shrink-rpath":
      verbs.append(.runPath(.convert, legacy: isLegacy, scrub: false))
      verbs.append(
        .runPath(.shrink(root: nil, prefixes: prefixes), legacy: isLegacy, scrub: false))
    default: break
    }
    verbs += removed.map { .needed(.remove($0)) }
    verbs += replaced.map { .needed(.replace($0.0, with: $0.1)) }
    verbs += added.map { .needed(.add($0, first: true)) }
    verbs += unversioned.map { .symbol($0, .unversion) }
    if hasNoDefaultLibraries { verbs.append(.flags([.nodeflib], add: true)) }
    return verbs.map { verb in
      var edit = Edit(verb, name: "patchelf")
      edit.ifNeeded = true
      return edit
    }
  }

  func run() throws -> Int32 {
    for file in files where !prints.isEmpty { try show(file) }
    let edits = edits
    guard !edits.isEmpty || output != nil else { return 0 }
    // As patchelf: a file that has several names stays one file, and nothing waits for the disk.
    let target = output.map { ["-o", $0] } ?? ["-i", "--hardlinks", "rewrite"]
    var batch = Batch(options: try WriteOptions.parse(target + ["--no-fsync"]))
    batch.isQuiet = true
    batch.isVerbose = isVerbose
    return try batch.run(edits, script: [], on: files)
  }

  private func show(_ file: String) throws {
    let inspection = try Inspection(path: file)
    if let problem = inspection.problems.first {
      throw EditFailure(.malformed, "'\(file)': \(problem)")
    }
    if prints.contains("--print-interpreter") {
      guard let path = inspection.values(of: .interp).first else {
        throw EditFailure(.unsupported, "'\(file)' has no interpreter")
      }
      emit(path, to: 1)
    }
    if prints.contains("--print-soname"), let name = inspection.values(of: .soname).first {
      emit(name, to: 1)
    }
    if prints.contains("--print-rpath") { emit(inspection.values(of: .rpath).first ?? "", to: 1) }
    if prints.contains("--print-needed") {
      for name in inspection.values(of: .needed) { emit(name, to: 1) }
    }
  }
}
