// swold -preload: a process that has done all of a link but the output, and waits for the link.
//
//   caller   forks the daemon and returns when it is ready
//   daemon   prepares the link with threads, ends them, and listens; for each link it compares the inputs
//            with what it saw and forks
//   child    finishes the link from the daemon's memory, which stays as it is
//
// docs/Preload.md says what is promised.

internal import CShims
internal import Glibc
internal import Parallel

struct PreloadDaemon {
  private let state: PreparedLinkState
  private let listener: Int32
  private let socket: PreloadSocket
  private let timeout: Int32

  // MARK: The daemon

  /// Prepares, tells `caller` so, and serves until it is dismissed, has nothing to do, or an input has
  /// changed. Returns the exit code of the process, which must be young: without threads.
  static func run(
    _ options: Options, _ policy: DiagnosticEngine.Policy, _ socket: PreloadSocket,
    _ caller: PreloadReport, seconds: Int
  ) -> Int32 {
    let text = KeptText()
    let log = DiagnosticEngine(print: { text.print($0) })
    log.policy = policy
    let preparation = LinkPreparation(options: options, log: log, text: text)
    guard let state = preparation.run(), let listener = socket.listen(log) else {
      log.flush()
      caller.hasFailed(text.take())
      return 1
    }
    guard caller.isReady() else {
      socket.remove()
      return 1
    }
    MemoryPressure.becomeDispensable()
    let daemon = PreloadDaemon(
      state: state, listener: listener, socket: socket, timeout: Int32(seconds) * 1000)
    return daemon.serve()
  }

  private func serve() -> Int32 {
    signal(SIGCHLD, SIG_IGN)  // children are not waited for
    while true {
      let connection = swold_local_accept(listener, timeout)
      if Int(connection) == SWOLD_NOBODY_CAME { break }
      guard connection >= 0 else {
        usleep(1000)
        continue
      }
      let stays = answer(connection)
      close(connection)
      if !stays { break }
    }
    socket.remove()
    return 0
  }

  /// False: the daemon is of no use any more.
  private func answer(_ connection: Int32) -> Bool {
    swold_local_set_patience(connection, 1000)
    guard let (request, files) = PreloadRequest.receive(connection) else { return true }
    defer { for file in files { close(file) } }
    PreloadReply.heard.send(connection)
    guard request.kind == .link, state.isCurrent else {
      // Gone before the client is told, so that nobody else asks in vain.
      socket.remove()
      PreloadReply.decline.send(connection)
      return false
    }
    guard state.suits(request) else {
      PreloadReply.decline.send(connection)
      return true
    }
    let child = swold_fork()
    if child < 0 { PreloadReply.decline.send(connection) }
    if child == 0 { finish(connection, request, files) }
    return true
  }

  // MARK: The child

  private func finish(
    _ connection: Int32, _ request: PreloadRequest, _ files: [Int32]
  ) -> Never {
    swold_guard_temporary(nil)  // that was the daemon's socket
    close(listener)
    MemoryPressure.becomeOrdinary()
    signal(SIGCHLD, SIG_DFL)
    for (file, standard) in zip(files, PreloadRequest.descriptors) {
      dup2(file, standard)
      close(file)
    }
    umask(request.mask)
    swold_guard_employer(connection)
    let (state, color) = (self.state, request.color)
    guard let code = FreshThread.run({ state.finish(color: color) }) else {
      PreloadReply.decline.send(connection)
      _exit(1)
    }
    PreloadReply.done(code).send(connection)
    _exit(code)
  }
}
