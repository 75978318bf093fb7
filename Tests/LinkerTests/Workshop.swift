// A folder for one test, in which it calls the installed tools.

import ELF
import Glibc

struct ToolFailure: Error {
  let command: String
  let status: Int32
}

final class Workshop {
  let path: String

  init() throws {
    var template = Array("/tmp/swold-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw ToolFailure(command: "mkdtemp", status: errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { _ = system("rm -rf '\(path)'") }

  /// Runs a shell command in the folder; throws if it fails.
  func run(_ command: String) throws {
    let status = system("cd '\(path)' && { \(command)\n} >/dev/null 2>log")
    if status != 0 {
      throw ToolFailure(command: command + "\n" + ((try? read("log").string) ?? ""), status: status)
    }
  }

  func write(_ name: String, _ text: String) throws {
    guard let file = fopen("\(path)/\(name)", "w") else {
      throw ToolFailure(command: "fopen \(name)", status: errno)
    }
    defer { fclose(file) }
    fputs(text, file)
  }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    guard let file = fopen("\(path)/\(name)", "w") else {
      throw ToolFailure(command: "fopen \(name)", status: errno)
    }
    defer { fclose(file) }
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
      throw ToolFailure(command: "fwrite \(name)", status: errno)
    }
  }

  /// The bytes of a file, kept for ever.
  func read(_ name: String) throws -> ByteView {
    guard let file = fopen("\(path)/\(name)", "r") else {
      throw ToolFailure(command: "fopen \(name)", status: errno)
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return ByteView(bytes) }
      bytes += buffer[..<count]
    }
  }
}
