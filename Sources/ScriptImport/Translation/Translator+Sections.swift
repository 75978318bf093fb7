// The walk along SECTIONS, and what an output section says of itself.

extension Translator {
  mutating func walk(_ statement: ScriptStatement) {
    switch statement.kind {
    case .comments:
      tail += statement.trivia.before.map { .comment($0) }
    case .entry(let name):
      preamble += statement.trivia.before.map { .comment($0) }
      preamble.append(.line("entry \(MapWords.name(name));"))
    case .extern(let names):
      preamble.append(.line("root \(names.map(MapWords.name).joined(separator: ", "));"))
    case .assignment(let assignment) where assignment.target == ".": move(assignment, statement)
    case .assignment(let assignment): assign(assignment, statement)
    case .assertion(let condition, let message): assert(condition, message, statement)
    case .section(let section): output(section, statement)
    case .overlay(let overlay): self.overlay(overlay, statement)
    case .command(let word, let names): command(word, names, statement)
    case .insert: break
    case .memory, .headers, .alias, .sections, .input, .data, .text, .fill:
      tail += untranslated(statement, "it cannot stand here")
    }
  }

  mutating func output(_ section: ScriptSection, _ statement: ScriptStatement) {
    if section.name == "/DISCARD/" { return discard(section, statement) }
    if isUnallocated(section) {
      remark(
        "sections without addresses keep their names by themselves: \(section.name)",
        statement.place)
      return
    }
    sectionsToCome -= 1
    if let known = outputIndex[section.name] {
      return again(section, known, statement)
    }
    if section.constraint != nil {
      note(
        "\(section.constraint ?? "") depends on the input; the map has '\(section.name)' here, whatever its rights",
        statement.place)
    }
    let index = begin(section, statement)
    attributes(of: section, index, statement)
    contents(of: section, index, statement)
    place(section, index, statement)
  }

  /// The draft of a section that the script begins.
  mutating func begin(_ section: ScriptSection, _ statement: ScriptStatement) -> Int {
    let index = outputs.count
    outputs.append(OutputDraft(name: section.name, place: statement.place))
    outputIndex[section.name] = index
    outputs[index].before = statement.trivia.before
    outputs[index].behind = statement.trivia.behind
    return index
  }

  /// Debug information and the like: `.debug_info 0 : { *(.debug_info) }`.
  func isUnallocated(_ section: ScriptSection) -> Bool {
    let names = [
      ".debug", ".zdebug", ".stab", ".line", ".comment", ".gnu.attributes", ".gdb_index",
    ]
    let isNamed =
      names.contains { section.name.hasPrefix($0) } || section.name.hasSuffix(".attributes")
    guard isNamed, section.region == nil else { return false }
    if let address = section.address { return value(address) == 0 && isConstant(address) }
    return true
  }

  mutating func again(
    _ section: ScriptSection, _ known: Int, _ statement: ScriptStatement
  ) {
    if section.constraint != nil {
      tail += untranslated(
        statement, "the map has one section '\(section.name)', the first of the script")
      return
    }
    note(
      "'\(section.name)' is described twice; what is here follows the rest of it in the map",
      statement.place)
    contents(of: section, known, statement)
  }

  mutating func attributes(
    of section: ScriptSection, _ index: Int, _ statement: ScriptStatement
  ) {
    func text(
      _ value: ScriptExpression, _ what: String, _ translator: inout Translator
    ) -> String? {
      do throws(Untranslatable) { return try translator.expression(value, .constant).text } catch {
        translator.note("\(what): \(error.reason)", statement.place)
        return nil
      }
    }
    if case .call(let name, let values) = section.address, values.count == 1,
      ["ALIGN", "BLOCK", "NEXT"].contains(name), let multiple = text(values[0], "address", &self)
    {
      outputs[index].attributes.append(.line("align \(multiple);"))
    }
    if let align = section.align, let multiple = text(align, "ALIGN", &self) {
      outputs[index].explicitAlign = multiple
      outputs[index].attributes.append(.line("align \(multiple);"))
    }
    if let subalign = section.subalign, let multiple = text(subalign, "SUBALIGN", &self) {
      outputs[index].attributes.append(.line("subalign \(multiple);"))
    }
    switch section.type {
    case "NOLOAD", "INFO", "DSECT", "COPY", "OVERLAY":
      if section.type != "NOLOAD" { unallocated(section, statement) }
      outputs[index].hasNoBytes = !isBare(section)
      if !isBare(section) { outputs[index].attributes.append(.line("noload;")) }
    case "READONLY": outputs[index].attributes.append(.line("access r;"))
    case "TYPE", "READONLY (TYPE)":
      note("the map does not set the type of a section: \(section.name)", statement.place)
    default: break
    }
    if let fill = section.fill { self.fill(fill, index, statement.place) }
    outputs[index].isBare = isBare(section)
    outputs[index].isThreadBare = isThreadBare(section)
  }

  /// Sections that GNU ld keeps out of memory: in the map they have addresses and no bytes.
  private mutating func unallocated(_ section: ScriptSection, _ statement: ScriptStatement) {
    if inputNames(of: section).isEmpty, section.address == nil {
      note(
        "(\(section.type ?? "")): what follows '\(section.name)' overlaps it with GNU ld, and stands behind it in the map",
        statement.place)
    } else {
      remark(
        "(\(section.type ?? "")): '\(section.name)' has addresses and no bytes in the map; GNU ld keeps its bytes where nobody loads them",
        statement.place)
    }
  }

  /// Whether names tell that a section has no bytes.
  func isBare(_ section: ScriptSection) -> Bool {
    let names = inputNames(of: section)
    let bare = [
      ".bss", ".sbss", "COMMON", ".scommon", ".dynbss", ".dynsbss", ".tbss", ".gnu.linkonce.b",
      ".gnu.linkonce.sb", ".lbss", "LARGE_COMMON",
    ]
    return names.allSatisfy { name in bare.contains { name.hasPrefix($0) } }
      && !section.contents.contains { statement in
        switch statement.kind {
        case .data, .text: true
        default: false
        }
      }
  }

  /// `.tbss` takes no room, so the counter stands where it was.
  func isThreadBare(_ section: ScriptSection) -> Bool {
    let names = inputNames(of: section)
    return !names.isEmpty
      && names.allSatisfy {
        $0.hasPrefix(".tbss") || $0.hasPrefix(".tcommon") || $0.hasPrefix(".gnu.linkonce.tb")
      }
  }

  func inputNames(of section: ScriptSection) -> [String] {
    section.contents.flatMap { statement -> [String] in
      if case .input(let input) = statement.kind { return input.patterns.map(\.name) }
      return []
    }
  }

  mutating func discard(_ section: ScriptSection, _ statement: ScriptStatement) {
    tail += statement.trivia.before.map { .comment($0) }
    for inner in section.contents {
      switch inner.kind {
      case .input(let input):
        for rule in rule(for: input, nil, inner) { tail.append(.rule(rule)) }
      case .comments: tail += inner.trivia.before.map { .comment($0) }
      default: tail += untranslated(inner, "it cannot stand in /DISCARD/")
      }
    }
  }
}
