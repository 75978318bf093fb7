// Doing all of a link but the output, in a process that will fork.

internal import CFileSystem
internal import Glibc
internal import Parallel

struct LinkPreparation: Sendable {
  let options: Options
  let log: DiagnosticEngine
  let text: KeptText

  /// The link without its output, with all that was seen since `Sightings.begin`; no thread is left. Nil:
  /// it cannot be prepared, and the log says why.
  func run() -> PreparedLinkState? {
    if let (option, reason) = options.preloadObstacle {
      log.error(.cannotPrepare(option, reason))
      return nil
    }
    let output = swold_memory_file()
    guard output >= 0, dup2(output, STDOUT_FILENO) >= 0, dup2(output, STDERR_FILENO) >= 0 else {
      log.error(.cannotPrepare("no file in memory: \(String(cString: strerror(errno)))"))
      return nil
    }
    close(output)
    let result = Guarded<PreparedLink?>(nil)
    let (options, log) = (self.options, self.log)
    let code = FreshThread.run {
      let link = LinkPreparation.prepare(options, log)
      result.withLock { $0 = link }
      return 0
    }
    let (sightings, obstacle) = Sightings.end()
    guard code == 0, let link = result.withLock({ $0 }) else { return nil }
    if let obstacle {
      log.error(.cannotPrepare(obstacle))
      return nil
    }
    guard isSilent, isSmallEnough else { return nil }
    return PreparedLinkState(
      link: link, log: log, text: text, sightings: sightings, outputPath: options.outputPath)
  }

  private static func prepare(_ options: Options, _ log: DiagnosticEngine) -> PreparedLink? {
    let pool = WorkerPool(threads: options.workerCount)
    defer { pool.endThreads() }
    do throws(LinkFailure) {
      return try Pipeline.prepare(Inputs(options: options, log: log, pool: pool))
    } catch {
      log.flush()
      return nil
    }
  }

  /// Whether nothing went past the log.
  private var isSilent: Bool {
    var status = stat()
    if fstat(STDOUT_FILENO, &status) == 0 && status.st_size == 0 { return true }
    log.error(.cannotPrepare("it prints before it makes the output"))
    return false
  }

  private var isSmallEnough: Bool {
    let (used, most) = (MemoryPressure.ownBytes, MemoryPressure.mostBytes)
    if used <= most { return true }
    log.error(
      .cannotPrepare(
        "it would keep \(used >> 20) MiB of memory, and more than a quarter of all, \(most >> 20) MiB, "
          + "would be too much"))
    return false
  }
}
