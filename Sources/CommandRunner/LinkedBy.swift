// swold --linked-by FILE…: tells who linked a file, by what the linkers leave in it.

internal import ELF
internal import Glibc

public enum LinkedBy {
  /// Answers a command line that begins with --linked-by.
  /// - Returns: 0 if swold linked all files, 1 if not, 2 if one is no linked ELF file; nil for another
  ///   command line.
  public static func run(_ arguments: [String]) -> Int32? {
    guard arguments.count > 1, ["--linked-by", "-linked-by"].contains(arguments[1]) else {
      return nil
    }
    let files = arguments.dropFirst(2)
    guard !files.isEmpty else {
      Standard.error("swold: error: --linked-by needs files: swold --linked-by FILE...\n")
      return 1
    }
    var code: Int32 = 0
    for file in files {
      let answer = linker(of: file)
      code = max(code, answer.code)
      guard Standard.output("\(file): \(answer.text)\n") else {
        Standard.error("swold: error: cannot write to standard output: \(CommandRunner.reason())\n")
        return 1
      }
    }
    return code
  }

  private typealias Answer = (text: String, code: Int32)

  private static func linker(of path: String) -> Answer {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return ("cannot be read: \(CommandRunner.reason())", 2) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0
    else {
      return ("no ELF file", 2)
    }
    let size = Int(status.st_size)
    guard let memory = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), memory != MAP_FAILED
    else { return ("cannot be read: \(CommandRunner.reason())", 2) }
    defer { munmap(memory, size) }
    return linker(in: ByteView(memory, count: size))
  }

  private static func linker(in file: ByteView) -> Answer {
    guard let header = FileHeader(file) else { return ("no ELF file", 2) }
    guard header.type == ET.EXEC || header.type == ET.DYN else {
      return ("not linked yet: an object file", 2)
    }
    let sections = Sections(file, header)
    let marks = sections.bytes(named: ".comment").map(strings) ?? []
    if let mark = marks.first(where: { $0.hasPrefix("swold-") || $0.contains("(swold ") }) {
      return (mark, 0)
    }
    if let mark = marks.first(where: { $0.hasPrefix("Linker: LLD") }) {
      return (String(mark.dropFirst("Linker: ".count)), 1)
    }
    if let mark = marks.first(where: { $0.hasPrefix("mold ") || $0.hasPrefix("Linker: ") }) {
      return (mark, 1)
    }
    if sections.bytes(named: ".note.gnu.gold-version") != nil { return ("GNU gold", 1) }
    return ("unknown: it has no mark (GNU ld leaves none, and strip can remove it)", 1)
  }

  private static func strings(_ bytes: ByteView) -> [String] {
    bytes.withSpan { span in
      var texts: [String] = [], start = 0
      for i in 0..<span.count where span[i] == 0 {
        if i > start { texts.append(String(decoding: (start..<i).map { span[$0] }, as: UTF8.self)) }
        start = i + 1
      }
      return texts
    }
  }
}

/// The sections of a file by name.
private struct Sections {
  private let file: ByteView
  private var headers: [SectionHeader] = []
  private var names = ByteView()

  init(_ file: ByteView, _ header: FileHeader) {
    self.file = file
    let size = header.format.sectionEntrySize
    guard header.sectionHeaderOffset != 0, let start = Int(exactly: header.sectionHeaderOffset)
    else {
      return
    }
    guard let first = SectionHeader(file, header.format, at: start) else { return }
    let stated = Int(header.sectionHeaderCount)
    let count = stated == 0 ? Int(clamping: first.size) : stated
    for index in 0..<min(count, file.count / size) {
      guard let section = SectionHeader(file, header.format, at: start + index * size) else {
        break
      }
      headers.append(section)
    }
    let nameIndex =
      header.sectionNameIndex == SHN.XINDEX ? Int(first.link) : Int(header.sectionNameIndex)
    guard headers.indices.contains(nameIndex) else { return }
    names = file.slice(headers[nameIndex].offset, headers[nameIndex].size) ?? ByteView()
  }

  /// nil if there is none, or it has no bytes in the file.
  func bytes(named name: StaticString) -> ByteView? {
    for section in headers {
      guard names.cString(at: Int(section.nameOffset))?.equals(name) == true else { continue }
      return file.slice(section.offset, section.size)
    }
    return nil
  }
}
