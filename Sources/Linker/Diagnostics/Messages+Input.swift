// Messages about input files.

extension Message {
  static func cannotOpen(_ path: String, _ reason: String) -> Message {
    Message("cannotOpen", "cannot open \(path): \(reason)")
  }

  static func fileNotFound(_ path: String) -> Message {
    Message("fileNotFound", "cannot open \(path): no such file")
  }

  static func inputIsOutput(_ path: String) -> Message {
    Message(
      "inputIsOutput", "\(path): is an input and the output (-o), which would replace it")
  }

  static func libraryNotFound(
    _ name: String, searched: [String], isStatic: Bool, passedOver: [(path: String, what: String)],
    hint: LibraryHint?
  ) -> Message {
    let kinds = isStatic ? "lib\(name).a" : "lib\(name).so or lib\(name).a"
    let wanted = name.hasPrefix(":") ? String(name.dropFirst()) : kinds
    var notes: [String] = []
    if searched.isEmpty {
      notes.append("no library path is set; name one with -L DIR")
    } else {
      notes.append("looked for \(wanted) in \(searched.joined(separator: ", "))")
    }
    notes += passedOver.map { "passed over \($0.path): it is \($0.what)" }
    if let hint { notes.append(hint.text) }
    return Message("libraryNotFound", "cannot find -l\(name)", notes: notes)
  }

  static func incompatibleLibrary(_ path: String, _ name: String, _ what: String) -> Message {
    Message(
      "incompatibleLibrary",
      "skipping incompatible \(path) when searching for -l\(name): it is \(what)")
  }

  /// Each side with what shows it, and the name of its C library.
  static func mixedLibraries(
    _ some: [String], _ one: String, _ others: [String], _ other: String
  ) -> Message {
    Message(
      "mixedLibraries",
      "\(some[0]), so it is made for \(one), but \(others[0]), which means \(other): a program with "
        + "two C libraries does not run; link with what was built for one of them",
      notes: (some.dropFirst().prefix(5) + others.dropFirst().prefix(5)).map(\.self))
  }

  static func malformedFile(_ file: String, _ reason: String) -> Message {
    Message("malformedFile", "\(file): \(reason)")
  }

  static func foreignFile(_ file: String, _ what: String, _ output: String) -> Message {
    Message(
      "foreignFile", "\(file): is \(what), and the output is \(output)")
  }

  static func unknownFileType(_ file: String) -> Message {
    Message(
      "unknownFileType",
      "\(file): unknown file type; swold links ELF objects, archives, shared libraries and scripts")
  }

  static func memberIsNoObject(_ member: String) -> Message {
    Message(
      "memberIsNoObject",
      "\(member): is no object, and --whole-archive takes every member; take it out of the archive")
  }

  static func sharedInStaticLink(_ file: String) -> Message {
    Message(
      "sharedInStaticLink",
      "\(file): is a shared library, which -static, -Bstatic, -n and -N refuse; link lib*.a, or say "
        + "-Bdynamic in front of it"
    )
  }

  static func sharedInRelocatableLink(_ file: String) -> Message {
    Message("sharedInRelocatableLink", "\(file): -r takes objects only, not shared libraries")
  }

  static func badText(_ file: String, _ error: TextError) -> Message {
    Message("badText", "\(file):\(error)")
  }

  static func scriptCycle(_ file: String) -> Message {
    Message("scriptCycle", "\(file): scripts or thin archives include each other without end")
  }

  /// A limit of swold or of the format: `what` is a noun in the plural.
  static func tooMuch(_ what: String, _ limit: Int) -> Message {
    Message("tooMuch", "the inputs have more than \(limit) \(what), which is more than fits")
  }

  static func executableStack(_ file: String) -> Message {
    Message(
      "executableStack",
      "\(file): requires an executable stack; -z noexecstack refuses it, "
        + "--no-warn-execstack silences this")
  }

  static func noInputFiles() -> Message {
    Message("noInputFiles", "no input files")
  }
}
