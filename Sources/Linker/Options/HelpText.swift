// The text of --help, made from the option table.
//
// Tools read it: libtool looks for `: supported targets:.* elf` and `no-whole-archive`, CMake for
// `--push-state` and `--pop-state`.

enum HelpText {
  static func text() -> String {
    var text = "Usage: swold [options] file...\n"
    text += "Long options take one dash or two, except that those with o take two.\n"
    for section in OptionTable.sections {
      text += "\n\(section.title):\n"
      for row in section.rows {
        text += line(names: row.names.map { spelling(of: $0, in: row) }, row)
      }
    }
    text += "\n" + keywords
    text += "\n  @FILE                       Read more arguments from FILE\n"
    return text + "\n" + targets
  }

  static var keywords: String {
    var text = "Keywords of -z:\n"
    for row in OptionTable.keywords {
      let value = row.form == .required ? "=\(row.placeholder)" : ""
      text += line(names: row.names.map { "-z \($0)\(value)" }, row)
    }
    return text
  }

  static var targets: String {
    let formats = Machine.allCases.map { $0.facts.outputFormats[0] }
    return "swold: supported targets: \(formats.joined(separator: " "))\n"
      + "swold: supported emulations: \(Machine.emulations.joined(separator: " "))\n"
  }

  /// The name with dashes and the place of the value: `-o FILE`, `--output FILE`, `--unique[=GLOB]`.
  static func spelling(of name: String, in row: OptionRow) -> String {
    let isShort = name.utf8.count == 1
    let dashed = (isShort ? "-" : "--") + name
    return switch row.form {
    case .none: dashed
    case .required: "\(dashed) \(row.placeholder)"
    case .optional: isShort ? "\(dashed)[\(row.placeholder)]" : "\(dashed)[=\(row.placeholder)]"
    case .optionalNumber: "\(dashed)[\(row.placeholder)]"
    case .glued: dashed + row.placeholder
    }
  }

  private static func line(names: [String], _ row: OptionRow) -> String {
    let column = 30
    // Short names first, as everybody expects.
    let ordered = names.filter { isShort($0) } + names.filter { !isShort($0) }
    let left = "  " + ordered.joined(separator: ", ")
    let note = row.support == .notBuilt ? " (not built yet)" : ""
    let separator =
      left.utf8.count < column - 1
      ? String(repeating: " ", count: column - left.utf8.count)
      : "\n" + String(repeating: " ", count: column)
    return left + separator + row.help + note + "\n"
  }

  private static func isShort(_ spelling: String) -> Bool {
    spelling.hasPrefix("-") && !spelling.hasPrefix("--") && !spelling.hasPrefix("-z ")
  }
}
