// Scripts such as libc.so, which name further inputs.

internal import ELF

extension InputReader {
  mutating func readScript(_ path: String, _ bytes: ByteView, _ request: InputRequest) {
    guard enter(path) else { return }
    defer { nesting.removeLast() }
    let script: LibraryScript
    do throws(TextError) {
      script = try LibraryScript(bytes)
      try inputs.requests.versionScript.append(script.versions)
    } catch {
      if LibraryScript.looksLikeScript(bytes) {
        if !Self.saysLayout(bytes) {
          log.error(.badText(path, error), at: position)
        } else if options.importScripts {
          importLayout(path, bytes, request)
        } else {
          log.error(.scriptSaysLayout(path, error), at: position)
        }
      } else {
        log.error(.unknownFileType(path), at: position)
      }
      return
    }
    let isInSysroot = search.isInSysroot(path)
    extraSearchPaths += script.searchDirectories.map {
      search.resolve($0.path.string, inSysroot: isInSysroot)
    }
    inputs.requests.externs += script.externSymbols.map(\.text.string)
    inputs.requests.assignments += script.assignments.map { statement in
      ScriptAssignment(
        assignment: Assignment(
          name: statement.name, value: .expression(statement.expression),
          isProvided: statement.isProvided, isHidden: statement.isHidden,
          origin: .script(path, statement.position, statement.text)), position: argumentPosition)
    }
    if let entry = script.entry { inputs.requests.entry = entry.text.string }
    let folder = Self.folder(of: path)
    for input in script.inputs {
      var switches = request.switches
      if input.isAsNeeded { switches.asNeeded = true }
      switch input.kind {
      case .library: readLibrary(input.name.string, switches)
      case .file:
        let name = search.resolve(input.name.string, inSysroot: isInSysroot)
        readScriptFile(name, folder: folder, script: path, switches)
      }
    }
  }

  /// A file that a script names, the sysroot resolved: relative ones are looked for here, beside
  /// the script and along the library paths, in this order.
  mutating func readScriptFile(
    _ name: String, folder: String, script: String, _ switches: InputSwitches
  ) {
    var candidates = [name]
    if !name.hasPrefix("/") {
      if !folder.isEmpty { candidates.append("\(folder)/\(name)") }
      candidates += (search.paths + extraSearchPaths).map { "\($0)/\(name)" }
    }
    for candidate in candidates.map({ options.remaps.path(for: $0) }) {
      guard let result = open(candidate) else { return }
      guard let bytes = result else { continue }
      readFile(candidate, bytes, InputRequest(switches: switches, neededName: candidate))
      return
    }
    log.error(.fileNotFound("\(name) (named by \(script))"), at: position)
  }
}
