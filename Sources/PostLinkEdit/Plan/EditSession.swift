// A run: open, apply edits in memory, verify, commit. All edits of a run are one transaction.
// Each edit is resolved against the image as the edits before it left it, checked by guards, and
// made in the working copy; the file on disk is not touched before every edit has passed and the
// result has been compared with the plan. Throwing the session away is the way to roll back.

internal import ELF

/// What a caller decides about a run.
public struct EditOptions: Sendable {
  /// Codes that `--allow` waives; only waivable ones have an effect.
  public var allowed: Set<DiagnosticCode> = []
  /// Every edit succeeds without effect if the file is already so.
  public var ifNeeded = false
  /// Drop the bytes behind the ELF file's end.
  public var dropsOverlay = false
  public init() {}
}

/// Bytes that an edit changed.
public struct WriteRecord: Sendable {
  /// The virtual and the load address, if the bytes are loaded.
  public var virtualAddress: UInt64?
  /// As `virtualAddress`: where the bytes are stored.
  public var loadAddress: UInt64?
  /// The offset in the file at the time of the edit.
  public var offset: UInt64
  /// The bytes before the edit.
  public var old: [UInt8]
  /// The bytes after it; as many as `old`.
  public var new: [UInt8]
}

/// What one edit did.
public struct EditReport: Sendable {
  /// The verb as the user wrote it.
  public var name: String
  /// Where the edit was written; nil if a Swift caller made it.
  public var location: EditLocation?
  /// What happened, in words; empty if nothing had to.
  public var summary: [String] = []
  /// In the order in which they were made.
  public var writes: [WriteRecord] = []
}

/// A file that an edit makes beside its target.
public struct SideFile: Sendable {
  /// `-` for the standard output; else resolved against the working directory.
  public var path: String
  /// The contents in order.
  var pieces: [FilePiece]
  /// The whole contents. Valid while the session is.
  public var bytes: [UInt8] { pieces.bytes }

  init(path: String, bytes: [UInt8]) { self.init(path: path, pieces: [.bytes(bytes)]) }
  init(path: String, pieces: [FilePiece]) {
    self.path = path
    self.pieces = pieces
  }
}

/// One transaction on one file.
///
/// ```swift
/// let session = try EditSession(path: "app")
/// try session.apply([Edit(.put(.slot("ident"), .string("1.2"), padding: nil))])
/// try session.verify()
/// try session.commit(CommitOptions(output: nil))
/// ```
/// Not thread-safe.
public final class EditSession {
  /// As the caller gave them; they hold for every edit of the session.
  public let options: EditOptions
  let working: WorkingFile
  /// The working copy, decoded. Renewed after every change.
  private(set) var image: Image
  var plan = Plan()
  /// Bytes that a digest has read, and what read them.
  var coverage: [Covered] = []
  var relocated: RelocatedBytes?
  /// How often somebody has asked for them.
  var relocationChecks = 0
  /// What each edit did, in order.
  public internal(set) var reports: [EditReport] = []
  /// In the order of the edits.
  public internal(set) var warnings: [EditWarning] = []
  /// Files that exports, dumps and splits make; written by `commit` before the target.
  public internal(set) var sideFiles: [SideFile] = []
  var hasSplitDebug = false
  /// Where `rewriteSections` has just put the section header table.
  var newSectionTableOffset = 0
  var edit = Edit(.seal(drop: false))

  struct Covered {
    var what: String
    /// Virtual addresses; unloaded bytes are never covered except by `wholeFile`.
    var ranges: RangeSet
    var wholeFile = false
  }

  /// Opens a file. Throws if it is no ELF file, contradicts itself, or is of a kind that has no
  /// addresses to keep (relocatable objects, archives, core files).
  public convenience init(path: String, options: EditOptions = EditOptions()) throws(EditFailure) {
    do throws(EditFailure) {
      try self.init(WorkingFile(path: path), options)
    } catch {
      throw EditFailure(
        error.code, error.message.contains(path) ? error.message : "'\(path)': \(error.message)",
        hint: error.hint)
    }
  }

  /// Works on a copy of a linked image in memory.
  public convenience init(
    image bytes: [UInt8], options: EditOptions = EditOptions()
  ) throws(EditFailure) {
    let file = try bytes.withView { view throws(EditFailure) in try WorkingFile(copying: view) }
    try self.init(file, options)
  }

  /// Works on a linked image that the caller keeps valid and unchanged while the session is used.
  public convenience init(
    borrowing image: UnsafeRawBufferPointer, options: EditOptions = EditOptions()
  ) throws(EditFailure) {
    let view = unsafe ByteView(image)
    try self.init(WorkingFile(copying: view, borrows: !view.isEmpty), options)
  }

  private init(_ working: WorkingFile, _ options: EditOptions) throws(EditFailure) {
    self.working = working
    self.options = options
    image = try Image(working.bytes)
    try EditSession.requireSound(image)
    _ = try image.registry()
    if options.dropsOverlay, !image.overlay.isEmpty {
      try working.replace(image.end..<working.count, with: [])
      plan.dropsOverlay = true
      image = try Image(working.bytes)
    }
  }

  static func requireSound(_ image: Image) throws(EditFailure) {
    if image.type == ET.REL {
      throw EditFailure(
        .relocatable, "the file is a relocatable object", hint: "edit the linked program instead")
    }
    guard image.type == ET.EXEC || image.type == ET.DYN else {
      throw EditFailure(.unsupported, "only programs and shared libraries can be edited")
    }
    guard let problem = image.problems.first else { return }
    throw EditFailure(.malformed, problem, hint: "swold-edit show lists all problems")
  }

