// The versions that the output defines, and which symbol has which.
//
// They come from version scripts, and from the names of symbols: `foo@V1` and `foo@@V1` have the
// version that they name, which a library's script must define. A program's need not, for programs
// seldom have a script. (docs/SymbolVersions.md)

internal import ELF

extension Program {
  // MARK: Before definitions are chosen

  /// Compiles the version scripts of the command line and of input scripts.
  func readVersionScripts() {
    let script = inputs.requests.versionScript
    definedVersions = script.nodes.filter { !$0.isAnonymous }.map { node in
      DefinedVersion(
        name: node.name.string, parents: node.parents.map { script.nodes[$0].name.string })
    }
    if !script.nodes.isEmpty {
      let matcher = VersionMatcher(script)
      let paths = options.versionScripts
      for conflict in matcher.conflicts where conflict.isLocalAgainstGlobal {
        log.warning(
          .localAndGlobal(
            String(decoding: conflict.name, as: UTF8.self),
            file: paths.count == 1 ? paths[0] : nil, conflict.first, conflict.second))
      }
      versionMatcher = matcher
    }
    dynamicLists = inputs.requests.dynamicLists.map { VersionMatcher($0) }
    if options.defaultSymbolVersion { defineDefaultVersion() }
    readExplicitVersions(script)
  }

  /// --default-symver: a version with the name of the output, for all that has none.
  private func defineDefaultVersion() {
    let name = options.libraryName
    if let known = definedVersions.firstIndex(where: { $0.name == name }) {
      defaultVersionIndex = UInt16(known + 2)
    } else if definedVersions.count < VersionScript.maximumNodeCount {
      definedVersions.append(DefinedVersion(name: name, parents: []))
      defaultVersionIndex = UInt16(definedVersions.count + 1)
    } else {
      log.error(.tooMuch("symbol versions", VersionScript.maximumNodeCount))
    }
  }

  private func readExplicitVersions(_ script: VersionScript) {
    guard !explicitVersions.isEmpty else { return }
    for (number, node) in script.nodes.enumerated() where !node.isAnonymous {
      ownVersions.indices[node.name] = UInt16(number + 2)
      guard !node.locals.isEmpty else { continue }
      ownVersions.nodeMatchers[node.name] = VersionMatcher(script.node(number))
    }
    for explicit in explicitVersions where isLiveDefinition(explicit.symbol) {
      if explicit.isDefault {
        ownVersions.defaults[explicit.base] = explicit.version
        continue
      }
      let index = explicit.version.isEmpty ? VER.NDX_GLOBAL : ownVersions.indices[explicit.version]
      guard let index else { continue }
      ownVersions.oldVersions[explicit.base, default: []].append((index, explicit.symbol))
    }
  }

  /// Whether a symbol `foo` with version `index` gives way to `foo@V`, where V is that version: a
  /// script that lists the old name means the old symbol.
  func yieldsToOldVersion(_ row: SymbolID, _ name: ByteView, _ index: UInt16) -> Bool {
    guard !ownVersions.oldVersions.isEmpty, let list = ownVersions.oldVersions[name] else {
      return false
    }
    return list.contains { old in
      if index > VER.NDX_GLOBAL { return old.index == index }
      // Without a version `foo` may stand beside `foo@V1`, unless they are one.
      let (file, other) = (inputs.file(of: row), inputs.file(of: old.symbol))
      return file == other
        && isSamePlace(
          inputs.entry(of: row).index, inputs.entry(of: old.symbol).index, files[file.index])
    }
  }

  // MARK: Afterwards

  /// `foo@V1` and `foo@@V1` get the version that they name.
  func assignExplicitVersions() {
    guard isDynamic else { return }
    for explicit in explicitVersions {
      let row = definition[explicit.symbol]
      let facts = flags[row]
      guard facts.contains(.exported), facts.isDisjoint(with: [.undefined, .shared]),
        isLiveDefinition(explicit.symbol)
      else { continue }
      // A weak definition that lost has no say, unless the winner has no version of its own.
      if row != explicit.symbol, let own = ExplicitVersion.parts(of: inputs.name(of: row)),
        own.version != explicit.version
      {
        continue
      }
      guard let index = index(of: explicit) else { continue }
      if explicit.isDefault {
        versionIndex[row] = index
      } else if versionIndex[row] != index {
        versionIndex[row] = index | VER.NDX_HIDDEN
      }
    }
  }

  /// nil, with a message, if there is no such version.
  private func index(of explicit: ExplicitVersion) -> UInt16? {
    if explicit.version.isEmpty { return VER.NDX_GLOBAL }
    if let index = ownVersions.indices[explicit.version] { return index }
    let name = explicit.version.string
    if options.outputKind == .sharedObject {
      let file = inputs.file(of: explicit.symbol)
      log.error(
        .unknownVersion(demangled(explicit.symbol), name, inputs.displayName(file)),
        at: inputs.place(file))
      return nil
    }
    // Version indices have 15 bits.
    guard definedVersions.count < VersionScript.maximumNodeCount else {
      log.error(.tooMuch("symbol versions", VersionScript.maximumNodeCount))
      return nil
    }
    definedVersions.append(DefinedVersion(name: name, parents: []))
    let index = UInt16(definedVersions.count + 1)
    ownVersions.indices[explicit.version] = index
    return index
  }

  /// --no-undefined-version: names in the version script that nothing defines.
  func checkUnmatchedVersions() {
    guard options.noUndefinedVersion, let versionMatcher else { return }
    let exacts = versionMatcher.exactGlobals.filter { $0.language == .c }
    guard !exacts.isEmpty else { return }
    /// The places in `exacts` of each name that was not seen yet.
    var missing: [[UInt8]: [Int]] = [:]
    for (number, exact) in exacts.enumerated() { missing[exact.name, default: []].append(number) }
    for number in 0..<files.count where isLive(FileID(number)) && files[number].kind != .shared {
      let file = files[number]
      for index in file.globals {
        let row = file.symbolID(index)
        guard definition[row] == row, !flags[row].contains(.undefined) else { continue }
        let name = file.symbolName(index)
        guard let (base, version, _) = ExplicitVersion.parts(of: name) else {
          missing[name.bytes] = nil
          continue
        }
        // `foo@V` is what the node V lists as foo.
        missing[base.bytes]?.removeAll { exacts[$0].version == ownVersions.indices[version] }
      }
    }
    for (number, exact) in exacts.enumerated() where missing[exact.name]?.contains(number) == true {
      missing[exact.name] = nil
      log.fault(.versionOfUndefinedSymbol(String(decoding: exact.name, as: UTF8.self)))
    }
  }
}
