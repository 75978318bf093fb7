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
    case "PROVIDE", "PROVIDE_HIDDEN", "HIDDEN":
      return notRead(
        command, "write 'symbol NAME = EXPRESSION;' in a section map, or use --defsym \(seeMap)")
    case "ASSERT":
      return notRead(command, "write 'assert' in a section map \(seeMap)")
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
        + "SEARCH_DIR, OUTPUT_FORMAT, OUTPUT_ARCH, TARGET, ENTRY, EXTERN and VERSION"
    }
  }

  /// The error for an assignment to `name`.
  static func assignmentHelp(_ name: String) -> String {
    if name == "." {
      return "an assignment to '.' is not read by swold; place sections with 'at' and 'align' in a "
        + "section map \(seeMap)"
    }
    return "the assignment to '\(name)' is not read by swold; write 'symbol \(name) = EXPRESSION;' "
      + "in a section map, or use --defsym=\(name)=EXPRESSION \(seeMap)"
  }

  private static func notRead(_ command: String, _ advice: String) -> String {
    "\(command) is not read by swold; \(advice)"
  }

  /// Whether the scanner, behind a name, stands at `=`, `+=`, `<<=` and the like.
  static func isAssignment(_ scanner: ScriptScanner) -> Bool {
    guard let first = scanner.current else { return false }
    let second = scanner.peek(1)
    switch Unicode.Scalar(first) {
    case "=": return second != UInt8(ascii: "=")
    case "+", "-", "*", "/", "&", "|", "^": return second == UInt8(ascii: "=")
    case "<", ">": return second == first && scanner.peek(2) == UInt8(ascii: "=")
    default: return false
    }
  }
}
