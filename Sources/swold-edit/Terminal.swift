// Output through file descriptors: the C streams are shared mutable state to Swift.

import Glibc

/// Writes bytes to standard output (1) or standard error (2). Errors are ignored, as for print.
func emit(_ bytes: [UInt8], to descriptor: Int32) {
  var done = 0
  while done < bytes.count {
    let got = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, $0.count - done) }
    if got < 0, errno == EINTR { continue }
    guard got > 0 else { return }
    done += got
  }
}

func emit(_ line: String, to descriptor: Int32) { emit(Array((line + "\n").utf8), to: descriptor) }

func printError(_ text: String) { emit("swold-edit: error: \(text)", to: 2) }
func printWarning(_ text: String) { emit("swold-edit: warning: \(text)", to: 2) }
