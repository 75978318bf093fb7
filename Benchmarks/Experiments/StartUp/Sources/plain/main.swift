// A program that does what `--version` does, and nothing else: the floor of start-up.
import Glibc

let arguments = CommandLine.arguments
if arguments.count > 1 && arguments[1] == "--version" {
  let text = "version 1\n"
  text.utf8.withContiguousStorageIfAvailable { _ = write(1, $0.baseAddress, $0.count) }
}
