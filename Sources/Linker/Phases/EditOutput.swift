// --post: the edits of swold-edit, made on the finished output before it is put in its place.
//
// The linker knows no edit. Its caller hands it an editor; neither library imports the other. The
// scripts are read before anything is linked, so that a slip of the pen costs no link; the edits
// are made when all bytes, the build-id among them, are what they would be without --post.

/// What edits the output of a link, given to `EntryPoint.run` by the program.
public protocol OutputEditor: AnyObject {
  /// Reads edit scripts, which form one transaction in this order. Called once, before the link.
  func read(_ scripts: [String]) throws(OutputEditFailure)

  /// Makes the edits on a copy of `image`, the complete output, which is to become the file `path`.
  /// The bytes stay as they are until the edits are stored.
  func edit(_ image: UnsafeRawBufferPointer, path: String) throws(OutputEditFailure) -> OutputEdits
}

/// Edits that were made and checked, but not stored.
public struct OutputEdits {
  /// The new size of the output in bytes.
  public var size: Int
  /// Stores what is new into a buffer of that size, which holds the old bytes. Nil: nothing is.
  public var store: ((UnsafeMutableRawBufferPointer) -> Void)?
  /// Puts the files in their places that the scripts make beside the output.
  public var commitSideFiles: () throws(OutputEditFailure) -> Void
  /// What the user should know.
  public var warnings: [String]

  public init(
    size: Int, store: ((UnsafeMutableRawBufferPointer) -> Void)?, warnings: [String],
    commitSideFiles: @escaping () throws(OutputEditFailure) -> Void
  ) {
    self.size = size
    self.store = store
    self.warnings = warnings
    self.commitSideFiles = commitSideFiles
  }
}

/// Why an output was not edited.
public struct OutputEditFailure: Error, Sendable {
  /// With the place in the script, as `release.sedit:7:5: SE-EXPECT: …`.
  public var text: String
  /// What to do about it.
  public var hint: String?

  public init(_ text: String, hint: String?) {
    self.text = text
    self.hint = hint
  }
}

extension Inputs {
  /// Reads the scripts of --post.
  func readPostScripts() throws(LinkFailure) {
    guard !options.postScripts.isEmpty else { return }
    guard let editor else {
      log.error(.notBuilt("--post"))
      throw LinkFailure()
    }
    for path in options.postScripts where path != "-" { noteRead(path, .text) }
    do throws(OutputEditFailure) {
      try editor.read(options.postScripts)
    } catch {
      log.error(.cannotEdit(error))
    }
    try log.checkpoint()
  }

  /// Makes the edits of --post on the complete output. After a failure it must be discarded.
  func edit(_ output: OutputFile) throws(LinkFailure) {
    guard !options.postScripts.isEmpty, let editor else { return }
    let image = UnsafeRawBufferPointer(start: output.bytes.base, count: output.bytes.count)
    let edits: OutputEdits
    do throws(OutputEditFailure) {
      edits = try editor.edit(image, path: options.outputPath)
    } catch {
      log.error(.cannotEdit(error))
      return try log.checkpoint()
    }
    for warning in edits.warnings { log.warning(.edited(warning)) }
    try log.checkpoint()
    try store(edits, in: output)
    do throws(OutputEditFailure) {
      try edits.commitSideFiles()
    } catch {
      log.error(.cannotEdit(error))
    }
    try log.checkpoint()
  }

  /// Brings the output to its new size and bytes.
  private func store(_ edits: OutputEdits, in output: OutputFile) throws(LinkFailure) {
    guard let store = edits.store else { return }
    do throws(OutputFile.Failure) {
      try output.resize(to: edits.size)
    } catch {
      log.error(.cannotWrite(options.outputPath, error.reason))
      throw LinkFailure()
    }
    store(UnsafeMutableRawBufferPointer(start: output.bytes.base, count: edits.size))
  }
}

extension Message {
  static func cannotEdit(_ failure: OutputEditFailure) -> Message {
    Message("cannotEdit", failure.text, notes: failure.hint.map { ["hint: \($0)"] } ?? [])
  }

  static func edited(_ warning: String) -> Message { Message("edited", warning) }
}
