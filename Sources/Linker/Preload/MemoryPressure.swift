// What a daemon costs others while it waits.

internal import Glibc

enum MemoryPressure {
  /// The memory of the process that is not a file's.
  static var ownBytes: Int {
    // Pages: the whole address space, what of it is in memory, what of that is shared with files.
    let fields = fields(of: "/proc/self/statm")
    guard fields.count >= 3 else { return 0 }
    return max(0, fields[1] - fields[2]) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// What a daemon may have: a quarter of the machine's memory.
  static var mostBytes: Int {
    Int(sysconf(Int32(_SC_PHYS_PAGES))) / 4 * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// How the kernel chooses whom to end when memory runs out, and what the process was started with.
  private static let choicePath = "/proc/self/oom_score_adj"
  private static let inheritedChoice = fields(of: choicePath).first ?? 0

  /// From now on the process is the first to be ended: a link can do without it.
  static func becomeDispensable() { choose(inheritedChoice, atLeast: 1000) }

  /// As before `becomeDispensable`, in a child.
  static func becomeOrdinary() { choose(inheritedChoice, atLeast: -1000) }

  private static func choose(_ value: Int, atLeast least: Int) {
    let file = open(choicePath, O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    DiagnosticEngine.write("\(max(value, least))", to: file)
    close(file)
  }

  private static func fields(of path: String) -> [Int] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(file, &bytes, bytes.count)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    return text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
  }
}
