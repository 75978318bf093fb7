// --mri-script: commands of the linkers of Microtec Research, as far as GNU ld takes them.
//
// One command a line, in any case; `*` or `;` begins a comment. They stand for options and inputs, so
// each is carried out where it is read.

extension CommandLineParser {
  mutating func readMRIScript(_ use: OptionUse) {
    for (number, line) in readLines(use) {
      if line.hasPrefix("*") { continue }
      let text = line.prefix { $0 != ";" }
      let command = text.drop { $0.isWhitespace }.prefix { !$0.isWhitespace }.uppercased()
      if command.isEmpty { continue }
      if command == "END" { return }
      let rest = text.drop { $0.isWhitespace }.dropFirst(command.count)
      let words = rest.split { $0.isWhitespace || $0 == "," }.map(String.init)
      if let expected = obey(command, words) {
        error(.badMRILine(use.text, line: number, expected))
      }
    }
  }

  /// Carries out one command; what it should have been, if it cannot be.
  private mutating func obey(_ command: String, _ words: [String]) -> String? {
    func pair(_ words: [String]) -> (name: String, value: String)? {
      let parts = words.flatMap { $0.split(separator: "=").map(String.init) }
      return parts.count == 2 ? (parts[0], parts[1]) : nil
    }
    switch command {
    case "LOAD":
      guard !words.isEmpty else { return "LOAD FILE, …" }
      for path in words { addInput(.file(path)) }
    case "NAME":
      guard words.count == 1 else { return "NAME FILE" }
      options.outputPath = words[0]
    case "START":
      guard words.count == 1 else { return "START SYMBOL" }
      options.entry = words[0]
    case "PUBLIC":
      guard let (name, value) = pair(words) else { return "PUBLIC NAME=VALUE" }
      addSymbolDefinition(OptionUse(spelling: "PUBLIC", value: "\(name)=\(value)"))
    case "SECT":
      guard let (name, value) = pair(words), let address = Number.parse(value) else {
        return "SECT SECTION, ADDRESS"
      }
      options.sectionStarts.append(PinnedSection(name: name, address: address))
    case "BASE":
      guard words.count == 1, let address = Number.parse(words[0]) else { return "BASE ADDRESS" }
      options.imageBase = address
    case "ALIGN":
      guard let (name, value) = pair(words), let alignment = Number.parse(value),
        alignment.nonzeroBitCount == 1, alignment <= 1 << 32
      else { return "ALIGN SECTION=POWER-OF-TWO" }
      options.sectionAlignments[name] = alignment
    case "LIST": options.printMap = true
    case "FORMAT", "CHIP": break  // inputs say it
    default: return "LOAD, NAME, START, PUBLIC, SECT, BASE, ALIGN, LIST or END"
    }
    return nil
  }
}

extension Message {
  static func badMRILine(_ path: String, line: Int, _ expected: String) -> Message {
    Message("badMRILine", "\(path):\(line): expected \(expected)")
  }
}
