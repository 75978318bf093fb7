// --post: joins the linker and the post-link editor, which do not know each other.

public import Linker
internal import PostLinkEdit

/// Makes the edits of --post with the engine of swold-edit.
public final class PostEditor: OutputEditor {
  private var edits: [Edit] = []

  public init() {}

  public func read(_ scripts: [String]) throws(OutputEditFailure) {
    do throws(EditFailure) {
      for script in scripts { edits += try ScriptParser.parse(file: script, variables: [:]) }
    } catch {
      throw OutputEditFailure(error)
    }
  }

  public func edit(
    _ image: UnsafeRawBufferPointer, path: String
  ) throws(OutputEditFailure) -> OutputEdits {
    do throws(EditFailure) {
      let session = try EditSession(borrowing: image)
      try session.apply(edits)
      try session.verify()
      return OutputEdits(
        size: session.resultSize, store: session.isChanged ? { session.store(in: $0) } : nil,
        warnings: session.warnings.map(\.description)
      ) { () throws(OutputEditFailure) in
        do throws(EditFailure) {
          try session.commitSideFiles(besides: path)
        } catch {
          throw OutputEditFailure(error)
        }
      }
    } catch {
      throw OutputEditFailure(error)
    }
  }
}

extension OutputEditFailure {
  init(_ failure: EditFailure) {
    let place = failure.location.map { "\($0): " } ?? ""
    self.init("\(place)\(failure.code.rawValue): \(failure.message)", hint: failure.hint)
  }
}
