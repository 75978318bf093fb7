// Option values that have a small syntax of their own.

extension CommandLineParser {
  /// Splits `NAME=REST`; reports and returns nil if either is missing.
  mutating func splitAssignment(_ use: OptionUse) -> (name: String, rest: String)? {
    let (name, rest) = Self.split(use.text)
    guard let rest, !name.isEmpty, !rest.isEmpty else {
      error(.badOptionValue(use.description, "NAME=VALUE"))
      return nil
    }
    return (name, rest)
  }

  /// --defsym.
  mutating func addSymbolDefinition(_ use: OptionUse) {
    guard let (name, text) = splitAssignment(use) else { return }
    do {
      let expression = try ExpressionParser.parse(text)
      options.symbolDefinitions.append(
        DefsymOption(name: name, expression: expression, text: text, position: position))
    } catch {
      self.error(.badExpression(use.description, column: error.column, error.problem))
    }
  }

  /// -R: GNU ld takes a file for --just-symbols and all else for --rpath, so that a directory may
  /// be named that exists only where the program will run.
  mutating func addRpathOrSymbols(_ use: OptionUse) {
    var path = use.text
    if let directory = options.directory, !path.hasPrefix("/") { path = directory + "/" + path }
    switch environment.kind(of: path) {
    case .file:
      guard let row = OptionTable.optionIndex["just-symbols"] else { return }
      apply(row, OptionUse(spelling: "\(use.spelling) with a file", value: use.value))
    case .directory, .missing: options.addRpath(use.text)
    }
  }

  /// -m.
  mutating func setEmulation(_ use: OptionUse) {
    if let machine = Machine.allCases.first(where: { $0.facts.emulations.contains(use.text) }) {
      options.machine = machine
      options.emulation = use.text
    } else {
      error(.badOptionValue(use.description, Machine.emulations.joined(separator: ", ")))
    }
  }

  /// --oformat. The name of a machine's format chooses the machine, as -m does, which is stronger.
  mutating func setOutputFormat(_ use: OptionUse) {
    switch use.text {
    case "elf", "default": options.outputFormat = .elf
    case "binary": options.outputFormat = .binary
    default:
      guard let machine = Machine(outputFormat: use.text) else {
        return error(.badOptionValue(use.description, "elf, binary, \(Machine.outputFormats)"))
      }
      options.outputFormat = .elf
      machineOfFormat = machine
    }
  }

  /// --format. What files are for is in the files, so the machine is not asked.
  mutating func setInputFormat(_ use: OptionUse) {
    switch use.text {
    case "binary": switches.isBinary = true
    case "elf", "default": switches.isBinary = false
    default:
      if Machine(outputFormat: use.text) == nil {
        let words = "elf, binary, default, \(Machine.outputFormats)"
        return error(.badOptionValue(use.description, words))
      }
      switches.isBinary = false
    }
  }

  /// --unresolved-symbols.
  mutating func setUnresolvedMethod(_ use: OptionUse) {
    switch use.text {
    case "report-all": (reportUndefinedInObjects, allowShlibUndefined) = (true, false)
    case "ignore-all": (reportUndefinedInObjects, allowShlibUndefined) = (false, true)
    case "ignore-in-object-files": (reportUndefinedInObjects, allowShlibUndefined) = (false, false)
    case "ignore-in-shared-libs": (reportUndefinedInObjects, allowShlibUndefined) = (true, true)
    default:
      let words = "report-all, ignore-all, ignore-in-object-files, ignore-in-shared-libs"
      error(.badOptionValue(use.description, words))
    }
  }

  /// --threads=N, --thread-count N. More than 1024 threads never help.
  mutating func setThreadCount(_ text: String, _ use: OptionUse) {
    guard let count = Number.parse(text), count > 0 else {
      return error(.badOptionValue(use.description, "a number of threads, at least 1"))
    }
    options.threadCount = Int(min(count, 1024))
  }

  /// --build-id.
  mutating func setBuildID(_ use: OptionUse) {
    switch use.value {
    case nil, "tree": options.buildID = .tree
    case "none": options.buildID = .none
    case "fast": options.buildID = .fast
    case "md5": options.buildID = .md5
    case "sha1": options.buildID = .sha1
    case "sha256": options.buildID = .sha256
    case "uuid": options.buildID = .uuid
    case let text?:
      guard let bytes = Self.hexBytes(text) else {
        let words = "none, fast, md5, sha1, sha256, uuid, tree or 0x and pairs of digits"
        return error(.badOptionValue(use.description, words))
      }
      options.buildID = .hex(bytes)
    }
  }

