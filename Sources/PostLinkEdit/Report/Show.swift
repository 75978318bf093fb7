// show: what a file is, as tables for people and as JSON. It never fails on an ELF file, however
// broken: what cannot be read is listed as a problem.

internal import ELF

/// The parts of a file that `show` knows.
public enum ShowTopic: String, Sendable, CaseIterable {
  case segments, sections, slots, room, dynamic, notes, digests
}

/// A read-only look at a file.
public struct Inspection {
  private let working: WorkingFile
  private let image: Image

  /// Opens a file; throws only if it is no ELF file or cannot be read.
  public init(path: String) throws(EditFailure) {
    do throws(EditFailure) {
      working = try WorkingFile(path: path)
      image = try Image(working.bytes)
    } catch {
      throw EditFailure(
        error.code, error.message.contains(path) ? error.message : "'\(path)': \(error.message)",
        hint: error.hint)
    }
  }

  /// Looks at an image in memory.
  public init(image bytes: [UInt8]) throws(EditFailure) {
    working = try bytes.withView { view throws(EditFailure) in try WorkingFile(copying: view) }
    image = try Image(working.bytes)
  }

  /// Section 10 of the design: the invariants of a linked file.
  public func lint() -> [LintFinding] { Lint(image).run() }

  /// What is wrong with the headers.
  public var problems: [String] { image.problems }

  // MARK: Text

  /// Tables of the topics, as lines.
  public func text(_ topics: [ShowTopic]) -> [String] {
    var lines = [summary]
    for problem in image.problems { lines.append("problem: \(problem)") }
    for topic in topics {
      lines.append("")
      lines.append("\(topic.rawValue):")
      lines += table(topic).map { "  " + $0 }
    }
    return lines
  }

  private var summary: String {
    let kinds: [UInt16: String] = [1: "relocatable", 2: "program", 3: "shared", 4: "core"]
    let order = image.format.order == .little ? "little-endian" : "big-endian"
    return
      "\(EM.name(image.machine)), ELF\(image.format.is64 ? 64 : 32) \(order), "
      + "\(kinds[image.type] ?? "type \(image.type)"), entry \(hex(image.entry)), "
      + "\(image.bytes.count) bytes"
      + (image.overlay.isEmpty ? "" : " (\(image.overlay.count) behind the ELF file)")
  }

  private func table(_ topic: ShowTopic) -> [String] {
    switch topic {
    case .segments:
      return align(
        [["#", "type", "flags", "offset", "va", "lma", "filesz", "memsz", "align"]]
          + image.segments.map { s in
            [
              "\(s.index)", segmentName(s.type), segmentFlags(s.flags), hex(s.offset),
              hex(s.address), hex(s.loadAddress), hex(s.fileSize), hex(s.memorySize),
              hex(s.alignment),
            ]
          })
    case .sections:
      return align(
        [["#", "name", "type", "flags", "va", "offset", "size", "align"]]
          + image.sections.dropFirst().map { s in
            [
              "\(s.index)", s.name, hex(UInt64(s.type)), sectionFlags(s.flags), hex(s.address),
              hex(s.offset), hex(s.size), "\(s.alignment)",
            ]
          })
    case .slots:
      guard let slots = try? image.slots() else { return ["the registry is malformed"] }
      return align(
        [["name", "va", "size", "state"]]
          + slots.map { [$0.name, hex($0.address), "\($0.size)", state($0)] })
    case .room: return image.roomLines()
    case .dynamic:
      var lines = image.interpreter.map { ["interpreter \($0.path)"] } ?? []
      lines += align(
        image.dynamicEntries.map { entry in
          let text =
            Image.stringTags.contains(entry.tag)
            ? image.dynamicString(entry.value).map { "'\($0)'" } : nil
          return [tagName(entry.tag), text ?? hex(entry.value)]
        })
      return lines
    case .notes:
      let (found, malformed) = image.notes()
      return align(
        found.map { n in
          [
            n.section, n.note.owner.string, hex(UInt64(n.note.type)),
            hex(Array(n.note.description.array.prefix(64))),
          ]
        }) + malformed.map { "\($0): malformed" }
    case .digests:
      var result = [["sha256", hex(digest(.sha256))]]
      if let id = image.buildID() { result.append(["build-id", hex(id.bytes.array)]) }
      return align(result)
    }
  }

  private func digest(_ algorithm: DigestAlgorithm) -> [UInt8] {
    algorithm.compute(image.bytes.array, word: 1, wordOrder: .little, order: .little)
  }

  private func align(_ rows: [[String]]) -> [String] {
    var widths: [Int] = []
    for row in rows {
      for (index, cell) in row.enumerated() {
        if index == widths.count { widths.append(0) }
        // One long name shall not make every line long.
        widths[index] = max(widths[index], min(cell.utf8.count, 60))
      }
    }
    return rows.map { row in
      var line = ""
      for (index, cell) in row.enumerated() {
        line += cell
        if index + 1 < row.count {
          line += String(repeating: " ", count: max(widths[index] - cell.utf8.count, 0) + 2)
        }
      }
      return line
    }
  }

