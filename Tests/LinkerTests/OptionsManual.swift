// The manual page, docs/swold.1: written by hand but for the list of options, which is made from
// the table and stands between two comments.

import Glibc
import Testing

@testable import Linker

enum Manual {
  private static let beginMark = ".\\\" BEGIN OF THE LIST FROM THE OPTION TABLE\n"
  private static let endMark = ".\\\" END OF THE LIST\n"

  static let path: String = {
    // Tests/LinkerTests/OptionsManual.swift → the root of the package.
    let components = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return (components.dropLast(3) + ["docs", "swold.1"]).joined(separator: "/")
  }()

  static func text() throws -> String {
    String(decoding: try CommandLineEnvironment.system.read(path).get(), as: UTF8.self)
  }

  static func write(_ text: String) throws {
    let file = try #require(fopen(path, "w"))
    #expect(fputs(text, file) >= 0)
    #expect(fclose(file) == 0)
  }

  /// What stands between `\fB` and `\fR`, without escapes.
  static func boldWords() throws -> [String] {
    let plain = try text().replacing("\\-", with: "-")
    return plain.split(separator: "\\fB").dropFirst().map { part in
      String(part.prefix { $0 != "\\" })
    }
  }

  /// The manual with the list as it should be; nil without the marks.
  static func replacingList(in text: String) -> String? {
    guard let begin = text.firstRange(of: beginMark), let end = text.firstRange(of: endMark),
      begin.upperBound <= end.lowerBound
    else { return nil }
    return text[..<begin.upperBound] + list() + text[end.lowerBound...]
  }

  private static func list() -> String {
    var text = ""
    for section in OptionTable.sections {
      text += ".SS \(section.title)\n"
      for row in section.rows { text += entry(row, prefix: nil) }
    }
    text += ".SS Keywords of \\-z\n"
    for row in OptionTable.keywords { text += entry(row, prefix: "-z ") }
    return text
  }

  private static func entry(_ row: OptionRow, prefix: String?) -> String {
    let names = row.names.filter { $0.utf8.count == 1 } + row.names.filter { $0.utf8.count > 1 }
    let spellings = names.map { name in
      let dashed = (prefix ?? (name.utf8.count == 1 ? "-" : "--")) + name
      let value = row.placeholder.isEmpty ? "" : "\\fI\(escape(row.placeholder))\\fR"
      let isShort = name.utf8.count == 1
      let argument =
        switch row.form {
        case .none: ""
        case .required: (prefix == nil ? " " : "=") + value
        case .optional: isShort ? "[\(value)]" : "[=\(value)]"
        case .optionalNumber: "[\(value)]"
        case .glued: value
        }
      return "\\fB\(escape(dashed))\\fR\(argument)"
    }
    let note = row.support == .notBuilt ? " (not built yet)" : ""
    return ".TP\n\(spellings.joined(separator: ", "))\n\(escape(row.help))\(note).\n"
  }

  private static func escape(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
  }
}
