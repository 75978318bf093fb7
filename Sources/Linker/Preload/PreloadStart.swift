// The caller's part of swold -preload: starts the daemon and says what came of it.

internal import CShims
internal import Glibc

/// The way on which a daemon tells its caller that it is ready: one byte, and messages if it is not.
struct PreloadReport {
  static let ready: UInt8 = 1
  private static let failed: UInt8 = 0

  let descriptor: Int32

  /// False if the caller is gone.
  func isReady() -> Bool {
    let isSent = DiagnosticEngine.write([PreloadReport.ready], to: descriptor)
    close(descriptor)
    return isSent
  }

  func hasFailed(_ text: String) {
    DiagnosticEngine.write([PreloadReport.failed] + Array(text.utf8), to: descriptor)
    close(descriptor)
  }
}

enum PreloadStart {
  /// Starts a daemon for the link that `result` describes. Returns the exit code of swold -preload when the
  /// daemon is ready or has given up.
  static func run(
    _ result: CommandLineResult, in environment: CommandLineEnvironment,
    _ importer: LayoutImporter?, _ log: DiagnosticEngine
  ) -> Int32 {
    var reason = ""
    guard let folder = RuntimeFolder.make(&reason) else { return failed(reason, log) }
    folder.close()
    // The link that is to come is called without the options that are for the daemon.
    let positions = Set(result.options.preloadPositions)
    let arguments = result.arguments.enumerated().filter { !positions.contains($0.offset) }
      .map(\.element)
    Sightings.begin()  // -R asks what its value is
    var options = CommandLineParser.parse(arguments, in: environment).options
    options.layoutImporter = importer
    let name = PreloadKey.name(arguments)

    var ends: [Int32] = [-1, -1]
    let child = pipe(&ends) == 0 ? swold_fork() : -1
    if child < 0 { return failed(String(cString: strerror(errno)), log) }
    if child > 0 {
      close(ends[1])
      return waitForReport(ends[0], log)
    }
    let report = detach(ends[1])
    guard let folder = RuntimeFolder.find() else { _exit(1) }
    let daemon = PreloadDaemon.run(
      options, log.policy, PreloadSocket(folder: folder, name: name), report,
      seconds: result.options.preloadTimeout)
    _exit(daemon)
  }

  /// Leaves the caller's terminal and the files that it has open: somebody may wait for their end.
  private static func detach(_ report: Int32) -> PreloadReport {
    setsid()
    let kept: Int32 = 3
    dup2(report, kept)
    swold_close_from(kept + 1)
    let null = open("/dev/null", O_RDWR)
    for standard in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] { dup2(null, standard) }
    close(null)
    return PreloadReport(descriptor: kept)
  }

  private static func waitForReport(_ descriptor: Int32, _ log: DiagnosticEngine) -> Int32 {
    var report: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &block, block.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { break }
      report += block[..<count]
    }
    switch report.first {
    case PreloadReport.ready: return 0
    case nil: return failed("the daemon has ended", log)
    default:
      DiagnosticEngine.write(Array(report.dropFirst()), to: STDERR_FILENO)
      return 1
    }
  }

  private static func failed(_ reason: String, _ log: DiagnosticEngine) -> Int32 {
    log.error(.cannotPrepare(reason))
    log.flush()
    return 1
  }
}
