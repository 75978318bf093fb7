// Collects diagnostics from all threads and prints them at the checkpoints.
//
// Passes report and go on with a sound dummy value; the end of a phase is a checkpoint, which
// sorts what was reported by input position, prints it, and ends the link if there was an error.
// Sorting before the limit is applied keeps the text equal for every number of threads.
//
// What is said of a section map is in the order of its lines, and the phases find it in another one:
// warnings about the map wait until layout has said its part, or until an error ends the link.

internal import Glibc
internal import Parallel

public final class DiagnosticEngine: Sendable {
  /// How the engine prints and what it lets pass. Set from the command line before any work.
  public struct Policy: Sendable {
    public var fatalWarnings = false
    public var suppressWarnings = false
    /// --noinhibit-exec: faults do not end the link.
    public var toleratesFaults = false
    public var color = false
    /// --vs-diagnostics: a message begins with the source line that it is about, if one is known.
    public var namesLineFirst = false
    /// --error-limit; 0: no limit.
    public var errorLimit = 20

    public init() {}
  }

  private struct State {
    var policy = Policy()
    var pending: [Diagnostic] = []
    var errorCount = 0
    var printedErrorCount = 0
    var limitReached = false
    /// Whether a later phase may have something to say of an earlier line of the map.
    var holdsMap = true
    /// Makes what finds out who refers to something at a place.
    var makeReferenceFinder: ReferenceFinderMaker?
  }

  /// Tells what stands at a place of the input, as source line and function; nil: nothing to tell.
  typealias ReferenceFinder = (Place) -> String?
  typealias ReferenceFinderMaker = @Sendable () -> ReferenceFinder

  private let state = Guarded(State())
  /// The name before each message: how the program was called.
  let program: String
  /// Where the text goes.
  private let print: @Sendable (String) -> Void

  public convenience init(program: String = "swold") {
    self.init(program: program, print: { DiagnosticEngine.write($0, to: STDERR_FILENO) })
  }

  /// `print`: what takes the text instead of standard error.
  init(program: String = "swold", print: @escaping @Sendable (String) -> Void) {
    self.program = program
    self.print = print
  }

  public var policy: Policy {
    get { state.withLock { $0.policy } }
    set { state.withLock { $0.policy = newValue } }
  }

  public func error(_ message: Message, at place: Place = .none) {
    report(.error, message, place)
  }

  /// Something wrong that leaves an output to write, if a wrong one: an error, with --noinhibit-exec
  /// a warning. Whoever reports it goes on with a sound dummy value.
  public func fault(_ message: Message, at place: Place = .none) {
    report(policy.toleratesFaults ? .warning : .error, message, place)
  }

  /// Sets how messages find the source line of the place that they are about. Looked up only for
  /// messages that are printed.
  func findReferences(_ make: @escaping ReferenceFinderMaker) {
    state.withLock { $0.makeReferenceFinder = make }
  }

  public func warning(_ message: Message, at place: Place = .none) {
    report(.warning, message, place)
  }

  private func report(_ severity: Severity, _ message: Message, _ place: Place) {
    state.withLock { state in
      var severity = severity
      if severity == .warning {
        if state.policy.suppressWarnings { return }
        if state.policy.fatalWarnings { severity = .error }
      }
      if severity == .error { state.errorCount += 1 }
      state.pending.append(Diagnostic(severity: severity, message: message, place: place))
    }
  }

  /// Whether an error was reported so far.
  public var hasErrors: Bool { state.withLock { $0.errorCount > 0 } }

  /// Prints what was reported since the last checkpoint; throws if there ever was an error.
  public func checkpoint() throws(LinkFailure) {
    flush(everything: hasErrors)
    if hasErrors { throw LinkFailure() }
  }

  /// Drops what was reported since the last checkpoint: another process has said it.
  public func forget() { state.withLock { $0.pending = [] } }

  /// From here on, no phase looks at the map: what was said of it can be printed.
  public func mapIsDone() { state.withLock { $0.holdsMap = false } }

  /// Prints what was reported since the last time, in input order.
  public func flush() { flush(everything: true) }

  private func flush(everything: Bool) {
    let text = state.withLock { state -> String in
      var waiting: [Diagnostic] = []
      if state.holdsMap && !everything {
        waiting = state.pending.filter(\.message.isComplete)
        state.pending.removeAll(where: \.message.isComplete)
      }
      // Stable: reports from one place keep their order, and one place is one thread's work.
      let sorted = state.pending.enumerated().sorted {
        ($0.element.place, $0.element.message.text, $0.offset)
          < ($1.element.place, $1.element.message.text, $1.offset)
      }
      state.pending = waiting
      let namesReferences = sorted.contains { $0.element.message.namesReference }
      let finder = namesReferences ? state.makeReferenceFinder?() : nil
      var text = ""
      for (_, diagnostic) in sorted {
        if diagnostic.severity == .error {
          if state.policy.errorLimit > 0 && state.printedErrorCount >= state.policy.errorLimit {
            state.limitReached = true
            continue
          }
          state.printedErrorCount += 1
        }
        text += render(diagnostic, finder, state.policy)
      }
      if state.limitReached {
        state.limitReached = false
        let hidden = state.errorCount - state.printedErrorCount
        text += "\(program): error: too many errors, \(hidden) more not shown "
        text += "(--error-limit=0 shows all)\n"
      }
      return text
    }
    if !text.isEmpty { print(text) }
  }

  private func render(
    _ diagnostic: Diagnostic, _ finder: ReferenceFinder?, _ policy: Policy
  ) -> String {
    if diagnostic.message.isComplete { return diagnostic.message.text + "\n" }
    let word = diagnostic.severity == .error ? "error" : "warning"
    let paint = diagnostic.severity == .error ? "\u{1b}[0;1;31m" : "\u{1b}[0;1;35m"
    let label = policy.color ? "\(paint)\(word):\u{1b}[0m" : "\(word):"
    var notes = diagnostic.message.notes
    if diagnostic.message.namesReference, let reference = finder?(diagnostic.place) {
      notes.insert("referenced by \(reference)", at: 0)
    }
    let line = policy.namesLineFirst ? DiagnosticEngine.sourceLine(in: notes) : nil
    let text = "\(line ?? program): \(label) \(diagnostic.message.text)\n"
    return text + notes.map { ">>> \($0)\n" }.joined()
  }

  /// The first `FILE:LINE` that notes speak of, as `FILE(LINE)`.
  private static func sourceLine(in notes: [String]) -> String? {
    for word in notes.lazy.flatMap({ $0.split(separator: " ") }) {
      guard let colon = word.lastIndex(of: ":"), colon != word.startIndex else { continue }
      let number = word[word.index(after: colon)...]
      if UInt(number) != nil { return "\(word[..<colon])(\(number))" }
    }
    return nil
  }

  /// Writes all of `text`, so that no line is lost when the descriptor is a pipe.
  public static func write(_ text: String, to descriptor: Int32) {
    write(Array(text.utf8), to: descriptor)
  }

  /// As above; false if the system refuses, with the reason in `errno`.
  @discardableResult
  static func write(_ text: [UInt8], to descriptor: Int32) -> Bool {
    text.withUnsafeBytes { bytes in
      var written = 0
      while written < bytes.count, let base = bytes.baseAddress {
        let count = Glibc.write(descriptor, base + written, bytes.count - written)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { return false }
        written += count
      }
      return true
    }
  }
}
