// Reads the small text files that options name: version scripts, dynamic lists, lists of symbols.

internal import ELF
internal import Glibc

struct TextInputs {
  let inputs: Inputs

  func read() {
    let options = inputs.options
    for path in options.versionScripts {
      guard let bytes = open(path) else { continue }
      do throws(TextError) {
        try inputs.requests.versionScript.append(VersionScript(bytes))
      } catch {
        inputs.log.error(.badText(path, error))
      }
    }
    for path in options.dynamicLists + options.exportDynamicSymbolLists {
      guard let bytes = open(path) else { continue }
      do throws(TextError) {
        // A dynamic list is a version node without a name; the first parse words its errors.
        _ = try DynamicList(bytes)
        inputs.requests.dynamicLists.append(try VersionScript(bytes))
      } catch {
        inputs.log.error(.badText(path, error))
      }
    }
    for pattern in options.exportDynamicSymbols { addExport(pattern) }
    if options.dynamicListCxxNew {
      ["_Znw*", "_Zna*", "_Zdl*", "_Zda*"].forEach(addExport)
    }
    if options.dynamicListCxxTypeInfo { ["_ZTI*", "_ZTS*"].forEach(addExport) }
    if let path = options.retainSymbolsFile, let bytes = open(path) {
      inputs.requests.retainedSymbols = Set(
        bytes.string.split(whereSeparator: \.isWhitespace).map(String.init))
    }
    readOrders()
    readCalls()
  }

  private func readOrders() {
    if let path = inputs.options.symbolOrderingFile, let bytes = open(path) {
      inputs.requests.symbolOrder = SymbolOrder(Array(bytes.string.utf8))
    }
    if let path = inputs.options.sectionOrderingFile, let bytes = open(path) {
      for line in bytes.string.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
        // A name has no blanks in it.
        if let name = line.split(whereSeparator: \.isWhitespace).first {
          inputs.requests.sectionOrder.append(String(name))
        }
      }
    }
  }

  /// --call-graph-ordering-file: `CALLER CALLEE COUNT` on each line.
  private func readCalls() {
    guard let path = inputs.options.callGraphOrderingFile, let bytes = open(path) else { return }
    for (number, line) in numberedLines(bytes.string) {
      let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
      if words.isEmpty { continue }
      guard words.count == 3, let weight = UInt64(words[2]) else {
        inputs.log.error(.badCallLine(path, line: number))
        continue
      }
      inputs.requests.calls.append(
        ListedCall(caller: String(words[0]), callee: String(words[1]), weight: weight))
    }
  }

  private func addExport(_ pattern: String) {
    let text = strdup("{ \(pattern); };")!
    let bytes = ByteView(UnsafeRawPointer(text), count: strlen(text))
    do throws(TextError) {
      inputs.requests.dynamicLists.append(try VersionScript(bytes))
    } catch {
      inputs.log.error(.badText("--export-dynamic-symbol=\(pattern)", error))
    }
  }

  private func open(_ path: String) -> ByteView? {
    do throws(FileError) {
      if let file = try MappedFile.open(inputs.options.located(path)) {
        inputs.noteRead(path, .text)
        return file.bytes
      }
      let search = LibrarySearch(inputs.options, inputs.target)
      if let found = search.find(fileNamed: path),
        let file = try MappedFile.open(inputs.options.located(found))
      {
        inputs.noteRead(found, .text)
        return file.bytes
      }
      inputs.log.error(.fileNotFound(path))
    } catch {
      inputs.log.error(.cannotOpen(path, error.reason))
    }
    return nil
  }
}

extension Message {
  static func badCallLine(_ path: String, line: Int) -> Message {
    Message("badCallLine", "\(path):\(line): expected CALLER CALLEE COUNT")
  }
}
