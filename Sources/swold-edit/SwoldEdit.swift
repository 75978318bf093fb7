// swold-edit: arguments in, exit code out. Every verb is a subcommand, so that
// `swold-edit put --help` works; its words go unparsed to the script parser, which is the only
// grammar there is. Exit codes: 0 done, 1 refused, 2 usage, 3 unreadable input or I/O error,
// 4 verification failed, 5 --check found something to change.

import ArgumentParser
import Glibc
import PostLinkEdit

@main
struct Program {
  static func main() {
    // A file size limit shall be an error, not a signal.
    signal(SIGXFSZ, SIG_IGN)
    var arguments = Array(CommandLine.arguments.dropFirst())
    do {
      if PatchELF.isMeant(by: CommandLine.arguments.first ?? "") {
        arguments.insert("patchelf", at: 0)
      } else if arguments.first != "patchelf" {
        arguments = try expandResponseFiles(arguments)
      }
      var command = try SwoldEdit.parseAsRoot(arguments)
      try command.run()
    } catch let code as ExitCode {
      exit(code.rawValue)
    } catch var failure as EditFailure {
      if failure.code == .syntax, failure.hint == nil, let verb = arguments.first {
        failure.hint = "'swold-edit \(verb) --help' shows its words and options"
      }
      printError(failure.description)
      exit(failure.exitCode)
    } catch {
      if SwoldEdit.exitCode(for: error) == .success {
        emit(SwoldEdit.fullMessage(for: error), to: 1)
        exit(0)
      }
      printError(usageMessage(error, arguments))
      exit(2)
    }
  }

  /// What is wrong with the command line, and where to read how it should be.
  private static func usageMessage(_ error: any Error, _ arguments: [String]) -> String {
    let verbs = SwoldEdit.configuration.subcommands.compactMap {
      $0.configuration.commandName
    }
    let known = verbs + ["show", "get", "apply", "help"]
    guard let verb = arguments.first(where: { !$0.hasPrefix("-") }) else {
      return SwoldEdit.message(for: error) + "\n  hint: 'swold-edit --help' lists the verbs"
    }
    guard known.contains(verb) else {
      return "there is no verb '\(verb)'\n  hint: 'swold-edit --help' lists the verbs"
    }
    return SwoldEdit.message(for: error)
      + "\n  hint: 'swold-edit \(verb) --help' shows its words and options"
  }

  /// Replaces each `@FILE` by the lines of the file.
  private static func expandResponseFiles(_ arguments: [String]) throws -> [String] {
    var result: [String] = []
    for argument in arguments {
      guard argument.hasPrefix("@"), argument.utf8.count > 1 else {
        result.append(argument)
        continue
      }
      result += try ArgumentFile.lines(String(argument.dropFirst()))
    }
    return result
  }
}

struct SwoldEdit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "swold-edit",
    abstract: "Edits linked ELF files safely.",
    discussion: """
      One edit:    swold-edit VERB WORD… (-o OUT | -i) FILE
      Many edits:  swold-edit apply [-f SCRIPT] [-e EDIT] (-o OUT | -i) FILE…
      Look:        swold-edit show FILE, swold-edit lint FILE
      For scripts: swold-edit get rpath|needed|soname|interp|build-id|entry FILE

      All edits of a run are planned, checked, made in memory and verified before one rename puts
      the new file in place. No virtual address ever changes.
      """,
    version: postLinkEditVersion,
    subcommands: [
      Show.self, GetCommand.self, LintCommand.self, Apply.self, ExportCommand.self,
      SignCommand.self, PatchELF.self,
    ]
      + VerbCommands.all)
}
