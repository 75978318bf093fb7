// Files of the repository that the tests read: examples, the grammar, the documents.

import Glibc
import MapLang
import Testing

enum TestFiles {
  /// The root of the repository: the first folder above this file that has the grammar.
  static let root: String = {
    var parts = #filePath.split(separator: "/")
    while !parts.isEmpty {
      let folder = "/" + parts.joined(separator: "/")
      if access(folder + "/Grammar/section-map.ebnf", R_OK) == 0 { return folder }
      parts.removeLast()
    }
    fatalError("no Grammar/section-map.ebnf above \(#filePath)")
  }()

  /// The bytes of a file, its path relative to the root.
  static func read(_ path: String) throws -> [UInt8] {
    let file = try #require(fopen(root + "/" + path, "r"), "cannot read \(path)")
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  static func readText(_ path: String) throws -> String {
    String(decoding: try read(path), as: UTF8.self)
  }

  /// Names of the files of a folder with that ending, sorted.
  static func list(_ folder: String, ending: String) -> [String] {
    guard let directory = opendir(root + "/" + folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(ending) { names.append(name) }
    }
    return names.sorted()
  }

  static func map(_ name: String) throws -> SourceFile {
    SourceFile(name: name, bytes: try read("Examples/section-maps/" + name))
  }

  /// What `extends default` refines.
  static func defaultMap() throws -> SourceFile { DefaultMap.source() }
}

/// Numbers that are the same in every run: SplitMix64.
struct TestRandom: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}

/// Compiles one text, by itself or as a refinement of the draft of the built-in map.
func compile(
  _ text: String, extending defaultMap: SourceFile? = nil, _ settings: MapSettings = MapSettings(),
  files: [String: String] = [:]
) -> CompiledMap {
  MapCompiler.compile(
    [SourceFile(name: "test.smap", bytes: Array(text.utf8))], defaultMap: defaultMap,
    settings: settings
  ) { name, _ in
    files[name].map { .found(SourceFile(name: name, bytes: Array($0.utf8))) } ?? .notFound
  }
}

/// The map of a text without errors.
func compiled(
  _ text: String, extending defaultMap: SourceFile? = nil, _ settings: MapSettings = MapSettings(),
  files: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation
) throws -> SectionMap {
  let result = compile(text, extending: defaultMap, settings, files: files)
  for diagnostic in result.diagnostics {
    Issue.record("\(diagnostic.render(in: result.sources))", sourceLocation: sourceLocation)
  }
  return try #require(result.map, sourceLocation: sourceLocation)
}
