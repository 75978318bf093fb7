// Rules about the sources that the compiler does not check, as pure functions over text.
//
// Three rules here: who may import what (the module table of docs/Design.md), where the sources may
// leave the safe part of Swift, and where they may name a machine (both AllowList.txt). A fourth, on
// comments, is in CommentRule.swift. These work on lines without comments; Swift's grammar is not
// needed for words as distinctive as these.

/// What a module may import besides the standard library.
struct ImportRule {
  let module: String
  let allowed: Set<String>

  /// The module table. A target that is not here may not exist.
  static let all: [ImportRule] = [
    ImportRule(module: "ELF", allowed: []),
    ImportRule(module: "MapLang", allowed: ["Parallel", "Synchronization", "Text"]),
    ImportRule(module: "MemoryPicture", allowed: ["MapLang", "Text"]),
    ImportRule(module: "ScriptExport", allowed: ["MapLang"]),
    ImportRule(module: "ScriptImport", allowed: ["MapLang", "Text"]),
    ImportRule(module: "Text", allowed: []),
    ImportRule(module: "Parallel", allowed: ["CShims", "Glibc", "Synchronization"]),
    ImportRule(
      module: "Linker",
      allowed: [
        "CFileSystem", "COpenSSL", "CShims", "CXXHash", "CZlib", "CZstd", "ELF", "Glibc",
        "MapLang", "MemoryPicture", "Parallel", "Synchronization", "Text",
      ]),
    ImportRule(
      module: "PostLinkEdit",
      allowed: [
        "CFileSystem", "COpenSSL", "CXXHash", "CZlib", "CZstd", "ELF", "Glibc", "MapLang",
        "Parallel", "Synchronization", "Text",
      ]),
    ImportRule(module: "CommandRunner", allowed: ["ELF", "ExecInterpose", "Glibc"]),
    ImportRule(module: "PostEditing", allowed: ["Linker", "PostLinkEdit"]),
    ImportRule(module: "LayoutImport", allowed: ["Linker", "ScriptImport"]),
    ImportRule(
      module: "swold",
      allowed: ["CommandRunner", "Glibc", "LayoutImport", "Linker", "PostEditing"]),
    ImportRule(
      module: "swold-lto",
      allowed: ["CLinkerPlugin", "ELF", "Glibc", "LayoutImport", "Linker", "PostEditing"]),
    ImportRule(module: "swold-edit", allowed: ["ArgumentParser", "Glibc", "PostLinkEdit"]),
    ImportRule(
      module: "swold-map",
      allowed: [
        "ArgumentParser", "Glibc", "MapLang", "MemoryPicture", "ScriptExport", "ScriptImport",
        "Text",
      ]),
  ]

  /// The modules that `text` imports although this rule does not allow them.
  func violations(in text: String) -> [String] {
    TidyText.imports(of: text).filter { !allowed.contains($0) }
  }
}

/// What only some places may do: ways to leave the safe part of Swift, and to know a machine.
enum Hatch: String, CaseIterable {
  /// Unsafe pointers of all kinds, and casts between unrelated types.
  case pointer
  /// `@unchecked Sendable`
  case sendable
  /// `nonisolated(unsafe)`
  case isolation
  /// The name of an instruction set, which only a target and the ELF tables need to know.
  case machine

  /// Words, one of which shows the use of the hatch.
  var words: [String] {
    switch self {
    case .pointer:
      [
        "UnsafePointer", "UnsafeMutablePointer", "UnsafeRawPointer", "UnsafeMutableRawPointer",
        "UnsafeBufferPointer", "UnsafeMutableBufferPointer", "UnsafeRawBufferPointer",
        "UnsafeMutableRawBufferPointer", "OpaquePointer", "Unmanaged", "unsafeBitCast",
      ]
    case .sendable: ["@unchecked Sendable"]
    case .isolation: ["nonisolated(unsafe)"]
    case .machine:
      [
        "x86", "X86", "i386", "I386", "AMD64", "AArch64", "AARCH64", "aarch64", "RISCV",
        "riscv",
        "ARM",
      ]
    }
  }

  /// True if a line of `text`, comments aside, uses the hatch.
  func isUsed(in text: String) -> Bool {
    TidyText.codeLines(of: text).contains { line in
      // 0x8664 is a number.
      words.contains { word in
        line.ranges(of: word).contains { !line[..<$0.lowerBound].hasSuffix("0") }
      }
    }
  }
}

/// One line of AllowList.txt.
struct Allowance {
  let hatch: Hatch
  /// A file, or a folder with a slash at its end, relative to the package.
  let path: String
  let reason: String

  func covers(_ file: String) -> Bool {
    path.hasSuffix("/") ? file.hasPrefix(path) : file == path
  }

  /// Reads the list. Lines that are neither empty, nor comments, nor well formed come back apart.
  static func parse(_ text: String) -> (entries: [Allowance], malformed: [String]) {
    var entries: [Allowance] = []
    var malformed: [String] = []
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let words = line.split(separator: " ", maxSplits: 2)
      guard words.count == 3, let hatch = Hatch(rawValue: String(words[0])) else {
        malformed.append(String(line))
        continue
      }
      let reason = String(words[2].drop { $0 == " " })
      entries.append(Allowance(hatch: hatch, path: String(words[1]), reason: reason))
    }
    return (entries, malformed)
  }
}

enum TidyText {
  /// The lines of Swift source, without what follows `//`.
  static func codeLines(of text: String) -> [Substring] {
    text.split(separator: "\n").map { line in
      var rest = line
      while let slash = rest.firstIndex(of: "/") {
        let next = rest.index(after: slash)
        if next < rest.endIndex, rest[next] == "/" { return line[..<slash] }
        rest = rest[next...]
      }
      return line
    }
  }

  /// The modules that Swift source imports, with whatever attributes and access level.
  static func imports(of text: String) -> [String] {
    let marks: Set<Substring> = [
      "public", "package", "internal", "fileprivate", "private", "@testable", "@preconcurrency",
      "@_exported", "@_implementationOnly",
    ]
    return codeLines(of: text).compactMap { line in
      let words = line.split(separator: " ").drop { marks.contains($0) || $0.hasPrefix("@_spi(") }
      guard words.first == "import" else { return nil }
      // `import struct Glibc.stat` names the module in its last word.
      return words.last.flatMap { $0.split(separator: ".").first }.map(String.init)
    }
  }
}