  /// The bytes of `0x` and pairs of hexadecimal digits, between which `-` and `:` may stand.
  private static func hexBytes(_ text: String) -> [UInt8]? {
    guard text.hasPrefix("0x") || text.hasPrefix("0X") else { return nil }
    var bytes: [UInt8] = []
    var pending: UInt8?
    for byte in text.utf8.dropFirst(2) {
      if pending == nil && (byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":")) { continue }
      guard let digit = Number.hexDigit(byte) else { return nil }
      if let high = pending {
        bytes.append(high << 4 | digit)
        pending = nil
      } else {
        pending = digit
      }
    }
    return bytes.isEmpty || pending != nil ? nil : bytes
  }

  /// --compress-debug-sections.
  mutating func setDebugCompression(_ use: OptionUse) {
    if let choice = compression(use.text, use) { options.debugCompression = choice }
  }

  /// --compress-sections.
  mutating func addSectionCompression(_ use: OptionUse) {
    guard let (pattern, text) = splitAssignment(use), let choice = compression(text, use) else {
      return
    }
    guard choice != .zlibGNU else {
      return error(.badOptionValue(use.description, "none, zlib, zstd"))
    }
    options.sectionCompressions.append(SectionCompression(pattern: pattern, choice: choice))
  }

  /// A kind of compression with an optional level: `zstd:19`.
  private mutating func compression(_ text: String, _ use: OptionUse) -> DebugCompression? {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let kind = parts.first ?? ""
    var level: Int?
    if parts.count == 2 {
      let highest: UInt64 = kind == "zstd" ? 22 : 9
      guard kind == "zlib" || kind == "zstd", let number = Number.parse(String(parts[1])),
        (1...highest).contains(number)
      else {
        error(.badOptionValue(use.description, "zlib:1 to zlib:9, zstd:1 to zstd:22"))
        return nil
      }
      level = Int(number)
    }
    switch kind {
    case "none": return DebugCompression.none
    case "zlib", "zlib-gabi": return .zlib(level: level)
    case "zlib-gnu": return .zlibGNU
    case "zstd": return .zstd(level: level)
    default:
      error(.badOptionValue(use.description, "none, zlib, zlib-gabi, zlib-gnu, zstd"))
      return nil
    }
  }

  /// --package-metadata. Shells and build tools mangle quotes and commas of JSON, so `%22` stands
  /// for a quote, and so on.
  mutating func setPackageMetadata(_ use: OptionUse) {
    guard let text = use.value, !text.isEmpty else { return options.packageMetadata = nil }
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(Number.hexDigit),
        let low = rest.popFirst().flatMap(Number.hexDigit)
      else {
        return error(.badOptionValue(use.description, "two hexadecimal digits behind each %"))
      }
      bytes.append(high << 4 | low)
    }
    options.packageMetadata = String(decoding: bytes, as: UTF8.self)
  }

  /// --shuffle-sections: mold's form is a number or nothing, lld's is GLOB=NUMBER.
  mutating func addShuffle(_ use: OptionUse) {
    guard let text = use.value else {
      return options.shuffleSections.append(SectionShuffle(pattern: "*", order: .random))
    }
    let (pattern, seedText) = Self.split(text)
    let order: SectionShuffle.Order
    if (seedText ?? text) == "-1" {
      order = .reversed
    } else if let seed = Number.parse(seedText ?? text) {
      order = seed == 0 ? .random : .seeded(seed)
    } else {
      return error(.badOptionValue(use.description, "SEED or GLOB=SEED, a number"))
    }
    options.shuffleSections.append(
      SectionShuffle(pattern: seedText == nil ? "*" : pattern, order: order))
  }

  /// --explain.
  mutating func addExplainRequest(_ use: OptionUse) {
    let parts = use.text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let subject = parts.count == 2 ? String(parts[1]) : ""
    let request: ExplainRequest? =
      switch parts.first {
      case "section": .section(pattern: subject)
      case "symbol": .symbol(subject)
      case "region": .region(subject)
      case "address": Number.parse(subject).map { .address($0) }
      default: nil
      }
    guard let request, !subject.isEmpty else {
      let words = "section:GLOB, symbol:NAME, address:NUMBER, region:NAME"
      return error(.badOptionValue(use.description, words))
    }
    options.explainRequests.append(request)
  }
}
