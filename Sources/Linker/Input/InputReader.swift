// Turns the inputs of the command line into rows of the file table.
//
// The walk over the command line is serial, for its order is the priority of the files; opening the
// files before it and reading their tables after it are parallel.

internal import ELF
internal import Parallel

/// What an input's switches and its surroundings say about the file they lead to.
struct InputRequest {
  var switches: InputSwitches
  /// The name that DT_NEEDED gets if the library has no DT_SONAME.
  var neededName: String
}

struct InputReader {
  let inputs: Inputs
  let options: Options
  let log: DiagnosticEngine
  var search: LibrarySearch
  /// What the link is for, and who said so: an option or a file.
  var machine: Machine?
  var machineSource = ""
  /// The file that the output will replace.
  private let output: FileIdentity?

  var rows: [InputFile] = []
  private var rowIsShared: [Bool] = []
  private var neededNames: [String] = []
  /// The scripts and archives that are being read, the outermost first.
  var nesting: [String] = []
  /// The archives that were read.
  var archives: Set<String> = []
  /// The place of the current input in the list of arguments.
  private(set) var argumentPosition = 0
  /// How many scripts and archives were read.
  var nestedCount = 0
  /// The members of archives that thin archives name members of, by the offset of their headers.
  var nestedMembers: [String: [Int: ArchiveMember]] = [:]
  private var opened: [String: MappedFile] = [:]
  /// The members of ordinary archives that the command line names by path, until they are read.
  var listedMembers: [String: [ArchiveMember]] = [:]
  var extraSearchPaths: [String] = []
  var groups = InputGroups()
  /// The libraries that objects ask for.
  var askedFor: Set<String> = []

  init(_ inputs: Inputs) {
    self.inputs = inputs
    options = inputs.options
    log = inputs.log
    search = LibrarySearch(inputs.options, Machine.native.facts)
    output = FileIdentity(ofRegularFile: inputs.options.outputPath)
  }

  /// Reads all inputs into the file table.
  mutating func read() {
    openNamedFiles()
    chooseMachine()
    for input in options.inputs {
      read(input)
      groups.count(input, rows: rows.count)
    }
    readAddedLibraries()
    addIdentification()
    var first = 0
    repeat {
      makeFileTable(keeping: first)
      if isSmall { inputs.pool.sharing = options.threadCount == nil ? .never : .always }
      readTables(from: first)
      let libraries = dependentLibraries(from: first)
      let last = first
      first = rows.count
      readNeeded(from: last)
      for library in libraries where askedFor.insert(library.name).inserted {
        readDependent(library.name, isLazy: library.isLazy)
      }
    } while rows.count > first
    handOverIfNeeded()
    dropRepeatedSharedObjects()
    numberSymbols()
  }

  /// Whether the link is over before a second thread would have begun: a few milliseconds of work.
  private var isSmall: Bool {
    rows.count < 2000 && rows.reduce(0) { $0 + $1.bytes.count } < 16 << 20
  }

  // MARK: Opening

  /// Opens the files that the command line names by path, and lists the members of the archives among
  /// them, in parallel.
  private mutating func openNamedFiles() {
    let options = options
    let paths = options.inputs.compactMap { input -> String? in
      if case .file(let path) = input.source { return options.remaps.path(for: path) }
      return nil
    }
    guard paths.count > 8 else { return }
    let results = Block<MappedFile?>(count: paths.count)
    // The first look at a file is a page fault.
    let areArchives = Block<Bool>(count: paths.count)
    inputs.pool.parallelFor(paths.count, grain: 16) { range, _ in
      for index in range {
        // Errors are found again, and reported, by the walk.
        results[index] = try? MappedFile.open(options.located(paths[index]))
        guard let bytes = results[index]?.bytes else { continue }
        areArchives[index] = ArchiveReader.isArchive(bytes) && !ArchiveReader.isThin(bytes)
      }
    }
    var archives: [(path: String, bytes: ByteView)] = []
    for (index, path) in paths.enumerated() {
      guard let file = results[index] else { continue }
      remember(file, path)
      if areArchives[index] { archives.append((path, file.bytes)) }
    }
    results.release()
    areArchives.release()
    listMembers(of: archives)
  }

