// How many threads a build that counts its jobs allows.
//
// `make -j8` means eight jobs, not eight links with a thread for each processor. A recipe has one job
// without asking; for each further thread swold takes another from the server that MAKEFLAGS names, as
// many as are free at the first loop worth sharing, and gives them back when the output is complete.
// With --threads the user has decided, and nobody is asked. GNU make hands a pipe on to those recipes
// only that call make, and a FIFO (4.4) to all.

internal import CShims

struct JobServer: Sendable, Equatable {
  enum Place: Sendable, Equatable {
    case fifo(String)
    case pipe(reader: Int32, writer: Int32)
  }

  let place: Place

  /// The server that the value of MAKEFLAGS names. Words behind `--` are variables. Of several the
  /// last counts, and a pair of negative numbers means that there is none for this recipe.
  init?(flags: String) {
    var place: Place?
    for word in flags.split(separator: " ") {
      if word == "--" { break }
      for option in ["--jobserver-auth=", "--jobserver-fds="] where word.hasPrefix(option) {
        place = JobServer.place(word.dropFirst(option.utf8.count))
      }
    }
    guard let place else { return nil }
    self.place = place
  }

  private static func place(_ text: Substring) -> Place? {
    if text.hasPrefix("fifo:") { return .fifo(String(text.dropFirst(5))) }
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int32($0) }
    guard numbers.count == 2, let reader = numbers[0], let writer = numbers[1], reader >= 0,
      writer >= 0
    else { return nil }
    return .pipe(reader: reader, writer: writer)
  }

  /// False where make has not handed the server on to this process.
  func connect() -> Bool {
    switch place {
    case .fifo(let path): swold_jobs_open_fifo(path) == 0
    case .pipe(let reader, let writer): swold_jobs_open_pipe(reader, writer) == 0
    }
  }

  /// As many jobs as are free, at most `wanted`. Connected only then: small links ask for none.
  func take(_ wanted: Int) -> Int {
    guard connect() else { return wanted }
    return Int(swold_jobs_take(Int32(clamping: wanted)))
  }

  /// What this process has taken from any server.
  static func giveBack() { swold_jobs_give_back() }
}