  /// Applies edits in order. After a failure the session must not be used any more.
  public func apply(_ edits: [Edit]) throws(EditFailure) {
    for edit in edits {
      self.edit = edit
      if options.ifNeeded { self.edit.ifNeeded = true }
      reports.append(EditReport(name: edit.name, location: edit.location))
      do throws(EditFailure) {
        try perform(edit.verb)
      } catch {
        let failure = blame(error)
        throw edit.location.map { failure.located($0) } ?? failure
      }
    }
  }

  private func perform(_ verb: Verb) throws(EditFailure) {
    switch verb {
    case .put(let place, let data, let padding): try put(place, data, padding)
    case .poke(let width, let place, let value, let endian, let wrap):
      try poke(width, place, value, endian, wrap)
    case .fill(let ranges, let pattern, let claim, let all):
      try fill(ranges, pattern, claim: claim, all: all)
    case .pad(let to, let size, let byte): try pad(to: to, size: size, byte)
    case .insert(let name, let data, let mode, let alignment, let flags, let lma):
      try insert(name, data, mode, alignment, flags, lma)
    case .section(let name, let action): try editSection(name, action)
    case .entry(let value, let vectors): try setEntry(value, vectors)
    case .lmaAll(let delta, let remap): try moveAllLoadAddresses(delta, remap: remap)
    case .lmaSegment(let index, let address): try moveLoadAddress(index, address)
    case .interpreter(let path): try setInterpreter(path)
    case .runPath(let action, let legacy, let scrub):
      try editRunPath(action, legacy: legacy, scrub: scrub)
    case .needed(let action): try editNeeded(action)
    case .soname(let name): try setSoname(name)
    case .symbol(let name, let action, let dynamic):
      try editSymbol(name, action, dynamic: dynamic)
    case .executableStack(let isWanted): try setExecutableStack(isWanted)
    case .flags(let flags, let add): try editFlags(flags, add: add)
    case .header(let fields): try editHeader(fields)
    case .noteSet(let owner, let type, let data, let section, let loaded):
      try setNote(owner, type, data, section, loaded)
    case .noteRemove(let owner, let type): try removeNote(owner, type)
    case .buildID(let action): try editBuildID(action)
    case .debug(let action): try editDebug(action)
    case .digest(let algorithm, let coverage, let place, let endian, let word):
      try digest(algorithm, coverage, place, endian, word)
    case .export(let format, let coverage, let options, let path):
      try export(format, coverage, options, to: path)
    case .assert(let condition, let message):
      guard try evaluate(condition).value != 0 else {
        throw EditFailure(.assertion, "assertion failed: \(message)")
      }
      note("holds: \(message)")
    case .sign(let command, let coverage, let slot, let padding):
      try sign(command, coverage, slot, padding)
    case .seal(let drop): try seal(drop: drop)
    }
  }

  // MARK: State

  /// Decodes the working copy anew.
  func refresh() throws(EditFailure) {
    image = try Image(working.bytes)
    guard image.problems.isEmpty else {
      throw EditFailure(.verification, "the edit damaged the file: \(image.problems[0])")
    }
  }

  func note(_ text: String) { reports[reports.count - 1].summary.append(text) }

  func warn(_ code: DiagnosticCode, _ message: String) {
    guard !warnings.contains(where: { $0.code == code && $0.message == message }) else { return }
    warnings.append(EditWarning(code: code, message: message, location: edit.location))
  }

  /// The file already is as the edit wants it: fine with `if-needed`, refused otherwise.
  func nothingToDo(
    _ message: String, _ code: DiagnosticCode = .noEffect
  ) throws(EditFailure) {
    guard edit.ifNeeded else {
      throw EditFailure(code, message, hint: "add if-needed to accept this")
    }
  }

  func isAllowed(_ code: DiagnosticCode) -> Bool {
    code.isWaivable && options.allowed.contains(code)
  }

  /// The data of an edit as bytes of this file.
  func bytes(of data: EditData) throws(EditFailure) -> [UInt8] {
    switch data {
    case .bytes(let bytes): return bytes
    case .file(let path): return try readFile(path)
    case .zero(let count):
      guard count <= UInt64(WorkingFile.growth) else {
        throw EditFailure(.value, "zero:\(count) is too large")
      }
      return [UInt8](repeating: 0, count: Int(count))
    case .integer(let value, let size): return image.format.encode(value, size: size)
    }
  }

  /// Whether the working copy differs from the file.
  public var isChanged: Bool {
    if working.count != working.original.count { return true }
    for range in working.changed.ranges {
      let length = range.upperBound - range.lowerBound
      guard
        working.original.slice(range.lowerBound, length)
          == working.bytes.slice(range.lowerBound, length)
      else { return true }
    }
    return false
  }

  /// The file as it will be.
  public var result: [UInt8] { working.bytes.array }

  /// The size of the file as it will be, in bytes.
  public var resultSize: Int { working.count }

  /// Stores what is new into a buffer of `resultSize` bytes that holds the bytes of the original.
  public func store(in buffer: UnsafeMutableRawBufferPointer) {
    precondition(buffer.count == working.count)
    for range in working.changed.ranges {
      let start = Int(range.lowerBound)
      guard let part = working.bytes.slice(start, Int(range.upperBound) - start) else { continue }
      let target = unsafe UnsafeMutableRawBufferPointer(
        rebasing: buffer[start..<start + part.count])
      unsafe target.copyMemory(from: part.buffer)
    }
  }
}

extension Array where Element == UInt8 {
  /// Calls `body` with a view that is valid during the call.
  func withView<T, E: Error>(_ body: (ByteView) throws(E) -> T) throws(E) -> T {
    // The unsafe call is not declared with typed throws, hence the detour.
    let result: Result<T, E> = unsafe withUnsafeBytes { buffer in
      do throws(E) { return .success(try unsafe body(ByteView(buffer))) } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}
