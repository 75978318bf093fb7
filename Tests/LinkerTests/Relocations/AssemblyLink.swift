// Assembly that the installed assembler assembles and swold links, in process.
//
// The sections stand at the addresses of `Pinned`, so that a test can say by the psABI's formulas
// which bytes it expects. Nothing here asks the linker for a value: addresses are pinned, and bytes
// are read from the output file.

import ELF
import Synchronization
import Testing

@testable import Linker

/// Where the tests' sections stand.
enum Pinned {
  static let text: Int64 = 0x40_1000
  static let data: Int64 = 0x50_0000
  static let got: Int64 = 0x60_0000
  /// `_GLOBAL_OFFSET_TABLE_`
  static let gotPLT: Int64 = 0x61_0000
  static let plt: Int64 = 0x62_0000
  static let thread: Int64 = 0x70_0000

  static let options = """
    --threads=1 --section-start=.text=\(hex(text)) --section-start=.data=\(hex(data)) \
    --section-start=.got=\(hex(got)) --section-start=.got.plt=\(hex(gotPLT)) \
    --section-start=.plt=\(hex(plt)) --section-start=.tdata=\(hex(thread))
    """

  private static func hex(_ value: Int64) -> String { "0x" + String(value, radix: 16) }
}

/// A folder in which assembly is assembled and linked.
final class AssemblyLink {
  let workshop: Workshop

  init() throws { workshop = try Workshop() }

  /// Assembles `source` to `name.o`.
  func assemble(_ source: String, as name: String = "a") throws {
    try workshop.write("\(name).s", source + "\n.section .note.GNU-stack,\"\",@progbits\n")
    try workshop.run("as \(name).s -o \(name).o")
  }

  /// A link that fails removes the temporary file of *the process*, for the sake of signals.
  private static let oneAtATime = Mutex(())

  /// Links as the words of `line` say, in this folder. `output` is nil if the link failed.
  func link(_ line: String) throws -> (output: TestImage?, messages: String) {
    let words = line.split(whereSeparator: \.isWhitespace).map { word in
      word.hasSuffix(".o") || word.hasSuffix(".so") && !word.hasPrefix("-")
        ? "\(workshop.path)/\(word)" : String(word)
    }
    let parsed = CommandLineParser.parse(
      words + ["-o", "\(workshop.path)/out"], in: CommandLineEnvironment.system)
    #expect(parsed.problems.isEmpty, "\(line)")
    let messages = Messages()
    let log = DiagnosticEngine(print: { messages.add($0) })
    do {
      try Self.oneAtATime.withLock { _ throws(LinkFailure) in
        try Pipeline.link(parsed.options, log)
      }
      log.flush()
      return (try TestImage(workshop.read("out")), messages.text)
    } catch is LinkFailure {
      log.flush()
      return (nil, messages.text)
    }
  }

  /// Makes the shared library `name.so` of assembly.
  func library(_ source: String, as name: String = "lib") throws {
    try assemble(source, as: name)
    let (output, messages) = try link("-shared --threads=1 -soname=\(name).so \(name).o")
    _ = try #require(output, "\(messages)")
    try workshop.run("mv out \(name).so")
  }

  private final class Messages: Sendable {
    private let state = Mutex("")
    func add(_ text: String) { state.withLock { $0 += text } }
    var text: String { state.withLock { $0 } }
  }
}

/// Links one assembly file with pinned sections.
func linkAssembly(
  _ source: String, _ options: String = ""
) throws -> (output: TestImage?, messages: String) {
  let folder = try AssemblyLink()
  try folder.assemble(source)
  return try folder.link("a.o \(Pinned.options) \(options)")
}

/// The bytes of `count` bytes of an integer, as a dump shows them.
func little(_ value: Int64, _ count: Int = 4) -> String {
  dump((0..<count).map { UInt8(truncatingIfNeeded: value >> Int64($0 * 8)) })
}

/// `48 8d 05`
func dump(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
}

/// Instructions as bytes, with relocations: `48 8b 05 {GOTPCREL x-4}` has one over four zero bytes
/// at its place, `{8:64 x}` one over eight. The value is assembly.
func instructions(_ notation: String) -> String {
  var assembly = ""
  var rest = Substring(notation)
  while let first = rest.first {
    if first == "{", let end = rest.firstIndex(of: "}") {
      var relocation = rest[rest.index(after: rest.startIndex)..<end]
      var width = 4
      if let colon = relocation.firstIndex(of: ":") {
        width = Int(relocation[..<colon]) ?? 4
        relocation = relocation[relocation.index(after: colon)...]
      }
      let parts = relocation.split(separator: " ", maxSplits: 1)
      assembly += ".reloc ., R_X86_64_\(parts[0]), \(parts.count > 1 ? parts[1] : "0")\n"
      if width > 0 { assembly += ".zero \(width)\n" }
      rest = rest[rest.index(after: end)...]
    } else if first == " " || first == "\n" {
      rest.removeFirst()
    } else {
      assembly += ".byte 0x\(rest.prefix(2))\n"
      rest = rest.dropFirst(2)
    }
  }
  return assembly
}