  private func state(_ slot: Slot) -> String {
    var words: [String] = []
    if slot.flags.contains(.required) { words.append("required") }
    words.append(slot.flags.contains(.filled) ? "filled" : "empty")
    if slot.flags.contains(.sealed) { words.append("sealed") }
    return slot.flagsOffset == nil ? "no registry" : words.joined(separator: " ")
  }

  // MARK: JSON

  /// The same as one object.
  public func json(_ topics: [ShowTopic]) -> JSON {
    var members: [(String, JSON)] = [
      ("version", .number(1)), ("machine", .string(EM.name(image.machine))),
      ("class", .number(image.format.is64 ? 64 : 32)),
      ("endian", .string(image.format.order == .little ? "little" : "big")),
      ("type", .number(Int64(image.type))), ("entry", .address(image.entry)),
      ("size", .number(Int64(image.bytes.count))),
      ("problems", .array(image.problems.map { .string($0) })),
    ]
    for topic in topics { members.append((topic.rawValue, json(topic))) }
    return .object(members)
  }

  private func json(_ topic: ShowTopic) -> JSON {
    switch topic {
    case .segments:
      return .array(
        image.segments.map { s in
          .object([
            ("index", .number(Int64(s.index))), ("type", .string(segmentName(s.type))),
            ("flags", .string(segmentFlags(s.flags))), ("offset", .address(s.offset)),
            ("va", .address(s.address)), ("lma", .address(s.loadAddress)),
            ("filesz", .address(s.fileSize)), ("memsz", .address(s.memorySize)),
            ("align", .address(s.alignment)),
          ])
        })
    case .sections:
      return .array(
        image.sections.dropFirst().map { s in
          .object([
            ("index", .number(Int64(s.index))), ("name", .string(s.name)),
            ("type", .number(Int64(s.type))), ("flags", .string(sectionFlags(s.flags))),
            ("va", .address(s.address)), ("offset", .address(s.offset)), ("size", .address(s.size)),
          ])
        })
    case .slots:
      return .array(
        ((try? image.slots()) ?? []).map { s in
          .object([
            ("name", .string(s.name)), ("va", .address(s.address)), ("size", .address(s.size)),
            ("required", .bool(s.flags.contains(.required))),
            ("filled", .bool(s.flags.contains(.filled))),
            ("sealed", .bool(s.flags.contains(.sealed))),
          ])
        })
    case .room: return .array(image.roomLines().map { .string($0) })
    case .dynamic:
      return .array(
        image.dynamicEntries.map { entry in
          let text = Image.stringTags.contains(entry.tag) ? image.dynamicString(entry.value) : nil
          return .object([
            ("tag", .string(tagName(entry.tag))),
            ("value", text.map { .string($0) } ?? .address(entry.value)),
          ])
        })
    case .notes:
      return .array(
        image.notes().found.map { n in
          .object([
            ("section", .string(n.section)), ("owner", .string(n.note.owner.string)),
            ("type", .number(Int64(n.note.type))),
            ("description", .string(hex(n.note.description.array))),
          ])
        })
    case .digests:
      return .object([
        ("sha256", .string(hex(digest(.sha256)))),
        ("build-id", image.buildID().map { .string(hex($0.bytes.array)) } ?? .null),
      ])
    }
  }
}

// MARK: Names

func segmentName(_ type: UInt32) -> String {
  switch type {
  case PT.NULL: "NULL"
  case PT.LOAD: "LOAD"
  case PT.DYNAMIC: "DYNAMIC"
  case PT.INTERP: "INTERP"
  case PT.NOTE: "NOTE"
  case PT.PHDR: "PHDR"
  case PT.TLS: "TLS"
  case PT.GNU_EH_FRAME: "GNU_EH_FRAME"
  case PT.GNU_STACK: "GNU_STACK"
  case PT.GNU_RELRO: "GNU_RELRO"
  case PT.GNU_PROPERTY: "GNU_PROPERTY"
  default: hex(UInt64(type))
  }
}

func segmentFlags(_ flags: UInt32) -> String {
  (flags & PF.R != 0 ? "r" : "-") + (flags & PF.W != 0 ? "w" : "-")
    + (flags & PF.X != 0 ? "x" : "-")
}

func sectionFlags(_ flags: UInt64) -> String {
  let letters: [(UInt64, String)] = [
    (SHF.WRITE, "w"), (SHF.ALLOC, "a"), (SHF.EXECINSTR, "x"), (SHF.MERGE, "M"), (SHF.STRINGS, "S"),
    (SHF.TLS, "T"), (SHF.COMPRESSED, "C"),
  ]
  let text = letters.filter { flags & $0.0 != 0 }.map(\.1).joined()
  return text.isEmpty ? "-" : text
}

func tagName(_ tag: Int64) -> String {
  switch tag {
  case DT.NEEDED: "NEEDED"
  case DT.SONAME: "SONAME"
  case DT.RPATH: "RPATH"
  case DT.RUNPATH: "RUNPATH"
  case DT.STRTAB: "STRTAB"
  case DT.STRSZ: "STRSZ"
  case DT.SYMTAB: "SYMTAB"
  case DT.FLAGS: "FLAGS"
  case DT.FLAGS_1: "FLAGS_1"
  default: hex(UInt64(bitPattern: tag))
  }
}
