// swold-map: for authors of section maps. It reads maps, never object files.

import ArgumentParser
import MapLang

@main
struct SwoldMap: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "swold-map",
    abstract: "Checks, formats and explains section maps.",
    discussion: """
      A section map says which input sections go into which output sections, and where those are \
      placed: swold --section-map FILE. docs/SectionMap.md describes the language.
      """,
    subcommands: [Check.self, Format.self, Explain.self])
}
