import ArgumentParser
import MapLang

@main
struct SwoldMap: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "swold-map",
    abstract: "Checks, formats and explains section maps.")
}