  /// Headers of members lie all over an archive, one page fault each.
  private mutating func listMembers(of archives: [(path: String, bytes: ByteView)]) {
    guard archives.count > 1, inputs.pool.count > 1 else { return }
    let lists = Results<[ArchiveMember]?>(repeating: nil, count: archives.count)
    inputs.pool.parallelForEach(archives.count) { index, _ in
      // Errors are found again, as above.
      lists.set(try? ArchiveReader.members(of: archives[index].bytes), at: index)
    }
    for (index, archive) in archives.enumerated() { listedMembers[archive.path] = lists[index] }
    lists.release()
  }

  /// The file at `path`; nil if there is none. Reports other failures.
  mutating func open(_ path: String, memberOf archive: String? = nil) -> ByteView?? {
    if let file = opened[path] { return .some(.some(file.bytes)) }
    do {
      guard let file = try MappedFile.open(options.located(path)) else { return .some(.none) }
      remember(file, path)
      return .some(.some(file.bytes))
    } catch {
      let message: Message =
        if let archive {
          .malformedFile(archive, "member \(path) cannot be opened: \(error.reason)")
        } else {
          .cannotOpen(path, error.reason)
        }
      log.error(message, at: position)
      return .none
    }
  }

  private mutating func remember(_ file: MappedFile, _ path: String) {
    opened[path] = file
    if file.identity == output { log.error(.inputIsOutput(path), at: position) }
  }

  /// Where a diagnostic about the file that is being read belongs.
  var position: Place { Place(file: UInt32(rows.count) &+ 1) }

  // MARK: The walk

  private mutating func read(_ input: InputArgument) {
    argumentPosition = input.position
    switch input.source {
    case .file(let named), .script(let named):
      let path = options.remaps.path(for: named)
      let request = InputRequest(switches: input.switches, neededName: path)
      guard let result = open(path) else { return }
      if let bytes = result { return readFile(path, bytes, request) }
      var other: String?
      if case .script = input.source {
        other = search.find(fileNamed: path)
      } else if path.hasPrefix("=") {
        other = search.resolve(path, inSysroot: false)
      }
      if let other, case .some(.some(let bytes)) = open(other) {
        return readFile(other, bytes, request)
      }
      log.error(.fileNotFound(path), at: position)
    case .library(let name):
      readLibrary(name, input.switches)
    case .startGroup, .endGroup:
      break  // archives are searched until nothing is missing anyway
    case .justSymbols(let path):
      readJustSymbols(path, input.switches)
    }
  }

  mutating func readFile(_ path: String, _ bytes: ByteView, _ request: InputRequest) {
    inputs.noteRead(path, .input, firstRow: rows.count)
    if request.switches.isBinary {
      addObject(path, BinaryInput.object(of: bytes, path: path), request, lazy: false)
      return
    }
    switch FileKind(bytes, for: machine) {
    case .empty: break  // an empty file is an object with nothing in it
    case .object:
      let isLazy = request.switches.inLibrary
      if !readIntermediate(
        path, bytes, request, lazy: isLazy, in: (path, bytes), isBitcode: false)
      {
        addObject(path, bytes, request, lazy: isLazy)
      }
    case .sharedObject: addShared(path, bytes, request)
    case .archive, .thinArchive: readArchive(path, bytes, request)
    case .text: readScript(path, bytes, request)
    case .bitcode:
      _ = readIntermediate(
        path, bytes, request, lazy: request.switches.inLibrary, in: (path, bytes), isBitcode: true)
    case .foreign(let what): log.error(.foreignFile(path, what, outputName), at: position)
    case .unknown:
      log.error(
        FileKind.otherFormat(bytes).map { .foreignFile(path, $0, outputName) }
          ?? .unknownFileType(path),
        at: position)
    }
  }

  private mutating func pathIndex(_ path: String) -> UInt32 {
    if let last = inputs.paths.last, last == path { return UInt32(inputs.paths.count - 1) }
    inputs.paths.append(path)
    return UInt32(inputs.paths.count - 1)
  }

  mutating func addObject(
    _ path: String, _ bytes: ByteView, _ request: InputRequest, lazy: Bool,
    member: ByteView = ByteView()
  ) {
    var row = InputFile()
    row.kind = .object
    row.bytes = bytes
    row.isLazy = lazy
    row.path = pathIndex(path)
    row.member = member
    row.excludesExports = search.excludesExports(path)
    rows.append(row)
    neededNames.append("")
  }

