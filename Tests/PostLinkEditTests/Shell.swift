// Runs tools. Each test works in a directory of its own; a command is a shell line in it, so a
// test reads like the terminal session in the manual.

import Glibc
import Testing

/// What a command printed and how it ended.
struct Outcome {
  var status: Int32
  var output: String
  var errors: String
}

/// A temporary directory that goes away with the value.
final class Sandbox {
  let path: String

  init() {
    var template = Array("/tmp/swold-edit-test-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!) != nil }
    precondition(made, "no temporary directory")
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { _ = Sandbox.spawn("chmod -R u+w '\(path)'; rm -rf '\(path)'", in: "/") }

  func file(_ name: String) -> String { path + "/" + name }

  func write(_ name: String, _ text: String) { write(name, Array(text.utf8)) }

  func write(_ name: String, _ bytes: [UInt8]) { Sandbox.save(file(name), bytes) }

  /// Writes a file anywhere.
  static func save(_ path: String, _ bytes: [UInt8]) {
    let file = fopen(path, "w")!
    _ = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
    fclose(file)
  }

  func read(_ name: String) -> [UInt8] {
    guard let file = fopen(name.hasPrefix("/") ? name : self.file(name), "r") else { return [] }
    defer { fclose(file) }
    var result: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let got = chunk.withUnsafeMutableBytes { fread($0.baseAddress, 1, $0.count, file) }
      if got == 0 { return result }
      result += chunk[..<got]
    }
  }

  /// Runs a shell line in the directory.
  @discardableResult
  func run(_ line: String) -> Outcome { Sandbox.spawn(line, in: path) }

  /// Runs a line that must succeed and returns what it printed.
  @discardableResult
  func check(_ line: String) -> String {
    let outcome = run(line)
    if outcome.status != 0 {
      Issue.record("'\(line)' failed: \(outcome.output) \(outcome.errors)")
    }
    return outcome.output
  }

  /// The program under test, which the test runner has built beside the test bundle.
  static let editor: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    var directory = String(
      decoding: buffer[..<max(count, 0)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // With `swift test` the process is the bundle itself or a helper of the toolchain.
    for argument in [directory] + CommandLine.arguments {
      guard let slash = argument.lastIndex(of: "/") else { continue }
      directory = String(argument[..<slash])
      if access(directory + "/swold-edit", X_OK) == 0 { return directory + "/swold-edit" }
      if let inner = directory.range(of: ".build/")?.upperBound {
        let root = String(directory[..<inner]) + "debug/swold-edit"
        if access(root, X_OK) == 0 { return root }
      }
    }
    return ".build/debug/swold-edit"
  }()

  /// Runs swold-edit with a shell line of arguments.
  @discardableResult
  func edit(_ arguments: String) -> Outcome { run("'\(Sandbox.editor)' \(arguments)") }

  private static func spawn(_ line: String, in directory: String) -> Outcome {
    var names: [String] = []
    for _ in 0..<2 {
      var template = Array("/tmp/swold-edit-out-XXXXXX".utf8CString)
      let file = template.withUnsafeMutableBufferPointer { mkstemp($0.baseAddress!) }
      close(file)
      names.append(
        String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    defer { for name in names { unlink(name) } }
    let quoted = "cd '\(directory)' && { \(line)\n} >\(names[0]) 2>\(names[1]) </dev/null"
    var process = pid_t()
    // No tool may hang the tests.
    let words = ["timeout", "-k", "1", "60", "/bin/sh", "-c", quoted]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    defer { for word in arguments { free(word) } }
    precondition(posix_spawnp(&process, "timeout", nil, nil, arguments, environ) == 0)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    let code = status & 0x7f == 0 ? status >> 8 & 0xff : 128 + (status & 0x7f)
    func text(_ name: String) -> String {
      guard let file = fopen(name, "r") else { return "" }
      defer { fclose(file) }
      var bytes: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let got = chunk.withUnsafeMutableBytes { fread($0.baseAddress, 1, $0.count, file) }
        if got == 0 { break }
        bytes += chunk[..<got]
      }
      return String(decoding: bytes, as: UTF8.self)
    }
    return Outcome(status: code, output: text(names[0]), errors: text(names[1]))
  }
}

extension String {
  fileprivate func range(of text: String) -> Range<String.Index>? {
    ranges(of: text).first
  }
}
