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
}
