// Which daemon serves which link: the name of the socket is a hash of everything besides the inputs on which
// a link depends.

internal import CXXHash
internal import Glibc

struct PreloadKey {
  private var bytes: [UInt8] = []

  /// The name of the socket for a link with these arguments, response files replaced by what is in them.
  static func name(_ arguments: [String]) -> String {
    var key = PreloadKey()
    key.addProgram()
    key.addPlace()
    key.addUser()
    // The variables that the linker asks for.
    for name in ["SWOLD_IDENTIFY_AS", "LD_RUN_PATH"] {
      key.add(getenv(name).map { String(cString: $0) } ?? "")
    }
    for argument in arguments where !isByChance(argument) { key.add(argument) }
    return key.hash
  }

  /// GCC names a new file for its plugin in each link. Links with inputs for the plugin are not prepared.
  private static func isByChance(_ argument: String) -> Bool {
    argument.hasPrefix("-plugin-opt=-fresolution=")
  }

  private mutating func add(_ text: String) {
    bytes += text.utf8
    bytes.append(0)
  }

  /// Device and number of a file; its times as well if `isWhole`.
  private mutating func add(fileAt path: String, isWhole: Bool) {
    var status = stat()
    guard stat(path, &status) == 0 else { return add("?") }
    add("\(status.st_dev) \(status.st_ino)")
    if isWhole {
      add("\(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)")
      add("\(status.st_ctim.tv_sec) \(status.st_ctim.tv_nsec)")
    }
  }

  /// This very linker.
  private mutating func addProgram() {
    add(fileAt: "/proc/self/exe", isWhole: true)
  }

  /// Where paths begin and what they mean: working directory, root and mounts.
  private mutating func addPlace() {
    if let path = getcwd(nil, 0) {
      add(String(cString: path))
      free(path)
    }
    for path in [".", "/", "/proc/self/ns/mnt"] { add(fileAt: path, isWhole: false) }
  }

  /// What the process may read and write.
  private mutating func addUser() {
    add("\(getuid()) \(geteuid()) \(getgid()) \(getegid())")
    var groups = [gid_t](repeating: 0, count: max(0, Int(getgroups(0, nil))))
    let count = getgroups(Int32(groups.count), &groups)
    for group in groups.prefix(max(0, Int(count))) { add("\(group)") }
    for resource in [RLIMIT_FSIZE, RLIMIT_AS] {
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(resource.rawValue), &limit)
      add("\(limit.rlim_cur)")
    }
  }

  private var hash: String {
    let hash = swold_xxh3_128(bytes, bytes.count)
    return "\(String(hash.high, radix: 16))-\(String(hash.low, radix: 16))"
  }
}