  mutating func addShared(
    _ path: String, _ bytes: ByteView, _ request: InputRequest, member: ByteView = ByteView()
  ) {
    let isMember = !member.isEmpty
    let name = isMember ? "\(path)(\(member.string))" : path
    if options.outputKind == .relocatable || request.switches.isStatic {
      // What nobody asks for in an archive does no harm.
      if isMember && !request.switches.wholeArchive { return }
      log.error(
        options.outputKind == .relocatable
          ? .sharedInRelocatableLink(name) : .sharedInStaticLink(name), at: position)
      return
    }
    var row = InputFile()
    row.kind = .shared
    row.bytes = bytes
    // A member is recorded by its own name, and like other members only if something needs it.
    row.isAsNeeded = request.switches.asNeeded || isMember && !request.switches.wholeArchive
    row.path = pathIndex(path)
    row.member = member
    rows.append(row)
    let file = member.string.split(separator: "/").last.map(String.init)
    neededNames.append(isMember ? file ?? member.string : request.neededName)
  }

  /// Puts the linker's own line into `.comment`, if there is anything to link.
  private mutating func addIdentification() {
    guard !rows.isEmpty, options.outputKind != .relocatable else { return }
    addObject(
      "<swold>", BinaryInput.identification(Identification.swold.line),
      InputRequest(switches: InputSwitches(), neededName: ""), lazy: false)
    rows[rows.count - 1].isMade = true
  }

  // MARK: The table

  /// The first `count` rows have been read already.
  private func makeFileTable(keeping count: Int) {
    let files = Block<InputFile>(count: rows.count + 1)
    for index in 0..<count { files[index] = inputs.files[index] }
    for (index, row) in rows.enumerated().dropFirst(count) {
      files[index] = row
      if row.kind == .shared {
        files[index].sharedIndex = UInt32(inputs.sharedObjects.count)
        inputs.sharedObjects.append(SharedObject())
      }
    }
    files[rows.count].kind = .linker
    inputs.files = files
    inputs.fileGroups = groups.list(rows: rows.count)
  }

  /// Reads headers and symbol tables, each file by one worker.
  private func readTables(from first: Int) {
    let (inputs, files, log, names) = (inputs, inputs.files, log, neededNames)
    let sharedObjects = Results(inputs.sharedObjects)
    let leavesCommons = !inputs.options.definesCommons
    inputs.pool.parallelFor(rows.count - first) { range, _ in
      for index in first + range.lowerBound..<first + range.upperBound {
        do throws(MalformedFile) {
          if files[index].kind == .shared {
            let shared = try files[index].readSharedObject(fileName: names[index])
            sharedObjects.set(shared, at: Int(files[index].sharedIndex))
          } else {
            try files[index].readObject()
            if leavesCommons { files[index].leaveCommonsUndefined(inputs.target) }
          }
        } catch {
          let file = FileID(index)
          log.error(.malformedFile(inputs.displayName(file), error.reason), at: inputs.place(file))
        }
      }
    }
    inputs.sharedObjects = sharedObjects.values
  }

  /// A library that is named twice is one library: the later rows become empty.
  private func dropRepeatedSharedObjects() {
    var seen: [String: Int] = [:]
    for index in 0..<rows.count where inputs.files[index].kind == .shared {
      let soname = inputs.sharedObjects[Int(inputs.files[index].sharedIndex)].soname
      if let first = seen[soname] {
        if !inputs.files[index].isAsNeeded { inputs.files[first].isAsNeeded = false }
        inputs.files[index].symbols = RecordView()
        inputs.files[index].firstGlobal = 0
        inputs.files[index].isAsNeeded = true
      } else {
        seen[soname] = index
      }
    }
  }

  /// Gives every symbol table a range of ids.
  private func numberSymbols() {
    var next = 1
    for index in 0..<rows.count {
      inputs.files[index].symbolBase = UInt32(next)
      next += inputs.files[index].symbolCount
      // The linker's own symbols need some, too.
      if next > 1 << 31 {
        log.error(.tooMuch("symbols", Int(1) << 31), at: inputs.place(FileID(index)))
        inputs.files[index].symbols = RecordView()
        next = Int(inputs.files[index].symbolBase)
      }
    }
    inputs.symbolCount = next
  }
}
