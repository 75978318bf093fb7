// What swold has to say to its user, as values.
//
// A message is a value of the catalogue (Messages*.swift): a stable identifier, which tests match
// and people search for, and a text that names the file and the next step. A diagnostic is a
// message with a severity and a position in the *input*; the engine sorts by that position, so the
// text that is printed does not depend on the number of threads.

/// One entry of the catalogue, with its particulars filled in.
public struct Message: Sendable {
  /// Stable, in lower camel case: the name of the function that made it.
  public let id: StaticString
  /// One line, without severity and full stop: `foo.o: truncated section header table`.
  public let text: String
  /// Further lines, printed behind `>>> `.
  public var notes: [String]
  /// The text is a whole message, with place and severity in the words of the map language.
  public var isComplete = false
  /// The place of the diagnostic is one that refers to something: the source line and the function
  /// there belong to the message, if the debug information knows them.
  public var namesReference = false

  public init(_ id: StaticString, _ text: String, notes: [String] = []) {
    self.id = id
    self.text = text
    self.notes = notes
  }

  /// The same message, about a place that refers to something.
  func namingReference() -> Message {
    var message = self
    message.namesReference = true
    return message
  }
}

/// Where in the input a diagnostic belongs: the order in which diagnostics are printed.
public struct Place: Sendable, Comparable, BitwiseCopyable {
  /// Position of the file on the command line; 0 for what concerns no file.
  public var file: UInt32
  /// Section index in the file.
  public var section: UInt32
  /// Byte offset in the section.
  public var offset: UInt64

  public init(file: UInt32 = 0, section: UInt32 = 0, offset: UInt64 = 0) {
    self.file = file
    self.section = section
    self.offset = offset
  }

  /// What concerns the link as a whole.
  public static var none: Place { Place() }

  public static func < (left: Place, right: Place) -> Bool {
    (left.file, left.section, left.offset) < (right.file, right.section, right.offset)
  }
}

public enum Severity: Sendable {
  case warning
  case error
}

struct Diagnostic: Sendable {
  let severity: Severity
  let message: Message
  let place: Place
}

/// Ends a phase: the errors are in the engine, or were printed.
public struct LinkFailure: Error {
  /// There was nothing to link, and nothing went wrong: --print-section-map without inputs.
  public var isSuccess = false

  public init(isSuccess: Bool = false) { self.isSuccess = isSuccess }

}
