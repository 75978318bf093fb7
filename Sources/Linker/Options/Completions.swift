// Completions for shells, made from the option table: what --print-completions prints.
//
// Only options that do something are offered. A value is completed where the table knows its words
// (`a|b|c`), as a folder where its place is called DIR, and as a file otherwise.

enum Completions {
  enum Shell: String, CaseIterable, Sendable {
    case bash, zsh, fish
  }

  static func script(for shell: Shell) -> String {
    switch shell {
    case .bash: bash()
    case .zsh: zsh()
    case .fish: fish()
    }
  }

  /// The programs that have the linker's options.
  private static let programs = ["swold", "ld.swold"]

  private struct Option {
    /// With its dashes.
    let name: String
    let row: OptionRow
    /// The words that its value can be; empty: anything.
    let words: [String]

    var takesFolder: Bool { row.placeholder == "DIR" }
    var summary: String { Completions.plain(row.help) }
  }

  private static let options: [Option] = OptionTable.sections.flatMap(\.rows)
    .filter { $0.support == .supported && $0.form != .glued }
    .flatMap { row in
      row.names.map { name in
        Option(
          name: (name.utf8.count == 1 ? "-" : "--") + name, row: row, words: words(row))
      }
    }

  private static let keywords: [(name: String, help: String)] = OptionTable.keywords
    .filter { $0.support == .supported }
    .flatMap { row in
      row.names.map { ($0 + (row.form == .required ? "=" : ""), row.help) }
    }

  private static func words(_ row: OptionRow) -> [String] {
    let words = row.placeholder.split(separator: "|").map(String.init)
    let areWords = words.allSatisfy { word in
      word.allSatisfy { $0.isLowercase || $0.isNumber || "-+".contains($0) }
    }
    return words.count > 1 && areWords ? words : []
  }

  // MARK: bash

  private static func bash() -> String {
    let names = options.flatMap { option in
      option.row.form == .optional && option.name.hasPrefix("--")
        ? [option.name, option.name + "="] : [option.name]
    }
    var text = """
      # Completions of swold for bash; made from its table of options.
      _swold() {
        local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
        # bash cuts --name=value at the sign.
        if [ "$before" = = ]; then
          before=${COMP_WORDS[COMP_CWORD - 2]}
        elif [ "$word" = = ]; then
          before=${COMP_WORDS[COMP_CWORD - 1]} word=
        fi
        case $before in

      """
    text += bashCase("-z", keywords.map(\.name))
    for option in options where !option.words.isEmpty {
      text += bashCase(option.name, option.words)
    }
    let folders = options.filter(\.takesFolder).map(\.name).joined(separator: " | ")
    text += """
          \(folders)) compopt -o filenames; COMPREPLY=($(compgen -d -- "$word")); return ;;
        esac
        case $word in
          -*) COMPREPLY=($(compgen -W '\(names.joined(separator: " "))' -- "$word"))
            case ${COMPREPLY[0]-} in *=) compopt -o nospace ;; esac ;;
          *) compopt -o filenames; COMPREPLY=($(compgen -f -- "$word")) ;;
        esac
      }
      complete -F _swold \(programs.joined(separator: " "))

      """
    return text
  }

  private static func bashCase(_ name: String, _ words: [String]) -> String {
    let list = words.joined(separator: " ")
    return "    \(name)) COMPREPLY=($(compgen -W '\(list)' -- \"$word\")); return ;;\n"
  }

  // MARK: zsh

  private static func zsh() -> String {
    var text = "#compdef \(programs.joined(separator: " "))\n"
    text += "# Completions of swold for zsh; made from its table of options.\n"
    text += "local -a keywords=(\n"
    for (name, help) in keywords {
      text += "  '\(plain(name)):\(plain(help))'\n"
    }
    text += ")\n_arguments -s \\\n"
    for option in options where option.name != "-z" {
      text += "  '*\(option.name)\(zshForm(option))[\(option.summary)]\(zshValue(option))' \\\n"
    }
    text += "  '*-z[Keywords of ELF linkers]:keyword:{_describe keyword keywords}' \\\n"
    text += "  '*:file:_files'\n"
    return text
  }

  private static func zshForm(_ option: Option) -> String {
    switch (option.row.form, option.name.hasPrefix("--")) {
    case (.none, _), (.glued, _): ""
    case (.required, true): "="
    case (.required, false): "+"
    case (_, true): "=-"
    case (_, false): "-"
    }
  }

  private static func zshValue(_ option: Option) -> String {
    if option.row.form == .none { return "" }
    let isOptional = option.row.form != .required
    let action =
      !option.words.isEmpty
      ? "(\(option.words.joined(separator: " ")))"
      : option.takesFolder ? "_files -/" : "_files"
    return "\(isOptional ? "::" : ":")value:\(action)"
  }

  // MARK: fish

  private static func fish() -> String {
    var text = "# Completions of swold for fish; made from its table of options.\n"
    for program in programs {
      for option in options where option.name != "-z" {
        let isLong = option.name.hasPrefix("--")
        let name = option.name.drop { $0 == "-" }
        text += "complete -c \(program) \(isLong ? "-l" : "-s") '\(name)'"
        if option.row.form == .required { text += " -r" }
        if !option.words.isEmpty { text += " -f -a '\(option.words.joined(separator: " "))'" }
        if option.takesFolder { text += " -f -a '(__fish_complete_directories)'" }
        text += " -d '\(option.summary)'\n"
      }
      for (name, help) in keywords {
        text += "complete -c \(program) -s z -x -a '\(name)' -d '\(plain(help))'\n"
      }
    }
    return text
  }

  /// For texts in which a shell reads quotes and brackets.
  private static func plain(_ help: String) -> String {
    String(help.map { "'\"`$\\[]:".contains($0) ? " " : $0 })
  }
}
