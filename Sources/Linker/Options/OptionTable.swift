// The table of all options: the parser, --help and the manual are made from it.
//
// A row names an option in all its spellings, says how it takes a value, whether this release of
// swold acts on it, and what it does to the options. The rows are in `OptionTable+….swift`, by
// subject. An option that is not in the table is unknown; one that other linkers have and swold
// lacks is in the table as `.notBuilt`, so that the error can say so. To turn such an option on,
// drop that word.

internal import Text

/// How an option takes its value.
enum ArgumentForm: Sendable, Hashable {
  case none
  /// `--name=VALUE` or `--name VALUE`; short: `-nVALUE` or `-n VALUE`.
  case required
  /// Only `--name=VALUE`; short: only `-nVALUE`. A bare option never takes the next argument.
  case optional
  /// The name is a prefix, and the value follows at once: `--lto-O2`.
  case glued
  /// As `optional`, and the next argument as well if it is a decimal number: `-O 1`.
  case optionalNumber
}

/// What this release does with an option.
enum OptionSupport: Sendable, Hashable {
  case supported
  /// Accepted for compatibility, without any effect.
  case ignored
  /// Known from other linkers; an error here.
  case notBuilt
}

/// One use of an option on the command line.
struct OptionUse: Sendable {
  /// The option as the user wrote it, without the value: `--soname`, `-z now`.
  let spelling: String
  let value: String?

  /// The value; empty without one.
  var text: String { value ?? "" }

  /// Option and value, for messages.
  var description: String {
    guard let value else { return spelling }
    return spelling.utf8.count == 2 ? "\(spelling) \(value)" : "\(spelling)=\(value)"
  }
}

struct OptionRow: Sendable {
  typealias Action = @Sendable (inout CommandLineParser, OptionUse) -> Void

  /// Without dashes, the usual one first. A name of one letter is a short option, others are long.
  let names: [String]
  let form: ArgumentForm
  /// What the value is called in the help: `FILE`. Empty if it is one of `values`.
  let valueName: String
  /// The values that there are, if they are a few words.
  var values: [String] = []
  let help: String
  let support: OptionSupport
  let action: Action

  /// What stands for the value in the help: `FILE`, `always|never`.
  var placeholder: String { values.isEmpty ? valueName : values.joined(separator: "|") }
}

/// The rows of one subject.
struct OptionSection: Sendable {
  let title: String
  let rows: [OptionRow]
}

enum OptionTable {
  static let sections: [OptionSection] = [
    OptionSection(title: "Help and identification", rows: identity),
    OptionSection(title: "Inputs and search", rows: inputs),
    OptionSection(title: "Kind of output", rows: output),
    OptionSection(title: "Layout and section maps", rows: layout),
    OptionSection(title: "Symbols", rows: symbols),
    OptionSection(title: "Dynamic linking", rows: dynamicLinking),
    OptionSection(title: "Symbol table, debug information, notes", rows: debugging),
    OptionSection(title: "Removal and optimization", rows: optimization),
    OptionSection(title: "Link-time optimization", rows: linkTimeOptimization),
    OptionSection(title: "Reports", rows: reports),
    OptionSection(title: "Messages", rows: messages),
    OptionSection(title: "The process", rows: process),
    OptionSection(title: "ARM", rows: arm),
    OptionSection(title: "Accepted for compatibility", rows: compatibility),
  ]

  /// The keywords behind `-z`. Here `required` means `NAME=VALUE`.
  static let keywords: [OptionRow] = keywordRows

  /// A table that finds rows by name.
  struct Index: Sendable {
    private let rows: [OptionRow]
    /// (Every link makes it, small ones too, and a dictionary takes longer.)
    private let rowByName: ExactNameTable
    /// Prefix options, the longest name first.
    private let prefixes: [(name: String, row: Int)]

    init(_ rows: [OptionRow]) {
      var rowByName = ExactNameTable(capacity: 2 * rows.count)
      var prefixes: [(name: String, row: Int)] = []
      for (number, row) in rows.enumerated() {
        for name in row.names {
          if row.form == .glued {
            prefixes.append((name, number))
          } else {
            _ = rowByName.insert(name, value: Int32(number))
          }
        }
      }
      self.rows = rows
      self.rowByName = rowByName
      self.prefixes = prefixes.sorted {
        ($1.name.utf8.count, $0.name) < ($0.name.utf8.count, $1.name)
      }
    }

    /// The row with exactly this name.
    subscript(name: String) -> OptionRow? {
      rowByName.value(of: name).map { rows[Int($0)] }
    }

    /// The row whose name is the longest prefix of `text`, and what follows.
    func prefixed(_ text: String) -> (row: OptionRow, value: String)? {
      for (name, row) in prefixes where text.hasPrefix(name) && text.utf8.count > name.utf8.count {
        return (rows[row], String(text.dropFirst(name.count)))
      }
      return nil
    }

    /// The known name that is most like `name`, if one is close: perhaps itself, when only its value
    /// is wrong.
    func nearest(to name: String) -> String? {
      let candidates = rows.lazy.filter { $0.support != .ignored }.flatMap(\.names)
        .filter { $0.utf8.count > 1 }
      return candidates.contains(name) ? name : nearestName(to: name, among: candidates)
    }
  }

  static let optionIndex = Index(sections.flatMap(\.rows))
  static let keywordIndex = Index(keywords)
}
