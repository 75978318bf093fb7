// The words in which the rows of the option table are written.
//
// Each function makes a row of a common shape from names, help and a closure that stores the value;
// checking the value and reporting a bad one is done here, once per shape.

/// Collects rows, one statement each, so that a long table compiles quickly.
@resultBuilder
enum OptionRows {
  static func buildExpression(_ row: OptionRow) -> [OptionRow] { [row] }
  static func buildExpression(_ rows: [OptionRow]) -> [OptionRow] { rows }

  static func buildBlock(_ parts: [OptionRow]...) -> [OptionRow] {
    var rows: [OptionRow] = []
    rows.reserveCapacity(parts.reduce(0) { $0 + $1.count })
    for part in parts { rows += part }
    return rows
  }
}

extension OptionTable {
  typealias Support = OptionSupport

  /// An option without a value.
  static func flag(
    _ names: String..., help: String, _ support: Support = .supported,
    _ set: @escaping @Sendable (inout Options) -> Void = { _ in }
  ) -> OptionRow {
    OptionRow(
      names: names, form: .none, valueName: "", help: help, support: support
    ) { parser, _ in set(&parser.options) }
  }

  /// Two options without a value: `--NAME` and its negation, which begins with `no-`, and with `no`
  /// among the keywords of -z.
  static func toggle(
    _ name: String, help: String, negation: String = "no-", negatedHelp: String? = nil,
    _ support: Support = .supported,
    _ set: @escaping @Sendable (inout Options, Bool) -> Void = { _, _ in }
  ) -> [OptionRow] {
    // Who asks for what is not built gets an error; who declines it has it already.
    [
      flag(name, help: help, support) { set(&$0, true) },
      flag(
        negation + name,
        help: negatedHelp ?? "The opposite of \(negation == "no" ? "-z " : "--")\(name)",
        support == .notBuilt ? .supported : support
      ) { set(&$0, false) },
    ]
  }

  /// An option with a value that is stored as it is.
  static func value(
    _ names: String..., for placeholder: String, form: ArgumentForm = .required, help: String,
    _ support: Support = .supported,
    _ store: @escaping @Sendable (inout Options, String) -> Void = { _, _ in }
  ) -> OptionRow {
    OptionRow(
      names: names, form: form, valueName: placeholder, help: help, support: support
    ) { parser, use in store(&parser.options, use.text) }
  }

  /// An option with a number within limits, decimal or `0x…`.
  static func number(
    _ names: String..., for placeholder: String = "N", in range: ClosedRange<UInt64>, help: String,
    _ support: Support = .supported,
    _ store: @escaping @Sendable (inout Options, UInt64) -> Void = { _, _ in }
  ) -> OptionRow {
    OptionRow(
      names: names, form: .required, valueName: placeholder, help: help, support: support
    ) { parser, use in
      guard let number = Number.parse(use.text), range.contains(number) else {
        return parser.error(
          .badOptionValue(
            use.description, "a number from \(range.lowerBound) to \(range.upperBound)"))
      }
      store(&parser.options, number)
    }
  }

  /// An option with an address. GNU's -T options take hexadecimal digits without `0x` as well.
  static func address(
    _ names: String..., radix: UInt64 = 10, help: String, _ support: Support = .supported,
    _ store: @escaping @Sendable (inout Options, UInt64) -> Void = { _, _ in }
  ) -> OptionRow {
    OptionRow(
      names: names, form: .required, valueName: "ADDRESS", help: help, support: support
    ) { parser, use in
      guard let address = Number.parse(use.text, radix: radix) else {
        let hint = radix == 16 ? "a hexadecimal address" : "an address, such as 0x200000"
        return parser.error(.badOptionValue(use.description, hint))
      }
      store(&parser.options, address)
    }
  }

  /// An option whose value is one of a few words.
  static func choice<Value: Sendable>(
    _ names: String..., help: String, _ support: Support = .supported,
    among words: [(String, Value)],
    _ store: @escaping @Sendable (inout Options, Value) -> Void
  ) -> OptionRow {
    OptionRow(
      names: names, form: .required, valueName: "", values: words.map(\.0), help: help,
      support: support
    ) { parser, use in
      guard let word = words.first(where: { $0.0 == use.text }) else {
        return parser.error(
          .badOptionValue(use.description, words.map(\.0).joined(separator: ", ")))
      }
      store(&parser.options, word.1)
    }
  }

  /// An option that needs more than its value and the options so far.
  static func custom(
    _ names: String..., for placeholder: String = "", form: ArgumentForm, help: String,
    _ support: Support = .supported, _ action: @escaping OptionRow.Action
  ) -> OptionRow {
    OptionRow(
      names: names, form: form, valueName: placeholder, help: help, support: support,
      action: action)
  }

  /// Two options: what the first asks for is not done, and a warning says so, because most of those who
  /// ask do not need it; what the second asks for is so anyway.
  static func unmet(
    _ name: String, _ consequence: String, negation: String = "no-"
  ) -> [OptionRow] {
    [
      custom(name, form: .none, help: "Warns; \(consequence)") { parser, use in
        parser.warning(.unmet(use.description, consequence))
      },
      ignored(negation + name, help: "Ignored; \(consequence) anyway"),
    ]
  }

  /// A word that makes the command line something else than a link, and so has to begin it. The program
  /// has looked for it there before the linker reads its options.
  static func first(_ name: String, for placeholder: String, help: String) -> OptionRow {
    custom(
      name, for: placeholder, form: placeholder.isEmpty ? .none : .required, help: help
    ) { parser, use in parser.error(.mustBeFirst(use.spelling)) }
  }

  /// An option that is accepted and has no effect.
  static func ignored(
    _ names: String..., for placeholder: String = "", form: ArgumentForm = .none,
    help: String = "Ignored"
  ) -> OptionRow {
    OptionRow(
      names: names, form: form, valueName: placeholder, help: help, support: .ignored
    ) { _, _ in }
  }
}
