// Linker scripts that say a layout.
//
// The linker reads library scripts only. What is more is translated into a section map by an importer
// that the program hands to `EntryPoint.run`, which is that of `swold-map import`: with --import-scripts
// in memory, else the message says what to type. A map that is not faithful is not linked with, for
// nobody would see what it leaves out.

internal import ELF
internal import MapLang

/// Makes a section map of a linker script; `load` finds the text of an INCLUDE.
public typealias LayoutScriptImporter =
  @Sendable (
    _ script: String, _ bytes: [UInt8], _ isRelocatable: Bool,
    _ load: @escaping (_ name: String, _ from: String) -> (name: String, bytes: [UInt8])?
  ) -> ImportedLayout

/// What a linker script says, as far as a link has to know.
public struct ImportedLayout: Sendable {
  /// The text of the map.
  public var map: String
  /// Files of INPUT and GROUP, and `-lNAME`.
  public var inputs: [String]
  /// The folders of SEARCH_DIR.
  public var searchDirectories: [String]
  /// What the map does not repeat, a line with its place each. Empty: the map is faithful.
  public var problems: [String]

  public init(map: String, inputs: [String], searchDirectories: [String], problems: [String]) {
    self.map = map
    self.inputs = inputs
    self.searchDirectories = searchDirectories
    self.problems = problems
  }
}

/// The importer among the options. What a program can do is no choice of the user, so that options do not
/// differ in it.
struct LayoutImporter: Sendable, Equatable {
  var run: LayoutScriptImporter

  static func == (_: LayoutImporter, _: LayoutImporter) -> Bool { true }
}

/// A section map that was made of a script.
struct ImportedSource: Sendable {
  var script: String
  var text: String
}

extension InputReader {
  /// Whether a text that is no library script has a layout in it.
  static func saysLayout(_ bytes: ByteView) -> Bool {
    let text = bytes.string
    return ["SECTIONS", "MEMORY", "PHDRS"].contains { word in text.contains(word) }
  }

  /// Makes a map of the script, and reads the files that it names.
  mutating func importLayout(_ path: String, _ bytes: ByteView, _ request: InputRequest) {
    guard let importer = options.layoutImporter?.run else { return }
    let search = self.search
    let located = options.located
    let layout = importer(
      path, [UInt8](bytes.buffer), options.outputKind == .relocatable
    ) { name, from in
      let folder = from.lastIndex(of: "/").map { String(from[...$0]) } ?? ""
      let candidates = [name.hasPrefix("/") ? name : folder + name, search.find(fileNamed: name)]
      for case let candidate? in candidates {
        if let file = (try? MappedFile.open(located(candidate))) ?? nil {
          return (candidate, [UInt8](file.bytes.buffer))
        }
      }
      return nil
    }
    guard layout.problems.isEmpty else {
      return log.error(.scriptNotFaithful(path, layout.problems), at: position)
    }
    inputs.importedMaps.append(ImportedSource(script: path, text: layout.map))
    let isInSysroot = search.isInSysroot(path)
    extraSearchPaths += layout.searchDirectories.map { search.resolve($0, inSysroot: isInSysroot) }
    for input in layout.inputs {
      if input.hasPrefix("-l") {
        readLibrary(String(input.dropFirst(2)), request.switches)
      } else {
        readScriptFile(
          search.resolve(input, inSysroot: isInSysroot), folder: Self.folder(of: path),
          script: path, request.switches)
      }
    }
  }

  /// The part of a path before the last `/`.
  static func folder(of path: String) -> String {
    path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  }
}

extension Message {
  static func scriptSaysLayout(_ path: String, _ error: TextError) -> Message {
    Message(
      "scriptSaysLayout",
      "\(path):\(error)\n  help: 'swold-map import \(path) -o layout.smap' makes a section map of the script; "
        + "--import-scripts links with it at once")
  }

  static func scriptNotFaithful(_ path: String, _ problems: [String]) -> Message {
    var lines = problems.prefix(12).map { "\n  \($0)" }
    if problems.count > 12 { lines.append("\n  and \(problems.count - 12) more") }
    return Message(
      "scriptNotFaithful",
      "\(path): no section map can say all of this script:\(lines.joined())"
        + "\n  help: 'swold-map import \(path) -o layout.smap' writes what it can, to be completed by hand"
    )
  }
}
