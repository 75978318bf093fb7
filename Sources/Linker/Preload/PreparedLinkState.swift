// A link that waits for its client, with what it takes to tell whether it may still be finished.

internal import Glibc
internal import Parallel

/// The text that a link says while nobody is there to read it.
final class KeptText: Sendable {
  private let state = Guarded((text: "", isKept: true))

  /// Keeps `text`, or prints it once there is somebody.
  func print(_ text: String) {
    let isKept = state.withLock { state in
      if state.isKept { state.text += text }
      return state.isKept
    }
    if !isKept { DiagnosticEngine.write(text, to: STDERR_FILENO) }
  }

  /// What was said so far. From now on everything is printed at once.
  func take() -> String {
    state.withLock { state in
      defer { state = ("", false) }
      return state.text
    }
  }

  var isEmpty: Bool { state.withLock { $0.text.isEmpty } }
}

struct PreparedLinkState: Sendable {
  let link: PreparedLink
  let log: DiagnosticEngine
  let text: KeptText
  let sightings: [Sighting]
  let outputPath: String

  /// Whether a link that began now would read the same.
  var isCurrent: Bool { sightings.allSatisfy(\.holds) && !outputIsInput }

  /// Since the link was prepared, the output may have become another name of an input.
  private var outputIsInput: Bool {
    guard case .present(let output) = FileState(of: outputPath) else { return false }
    return sightings.contains { sighting in
      guard case .file(_, .present(let input)) = sighting else { return false }
      return input.isOfSameFile(output)
    }
  }

  /// Whether what was said so far is as this client wants it.
  func suits(_ request: PreloadRequest) -> Bool {
    text.isEmpty || request.color == log.policy.color
  }

  /// Makes the output. Returns the exit code of the link.
  func finish(color: Bool) -> Int32 {
    log.policy.color = color
    text.print(text.take())
    do throws(LinkFailure) {
      try Pipeline.finish(link)
      return 0
    } catch {
      log.flush()
      return error.isSuccess ? 0 : 1
    }
  }
}
