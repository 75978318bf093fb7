// What swold answers to the commands of linker scripts that it does not read.
//
// Layout belongs into a section map, so each of these commands has a counterpart there or on the
// command line; the message names it. One sentence each.

extension LibraryScript {
  private static var seeMap: String { "(see docs/SectionMap.md)" }

  /// The error for `command`, which is no command that a library script may have.
  static func help(for command: String) -> String {
    switch command {
    case "SECTIONS":
      return notRead(
        command, "say the layout in a section map: swold --section-map FILE \(seeMap)")
    case "MEMORY":
      return notRead(command, "declare each block as a 'region' in a section map \(seeMap)")
    case "PHDRS":
      return notRead(command, "declare each one as a 'segment' in a section map \(seeMap)")
    case "OVERLAY":
      return notRead(
        command, "give the parts their regions and load addresses in a section map \(seeMap)")
    case "REGION_ALIAS":
      return notRead(command, "name the region itself in a section map \(seeMap)")
    case "INSERT":
      return notRead(
        command, "take the output of --print-section-map and write the section there \(seeMap)")
    case "NOCROSSREFS", "NOCROSSREFS_TO":
      return notRead(command, "remove it, or check with readelf which sections refer to which")
    case "INCLUDE":
      return notRead(command, "name the other file on the command line")
    case "STARTUP":
      return notRead(command, "name that file first on the command line")
    case "OUTPUT":
      return notRead(command, "use the option -o FILE")
    case "AS_NEEDED":
      return "AS_NEEDED stands inside INPUT(...) or GROUP(...) only"
    case "FORCE_COMMON_ALLOCATION":
      return notRead(command, "use the option --define-common")
    case "INHIBIT_COMMON_ALLOCATION":
      return notRead(command, "use the option --no-define-common")
    case "FORCE_GROUP_ALLOCATION":
      return notRead(command, "use the option --force-group-allocation")
    case "LD_FEATURE", "HLL", "SYSLIB", "FLOAT", "NOFLOAT":
      return notRead(command, "remove it; it has no effect on ELF files")
    default:
      return "'\(command)' is no command of a library script; swold reads INPUT, GROUP, AS_NEEDED, "
        + "SEARCH_DIR, OUTPUT_FORMAT, OUTPUT_ARCH, TARGET, ENTRY, EXTERN, VERSION, PROVIDE, HIDDEN, "
        + "PROVIDE_HIDDEN, ASSERT and assignments"
    }
  }

  /// The error for an assignment to `.`.
  static var dotHelp: String {
    "an assignment to '.' is not read by swold; place sections with 'at' and 'align' in a section "
      + "map \(seeMap)"
  }

  private static func notRead(_ command: String, _ advice: String) -> String {
    "\(command) is not read by swold; \(advice)"
  }
}
