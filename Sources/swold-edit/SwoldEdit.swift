import ArgumentParser
import PostLinkEdit

@main
struct SwoldEdit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "swold-edit",
    abstract: "Edits linked ELF files safely.",
    version: postLinkEditVersion)
}
