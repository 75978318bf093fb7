// Commands at the top level of a script, and those that a map has no word for.

extension Translator {
  mutating func top(_ statement: ScriptStatement) {
    let before = statement.trivia.before.map { MapNode.comment($0) }
    let behind = statement.trivia.behind.joined(separator: " ")
    switch statement.kind {
    case .comments: preamble += before
    case .entry(let name):
      preamble += before + [.line("entry \(MapWords.name(name));", behind: behind)]
    case .extern(let names):
      let list = names.map(MapWords.name).joined(separator: ", ")
      if !names.isEmpty { preamble += before + [.line("root \(list);", behind: behind)] }
    case .assignment(let assignment):
      assign(assignment, statement)
    case .assertion(let condition, let message): assert(condition, message, statement)
    case .memory: preamble += before
    case .headers(let list): headersNotes(list, before)
    case .alias: preamble += before
    case .sections(let inner):
      preamble += before
      for statement in inner { walk(statement) }
    case .insert: break
    case .command(let word, let names): command(word, names, statement)
    case .section, .overlay, .input, .data, .text, .fill:
      preamble += untranslated(statement, "it cannot stand here")
    }
  }

  mutating func command(_ word: String, _ names: [String], _ statement: ScriptStatement) {
    let before = statement.trivia.before.map { MapNode.comment($0) }
    switch word {
    case "OUTPUT_FORMAT", "OUTPUT_ARCH", "TARGET":
      remark(
        "the machine of a link is that of -m or of its objects: \(statement.words)",
        statement.place)
      preamble += before + [.comment(statement.words)]
    case "FORCE_COMMON_ALLOCATION", "LD_FEATURE", "HLL", "SYSLIB", "FLOAT", "NOFLOAT":
      remark("it has no effect here: \(statement.words)", statement.place)
      preamble += before
    case "NOCROSSREFS", "NOCROSSREFS_TO":
      preamble += untranslated(statement, "a map has no check of references between sections")
    case _ where takesInputs && Self.inputWords.contains(word) && !names.contains("AS_NEEDED"):
      inputs.insert(contentsOf: names, at: word == "STARTUP" ? 0 : inputs.count)
      preamble += before + [.comment(statement.words)]
    case "SEARCH_DIR" where takesInputs:
      searchDirectories += names
      preamble += before + [.comment(statement.words)]
    case "INPUT", "GROUP", "STARTUP":
      preamble += untranslated(statement, "name the files on the command line")
    case "SEARCH_DIR":
      remark("use -L on the command line: \(statement.words)", statement.place)
      preamble += before + [.comment("\(statement.words): -L on the command line")]
    case "OUTPUT": preamble += untranslated(statement, "use -o on the command line")
    case "VERSION": preamble += untranslated(statement, "use --version-script")
    default: preamble += untranslated(statement, "use the option of that name")
    }
  }

  private static let inputWords: Set<String> = ["INPUT", "GROUP", "STARTUP"]

  mutating func headersNotes(_ list: [ScriptHeader], _ before: [MapNode]) {
    preamble += before
    for header in list {
      if header.address != nil {
        note("a map has no AT() of a program header: \(header.name)", header.place)
      }
      let known = [
        "PT_LOAD", "PT_NOTE", "PT_TLS", "PT_DYNAMIC", "PT_INTERP", "PT_GNU_RELRO", "PT_GNU_STACK",
        "PT_GNU_EH_FRAME", "PT_GNU_PROPERTY",
      ]
      if header.type == "PT_PHDR" && header.hasProgramHeaders { continue }
      if !known.contains(header.type) {
        note(
          "program headers but PT_LOAD follow from the types of sections; there may be no \(header.type) (\(header.name))",
          header.place)
      }
    }
  }
}
