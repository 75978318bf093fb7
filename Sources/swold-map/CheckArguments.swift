// --check of import and export: which objects to link both ways, and with which programs.

import ArgumentParser

struct CheckArguments: ParsableArguments {
  @Option(
    name: .customLong("check"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "Link these with GNU ld and the script, and with swold and the map, and compare addresses, load "
        + "addresses, symbols and bytes.", valueName: "object"))
  var objects: [String] = []

  @Option(help: ArgumentHelp("The GNU ld of --check.", valueName: "program"))
  var gnuLd = "ld.bfd"

  @Option(
    help: ArgumentHelp(
      "The swold of --check; without it the one beside this program.", valueName: "program"))
  var swold: String?

  /// Prints the differences that `compare` finds, if objects were named; any ends the program with 4.
  func report(_ name: String, _ compare: () throws -> [String]) throws {
    guard !objects.isEmpty else { return }
    let differences = try compare()
    for line in differences { Files.complain("\(name): difference: \(line)") }
    if !differences.isEmpty { throw ExitCode(4) }
    Files.complain("\(name): both links are the same")
  }
}
