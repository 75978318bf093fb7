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
  let image: Image

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
              "\(s.index)", s.name, sectionName(s.type, image.machine), sectionFlags(s.flags),
              hex(s.address),
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
          return [tagName(entry.tag, image.machine), text ?? flagNames(entry) ?? hex(entry.value)]
        })
      return lines
    case .notes:
      let (found, malformed) = image.notes()
      return align(
        found.map { n in
          [
            n.section, n.note.owner.string, noteName(n.note.owner.string, n.note.type),
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

  /// The flags of DT_FLAGS and DT_FLAGS_1 by name, with the bits that have none.
  private func flagNames(_ entry: DynamicEntry) -> String? {
    guard entry.tag == DT.FLAGS || entry.tag == DT.FLAGS_1 else { return nil }
    var rest = entry.value
    var names: [String] = []
    for flag in DynamicFlag.allCases {
      let bits = entry.tag == DT.FLAGS ? flag.bits.flags : flag.bits.flags1
      guard bits != 0, rest & bits != 0 else { continue }
      names.append(flag.rawValue)
      rest &= ~bits
    }
    let others: [(Int64, UInt64, String)] = [
      (DT.FLAGS, DF.TEXTREL, "textrel"), (DT.FLAGS, DF.STATIC_TLS, "static-tls"),
      (DT.FLAGS_1, DF_1.PIE, "pie"),
    ]
    for (tag, bit, name) in others where tag == entry.tag && rest & bit != 0 {
      names.append(name)
      rest &= ~bit
    }
    if rest != 0 || names.isEmpty { names.append(hex(rest)) }
    return names.joined(separator: " ")
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
            ("type", .number(Int64(s.type))),
            ("type-name", .string(sectionName(s.type, image.machine))),
            ("flags", .string(sectionFlags(s.flags))),
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
            ("tag", .string(tagName(entry.tag, image.machine))),
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
