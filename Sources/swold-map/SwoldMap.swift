// swold-map: for authors of section maps. It reads maps and scripts, never object files. Exit codes: 0 done,
// 1 a map has errors or a file cannot be read or written, 2 usage, 3 imported or exported with notes.

import ArgumentParser
import Glibc
import MapLang

@main
struct Program {
  static func main() {
    // A file size limit or a reader that has gone shall be an error, not a signal.
    signal(SIGXFSZ, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try SwoldMap.parseAsRoot()
      try command.run()
    } catch let code as ExitCode {
      exit(code.rawValue)
    } catch let failure as FileFailure {
      Files.complain(
        failure.isComplete
          ? "\(failure)" : "swold-map: error: \(failure)")
      exit(1)
    } catch {
      let text = SwoldMap.fullMessage(for: error)
      if SwoldMap.exitCode(for: error) == .success {
        Files.write(Array((text + "\n").utf8), to: STDOUT_FILENO)
        exit(0)
      }
      let isError = text.hasPrefix("Error: ")
      Files.complain(isError ? "swold-map: error: " + text.dropFirst(7) : text)
      exit(2)
    }
  }
}

struct SwoldMap: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "swold-map",
    abstract: "Checks, formats, explains, draws, imports and exports section maps.",
    discussion: """
      A section map says which input sections go into which output sections, and where those are \
      placed: swold --section-map FILE. docs/SectionMap.md describes the language.
      """,
    version: "swold-map 0.1.0",
    subcommands: [Check.self, Format.self, Explain.self, Draw.self, Import.self, Export.self])
}
