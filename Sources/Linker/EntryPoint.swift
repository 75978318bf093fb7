// The linker as a function: an argument vector in, an exit code out.

internal import CShims
internal import Glibc

public enum EntryPoint {
  /// Links as the arguments say. `arguments[0]` is the name under which the program was called.
  /// - Parameter editor: makes the edits of --post; it is asked for when there are any.
  /// - Parameter importer: makes section maps of linker scripts, for --import-scripts.
  /// - Parameter compiler: loads compilers' plugins. A program that can is started by one that cannot,
  ///   which has said what there is to say of the arguments.
  public static func run(
    _ arguments: [String], editor: (@Sendable () -> any OutputEditor)? = nil,
    importer: LayoutScriptImporter? = nil, compiler: (any LinkTimeCompiler)? = nil
  ) -> Int32 {
    swold_prepare_memory()
    guard swold_guard_standard_descriptors() == 0 else { return 1 }  // and nowhere to say why
    swold_guard_install()
    let log = DiagnosticEngine()
    let environment = CommandLineEnvironment.system
    let result = CommandLineParser.parse(Array(arguments.dropFirst()), in: environment)
    var options = result.options
    options.layoutImporter = importer.map { LayoutImporter(run: $0) }
    if let compiler, result.action == .link {
      result.report(to: log, isTerminal: environment.isTerminal)
      log.forget()
      options.fork = false
      waitForTurn(options, log)
      return link(options, log, editor, .here(compiler))
    }
    let text = Array(result.standardOutput.utf8)
    let isWritten = DiagnosticEngine.write(text, to: STDOUT_FILENO)
    if !isWritten && errno != EPIPE {  // whoever closes a pipe has read enough
      log.error(.cannotWrite("standard output", String(cString: strerror(errno))))
      log.flush()
      return 1
    }
    result.report(to: log, isTerminal: environment.isTerminal)
    log.flush()
    switch result.action {
    case .exit(let code): return code
    case .link where options.preload:
      return PreloadStart.run(result, in: environment, options.layoutImporter, log)
    case .link:
      waitForTurn(options, log)
      if let code = PreloadClient.link(result.arguments, color: log.policy.color) { return code }
      return link(options, log, editor, handOver(arguments, result))
    }
  }

  /// How swold-lto is to be started.
  private static func handOver(
    _ arguments: [String], _ result: CommandLineResult
  ) -> Compilation {
    let isMoving = result.options.directory != nil
    let here = isMoving ? open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1
    return .handOver(
      HandOver(arguments: arguments, expanded: result.arguments, directory: here))
  }

  private static func link(
    _ options: Options, _ log: DiagnosticEngine, _ editor: (@Sendable () -> any OutputEditor)?,
    _ compilation: Compilation
  ) -> Int32 {
    do {
      try changeDirectory(options, log)
      let exit = EarlyExit(wanted: options.fork)
      return exit.run {
        do throws(LinkFailure) {
          try Pipeline.link(
            options, log, options.postScripts.isEmpty ? nil : editor?(), compilation)
          JobServer.giveBack()  // make may use them for whoever comes next
          exit.outputIsComplete()
          return 0
        } catch {
          JobServer.giveBack()
          return failed(error, log)
        }
      }
    } catch {
      return failed(error, log)
    }
  }

  private static func failed(_ error: LinkFailure, _ log: DiagnosticEngine) -> Int32 {
    log.flush()
    return error.isSuccess ? 0 : 1
  }

  /// SWOLD_JOBS. A link that cannot be counted is better than none. The turn is that of this process and
  /// its child, or ends when it becomes swold-lto, which waits for one of its own.
  private static func waitForTurn(_ options: Options, _ log: DiagnosticEngine) {
    guard let reason = options.linkLimit?.wait() else { return }
    log.warning(.cannotCountLinks(reason))
  }

  /// -C. Inputs and output are opened later, so this is enough.
  private static func changeDirectory(
    _ options: Options, _ log: DiagnosticEngine
  ) throws(LinkFailure) {
    guard let directory = options.directory, chdir(directory) != 0 else { return }
    let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    log.error(.cannotChangeDirectory(directory, reason))
    throw LinkFailure()
  }
}
