// --dependency-file: a rule for make, which says that the output depends on every file that was read.
//
// Each file also gets a rule without prerequisites, so that make does not fail when it is removed.

internal import Glibc

extension Inputs {
  func writeDependencyFile() {
    guard let path = options.dependencyFile else { return }
    var known: Set<String> = []
    let names = readFiles.map(\.path).filter { known.insert($0).inserted }
      .map(DependencyFile.escaped)
    var text = ReportText()
    text.append("\(DependencyFile.escaped(options.outputPath)):")
    for name in names { text.append(" \\\n  \(name)") }
    text += "\n"
    for name in names { text.append("\n\(name):\n") }
    TextOutput.write(text.bytes, to: path, log)
  }
}

enum DependencyFile {
  /// A file name as make and ninja read it back: `$` doubled, a backslash before a space, a tab or
  /// `#`, and those that stood there already doubled.
  static func escaped(_ name: String) -> String {
    var result: [UInt8] = []
    var backslashes = 0
    for byte in name.utf8 {
      switch byte {
      case 0x20, 0x09, 0x23:  // space, tab, #
        result += [UInt8](repeating: 0x5c, count: backslashes + 1)
      case 0x24: result.append(0x24)
      default: break
      }
      backslashes = byte == 0x5c ? backslashes + 1 : 0
      result.append(byte)
    }
    return String(decoding: result, as: UTF8.self)
  }
}
