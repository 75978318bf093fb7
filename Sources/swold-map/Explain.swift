// swold-map explain SM201: a page on each message.

import ArgumentParser
import MapLang
internal import Text

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain a message by its code; without a code, list them.")

  @Argument(help: ArgumentHelp("The code, such as SM201.", valueName: "code"))
  var codes: [String] = []

  func run() throws {
    var text = ""
    if codes.isEmpty {
      for code in MapCode.allCases { text += "\(code.name)  \(code.explanation.summary)\n" }
    }
    for (index, name) in codes.enumerated() {
      guard let code = MapCode(name: name) else {
        let near = nearestName(to: name.uppercased(), among: MapCode.allCases.map(\.name))
        throw ValidationError(
          "there is no message '\(name)'\(near.map { "; did you mean \($0)?" } ?? "")")
      }
      if index > 0 { text += "\n" }
      text += code.explanation.page + "\n"
    }
    try Files.print(Array(text.utf8))
  }
}
