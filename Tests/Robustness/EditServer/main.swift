// Edits of files that arrive on standard input, all made in one process: a test of 150,000 files cannot
// start a program for each. `foreign_edits.py` is the other side.
//
// A request is a line `EDITS BYTES`, so many lines with an edit each, and so many bytes of a file. The
// answer is a line `CODE BYTES MESSAGE` and the bytes of the result, none after a refusal. CODE is the exit
// code that swold-edit has for it. An edit that takes a minute ends the process with SIGALRM.

import Glibc
import PostLinkEdit

/// Standard input, by lines and by counts.
struct Requests {
  private var buffer: [UInt8] = []
  private var position = 0

  /// Reads more, behind what nobody has taken yet.
  private mutating func fill() -> Bool {
    buffer.removeFirst(position)
    position = 0
    let got = withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 1) { memory in
      let got = read(0, memory.baseAddress, memory.count)
      if got > 0 { buffer.append(contentsOf: memory.prefix(got)) }
      return got
    }
    return got > 0
  }

  /// The next line, without its end; nil at the end of the input.
  mutating func line() -> String? {
    var searched = position
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { position = end + 1 }
        return String(decoding: buffer[position..<end], as: UTF8.self)
      }
      searched = buffer.count - position
      guard fill() else { return nil }
    }
  }

  mutating func bytes(_ count: Int) -> [UInt8]? {
    while buffer.count - position < count { guard fill() else { return nil } }
    defer { position += count }
    return Array(buffer[position..<position + count])
  }
}

/// What `swold-edit apply` would make of an image.
func applied(
  _ texts: [String], to image: [UInt8]
) -> (code: Int32, result: [UInt8], message: String) {
  var options = EditOptions()
  options.ifNeeded = true
  do throws(EditFailure) {
    var edits: [Edit] = []
    for text in texts {
      edits += try ScriptParser.parse(script: Array(text.utf8), name: "edit", needsHeader: false)
    }
    let session = try EditSession(image: image, options: options)
    try session.apply(edits)
    try session.verify()
    return (0, session.result, "")
  } catch {
    return (error.exitCode, [], error.description)
  }
}

func answer(_ bytes: [UInt8]) {
  var done = 0
  while done < bytes.count {
    let put = bytes[done...].withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
    guard put > 0 else { exit(1) }
    done += put
  }
}

var requests = Requests()
while let request = requests.line() {
  let numbers = request.split(separator: " ").compactMap { Int($0) }
  guard numbers.count == 2 else { exit(2) }
  let texts = (0..<numbers[0]).compactMap { _ in requests.line() }
  guard texts.count == numbers[0], let image = requests.bytes(numbers[1]) else { exit(2) }
  alarm(60)
  var outcome = applied(texts, to: image)
  if outcome.code == 0 {
    // Whatever an edited file is asked for again: nothing, the same, or a refusal, but no bug.
    let again = applied(texts, to: outcome.result)
    if again.code == 4 { (outcome.code, outcome.message) = (4, "a second run: \(again.message)") }
  }
  let line = outcome.message.split(separator: "\n").joined(separator: " | ")
  answer(Array("\(outcome.code) \(outcome.result.count) \(line)\n".utf8) + outcome.result)
}
