// swold-map draw: a picture of a map, before anything is linked.

import ArgumentParser
import MapLang
import MemoryPicture

struct Draw: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw the regions and places of a map.",
    discussion: """
      The picture is made before any link: each region with its addresses, and what is put there in which \
      order. Sections of unknown size have a dashed edge. After a link, swold --memory-report=FILE shows \
      sizes, and who takes the room.

      The name of the output says what it becomes: .html is a page, .svg a picture, .json the same as data. \
      The exit code is 1 if the map has errors.
      """)

  @Argument(
    help: "The map; several act as one, like several --section-map options.",
    completion: .file(extensions: ["smap"]))
  var files: [String]

  @Option(
    name: .customShort("o"),
    help: ArgumentHelp(
      "Write the picture here; without it, SVG on standard output.", valueName: "picture"))
  var output: String?

  @OptionGroup var map: MapArguments

  func validate() throws {
    guard let output else { return }
    guard ["html", "svg", "json"].contains(where: { output.hasSuffix("." + $0) }) else {
      throw ValidationError(
        "'\(output)' does not say what to draw: its name ends in .html, .svg or .json")
    }
  }

  func run() throws {
    let map = try self.map.compile(files)
    let name = files[0] == "-" ? "<stdin>" : files[0]
    let report = MemoryReport(map, title: name)
    let picture = Picture(report)
    let text =
      switch output {
      case let output? where output.hasSuffix(".html"): picture.html()
      case let output? where output.hasSuffix(".json"): report.json()
      default: picture.svg()
      }
    try Files.put(text, output)
  }
}
