// swold-map fmt: one spelling of white space, comments and line breaks kept.

import ArgumentParser
import Glibc
import MapLang

struct Format: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt",
    abstract: "Format maps.",
    discussion: """
      Prints the formatted text. Line breaks, comments and words stay as they are; indentation, \
      blanks, empty lines and the column of comments are decided. A file with syntax errors is \
      left alone.
      """)

  @Argument(help: "The maps; '-' is standard input.", completion: .file(extensions: ["smap"]))
  var files: [String]

  @Flag(name: .shortAndLong, help: "Replace the files instead of printing them.")
  var inPlace = false

  @Flag(help: "Change nothing; name the files that are not formatted, and exit with 1.")
  var check = false

  func validate() throws {
    if inPlace && check { throw ValidationError("--in-place and --check exclude each other") }
    if inPlace && files.contains("-") {
      throw ValidationError("standard input cannot be replaced; leave out --in-place")
    }
  }

  func run() throws {
    var hasFailed = false
    for file in files {
      let source = SourceFile(name: file == "-" ? "<stdin>" : file, bytes: try Files.read(file))
      switch MapFormatter.format(source) {
      case .failure(let failure):
        for diagnostic in failure.checked.diagnostics {
          Files.complain(diagnostic.render(in: failure.checked.sources))
        }
        hasFailed = true
      case .success(let text):
        if check {
          if text != source.bytes {
            Files.complain("\(file): not formatted; 'swold-map fmt -i \(file)' does it")
            hasFailed = true
          }
        } else if inPlace {
          if text != source.bytes { try Files.replace(file, with: text) }
        } else {
          try Files.print(text)
        }
      }
    }
    if hasFailed { throw ExitCode.failure }
  }
}
