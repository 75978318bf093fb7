// Edit scripts (Grammar/sedit.ebnf): a header line, then one edit a line. The same functions read
// the words of a command line, where each argument is one word.

/// Reads scripts and command lines into edits.
public enum ScriptParser {
  /// The edits of a script.
  /// - Parameters:
  ///   - name: what messages call the script.
  ///   - directory: what relative paths in it are relative to; empty for the working directory.
  ///   - needsHeader: the first line that is not blank must be `sedit 1`; false for `-e`.
  public static func parse(
    script bytes: [UInt8], name: String, directory: String = "",
    variables: [String: String] = [:], needsHeader: Bool = true
  ) throws(EditFailure) -> [Edit] {
    var splitter = WordSplitter(bytes, file: name, variables: variables)
    var edits: [Edit] = []
    var sawHeader = !needsHeader
    while let words = try splitter.nextLine() {
      guard let first = words.first else { continue }
      if !sawHeader {
        guard words.count == 2, first.text == Array("sedit".utf8) else {
          throw EditFailure(
            .syntax, "the script does not begin with 'sedit 1'", at: first.location)
        }
        guard words[1].text == Array("1".utf8) else {
          throw EditFailure(
            .syntax, "this version reads scripts of version 1 only", at: words[1].location)
        }
        sawHeader = true
        continue
      }
      edits.append(try parse(words, directory: directory))
    }
    guard sawHeader else {
      throw EditFailure(
        .syntax, "the script is empty", hint: "its first line is 'sedit 1'",
        at: EditLocation(file: name, line: 1, column: 1))
    }
    return edits
  }

  /// The edits of a script file; `-` is standard input. Relative paths in it are relative to its
  /// directory.
  public static func parse(
    file path: String, variables: [String: String]
  ) throws(EditFailure) -> [Edit] {
    try parse(file: path, contents: read(path), variables: variables)
  }

  /// The same for a script that has been read.
  public static func parse(
    file path: String, contents: [UInt8], variables: [String: String]
  ) throws(EditFailure) -> [Edit] {
    let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    return try parse(
      script: contents, name: path == "-" ? "<stdin>" : path, directory: directory,
      variables: variables)
  }

  /// The bytes of a script; `-` is standard input, which can be read once.
  public static func read(_ path: String) throws(EditFailure) -> [UInt8] { try readFile(path) }

  /// One edit given as separate words, as a shell passes them.
  public static func parse(
    words: [String], name: String = "<command line>", variables: [String: String] = [:]
  ) throws(EditFailure) -> Edit {
    let parsed = try argumentWords(words, name: name, variables: variables)
    guard !parsed.isEmpty else { throw EditFailure(.syntax, "an edit is missing") }
    return try parse(parsed, directory: "")
  }

  private static func parse(_ words: [Word], directory: String) throws(EditFailure) -> Edit {
    var arguments = try Arguments(words, directory: directory)
    var edit = Edit(
      .seal(drop: false), name: arguments.verb, location: arguments.location)
    edit.verb = try verb(&arguments)
    try finish(&edit, &arguments)
    return edit
  }

  /// The words that several verbs take. What a verb does not take is left over and refused.
  private static func finish(
    _ edit: inout Edit, _ arguments: inout Arguments
  ) throws(EditFailure) {
    edit.ifNeeded = arguments.flag("if-needed")
    if edit.verb.takesReplacement { edit.replace = try arguments.yes("replace") }
    if edit.verb.takesCode { edit.code = try arguments.yes("code") }
    if edit.verb.takesExpectation {
      let directory = arguments.directory
      // For lma, expect= is an address.
      if arguments.verb != "lma" {
        edit.expect = try arguments.key("expect") { parser throws(EditFailure) in
          try parser.data(relativeTo: directory)
        }
      } else if let address = try arguments.integer("expect") {
        edit.expect = .integer(address, size: 8)
      }
    }
    try arguments.finish()
  }

  /// The edit `sign` with its words, as a shell passes them.
  public static func parse(
    signer command: [String], words: [String], variables: [String: String] = [:]
  ) throws(EditFailure) -> Edit {
    var a = try Arguments(argumentWords(["sign"] + words, variables: variables), directory: "")
    guard !command.isEmpty else { throw a.fail("sign: the signer is empty") }
    let coverage = try coverage(&a, over: [.object(.rom)])
    guard let slot = try a.key("slot", { parser throws(EditFailure) in try parser.name() }) else {
      throw a.fail("sign: slot=NAME is missing")
    }
    var edit = Edit(
      .sign(
        command: command, coverage, slot: slot, padding: try a.choice("pad", PaddingTreatment.self)),
      name: "sign", location: a.location)
    try finish(&edit, &a)
    return edit
  }

  private static func argumentWords(
    _ words: [String], name: String = "<command line>", variables: [String: String]
  ) throws(EditFailure) -> [Word] {
    var column = 1
    var parsed: [Word] = []
    for word in words {
      let place = EditLocation(file: name, line: 1, column: column)
      parsed.append(try argumentWord(word, place, variables))
      column += word.utf8.count + 1
    }
    return parsed
  }

  /// All verbs a script may use.
  public static let verbs = [
    "put", "poke", "fill", "pad", "insert", "section", "entry", "lma", "interp", "rpath", "needed",
    "soname", "symbol", "exec-stack", "flags", "header", "note", "build-id", "debug", "digest",
    "export",
    "assert", "seal",
  ]

  private static func verb(_ a: inout Arguments) throws(EditFailure) -> Verb {
    switch a.verb {
    case "put":
      return .put(try a.place(), try a.data(), padding: try a.choice("pad", PaddingTreatment.self))
    case "poke": return try poke(&a)
    case "fill": return try fill(&a)
    case "pad":
      let verb = Verb.pad(
        to: try a.integer("to"), size: try a.integer("size"), byte: try a.byte("byte") ?? 0xff)
      guard case .pad(let to, let size, _) = verb, (to == nil) != (size == nil) else {
        throw a.fail("pad: give either to= or size=")
      }
      return verb
    case "insert": return try insert(&a)
    case "section": return try section(&a)
    case "entry": return .entry(try a.expression(), vectors: try a.textKey("vectors"))
    case "lma": return try lma(&a)
    case "interp": return .interpreter(try a.text("PATH"))
    case "rpath": return try runPath(&a)
    case "needed": return try needed(&a)
    case "soname": return .soname(try a.text("STR"))
    case "symbol": return try symbol(&a)
    case "exec-stack":
      switch try a.text("set or clear") {
      case "set": return .executableStack(true)
      case "clear": return .executableStack(false)
      case let other:
        throw a.fail("exec-stack: unknown action '\(other)'", hint: "actions: set clear")
      }
    case "flags": return try flags(&a)
    case "header": return try header(&a)
    case "note": return try note(&a)
    case "build-id": return try buildID(&a)
    case "debug": return try debug(&a)
    case "digest": return try digest(&a)
    case "export": return try export(&a)
    case "assert": return .assert(try a.expression(), try a.text("\"message\""))
    case "seal": return .seal(drop: try a.yes("drop"))
    case "show", "get", "lint", "sign":
      throw a.fail("'\(a.verb)' is not allowed in scripts", hint: "run it as a command")
    default:
      throw a.fail(
        "unknown verb '\(a.verb)'", hint: "verbs: " + ScriptParser.verbs.joined(separator: " "))
    }
  }

  private static func poke(_ a: inout Arguments) throws(EditFailure) -> Verb {
    let widths: [String: IntegerWidth] = ["u8": .u8, "u16": .u16, "u32": .u32, "u64": .u64]
    let type = try a.text("u8, u16, u32 or u64")
    guard let width = widths[type] else {
      throw a.fail("poke: '\(type)' is not u8, u16, u32 or u64")
    }
    let place = try a.place()
    guard a.take("=") else { throw a.fail("poke: '=' is missing behind the place") }
    return .poke(
      width, place, try a.expression(), endian: try a.choice("endian", Endianness.self),
      wrap: try a.yes("wrap"))
  }

  private static func pattern(
    _ a: inout Arguments, _ name: String
  ) throws(EditFailure) -> [UInt8]? {
    let directory = a.directory
    let value = try a.key(name) { parser throws(EditFailure) -> EditData in
      parser.looksAtData
        ? try parser.data(relativeTo: directory) : .integer(try parser.integer(), size: 1)
    }
    switch value {
    case nil: return nil
    case .bytes(let bytes) where !bytes.isEmpty: return bytes
    case .integer(let byte, size: 1) where byte < 256: return [UInt8(byte)]
    default: throw a.fail("\(name)= takes a byte or hex:PATTERN")
    }
  }

  private static func fill(_ a: inout Arguments) throws(EditFailure) -> Verb {
    let ranges = try a.parse("RANGE") { parser throws(EditFailure) in try parser.ranges() }
    let holes = try pattern(&a, "holes")
    let all = try pattern(&a, "all")
    guard (holes == nil) != (all == nil), let bytes = holes ?? all else {
      throw a.fail("fill: give either holes= or all=")
    }
    return .fill(ranges, pattern: bytes, claim: try a.yes("claim"), all: all != nil)
  }

  private static func insert(_ a: inout Arguments) throws(EditFailure) -> Verb {
    let name = try a.text("NAME")
    let data = try a.data()
    var mode: InsertMode? = try a.key("at") { parser throws(EditFailure) in
      .address(try parser.addressValue())
    }
    let hasAddress = mode != nil
    if let place = try a.textKey("where") {
      guard !hasAddress else { throw a.fail("insert: give either at= or where=") }
      switch place {
      case "hole": mode = .hole
      case "tail": mode = .tail
      case "segment": mode = .segment
      case "nonalloc": mode = .nonalloc
      default:
        guard place.hasPrefix("slot:") else {
          throw a.fail("where= is slot:NAME, hole, tail, segment or nonalloc")
        }
        mode = .slot(String(place.dropFirst(5)))
      }
    }
    let flags = try a.textKey("flags") ?? "r"
    guard ["r", "rw", "rx"].contains(flags) else { throw a.fail("flags= is r, rw or rx") }
    return .insert(
      name, data, mode: mode, alignment: try a.integer("align"), flags: flags,
      lma: try a.integer("lma"))
  }

  private static func section(_ a: inout Arguments) throws(EditFailure) -> Verb {
    let action = try a.text("add, replace, remove, rename, dump or flags")
    let name = try a.text("NAME")
    switch action {
    case "add":
      return .section(name, .add(try a.data(), alignment: try a.integer("align") ?? 1))
    case "replace":
      return .section(
        name, .replace(try a.data(), padding: try a.choice("pad", PaddingTreatment.self)))
    case "remove": return .section(name, .remove)
    case "rename": return .section(name, .rename(to: try a.text("the new name")))
    case "dump":
      guard let path = try a.path("to") else { throw a.fail("section dump: to=FILE is missing") }
      return .section(name, .dump(to: path, raw: try a.yes("raw", default: true)))
    case "flags": return .section(name, .flags(try a.text("flags")))
    default:
      throw a.fail(
        "section: unknown action '\(action)'", hint: "actions: add replace remove rename dump flags"
      )
    }
  }

  private static func lma(_ a: inout Arguments) throws(EditFailure) -> Verb {
    if a.take("all") {
      guard let delta = try a.signed("by") else {
        throw a.fail("lma all: by=+N or by=-N is missing")
      }
      return .lmaAll(by: delta, remap: try a.yes("remap"))
    }
    let object = try a.parse("all or seg:N") { parser throws(EditFailure) in
      try parser.objectName()
    }
    guard case .segment(let index) = object, let address = try a.integer("to") else {
      throw a.fail("lma: write 'lma all by=N' or 'lma seg:K to=ADDRESS'")
    }
    return .lmaSegment(index, to: address)
  }

  private static func runPath(_ a: inout Arguments) throws(EditFailure) -> Verb {
    let action = try a.text("set, add, remove, replace, shrink or convert")
    let result: RunPathAction
    switch action {
    case "set": result = .set(try a.text("STR"))
    case "add":
      let directory = try a.text("DIRECTORY")
      result = .add(directory, first: try a.yes("first"))
    case "remove": result = a.hasMore ? .drop(try a.text("DIRECTORY")) : .remove
    case "replace":
      result = .replace(try a.text("DIRECTORY"), with: try a.text("the new directory"))
    case "shrink":
      let prefixes = try a.textKey("prefix")?.split(separator: ":").map(String.init)
      result = .shrink(root: try a.path("root"), prefixes: prefixes)
    case "convert": result = .convert
    default:
      throw a.fail(
        "rpath: unknown action '\(action)'",
        hint: "actions: set add remove replace shrink convert")
    }
    let tag = try a.textKey("tag")
    guard [nil, "runpath", "rpath"].contains(tag) else { throw a.fail("tag= is runpath or rpath") }
    if result == .convert, tag == nil {
      throw a.fail("rpath convert: tag=runpath or tag=rpath says what it shall become")
    }
    return .runPath(result, legacy: tag.map { $0 == "rpath" }, scrub: try a.yes("scrub"))
  }

  private static func needed(_ a: inout Arguments) throws(EditFailure) -> Verb {
    switch try a.text("add, remove or replace") {
    case "add":
      let library = try a.text("LIBRARY")
      return .needed(.add(library, first: try a.yes("first")))
    case "remove": return .needed(.remove(try a.text("LIBRARY")))
    case "replace":
      return .needed(.replace(try a.text("LIBRARY"), with: try a.text("the new library")))
    case let other:
      throw a.fail("needed: unknown action '\(other)'", hint: "actions: add remove replace")
    }
  }

  private static func symbol(_ a: inout Arguments) throws(EditFailure) -> Verb {
    let action = try a.text("an action")
    let name = try a.text("NAME")
    switch action {
    case "rename":
      let new = try a.text("the new name")
      return .symbol(name, .rename(to: new), dynamic: try a.yes("dynamic"))
    case "localize": return .symbol(name, .localize, dynamic: try a.yes("dynamic"))
    case "globalize": return .symbol(name, .globalize)
    case "weaken": return .symbol(name, .weaken)
    case "hide": return .symbol(name, .hide, dynamic: try a.yes("dynamic"))
    case "unversion": return .symbol(name, .unversion)
    case "remove": return .symbol(name, .remove)
    case "add":
      guard a.take("=") else { throw a.fail("symbol add: write 'symbol add NAME = (EXPR)'") }
      return .symbol(name, .add(try a.expression()))
    default:
      throw a.fail(
        "symbol: unknown action '\(action)'",
        hint: "actions: rename localize globalize weaken hide remove add unversion")
    }
  }

  private static func flags(_ a: inout Arguments) throws(EditFailure) -> Verb {
    let action = try a.text("add or remove")
    guard action == "add" || action == "remove" else {
      throw a.fail("flags: unknown action '\(action)'", hint: "actions: add remove")
    }
    var flags: [DynamicFlag] = []
    repeat {
      let name = try a.text("FLAG")
      guard let flag = DynamicFlag(rawValue: name) else {
        let known = DynamicFlag.allCases.map(\.rawValue).joined(separator: " ")
        throw a.fail("flags: there is no flag '\(name)'", hint: "flags: \(known)")
      }
      flags.append(flag)
    } while a.hasMore
    return .flags(flags, add: action == "add")
  }

  private static func header(_ a: inout Arguments) throws(EditFailure) -> Verb {
    var fields = HeaderFields()
    if let name = try a.textKey("osabi") {
      guard let number = OperatingSystem.number(name) else {
        let known = OperatingSystem.names.map(\.name).joined(separator: " ")
        throw a.fail("osabi=\(name) is neither a number nor a name", hint: "names: \(known)")
      }
      fields.system = number
    }
    fields.systemVersion = try a.byte("abi-version")
    if let value = try a.integer("e-flags") {
      guard let flags = UInt32(exactly: value) else { throw a.fail("e-flags= exceeds 32 bits") }
      fields.flags = flags
    }
    guard fields != HeaderFields() else {
      throw a.fail("header: give osabi=, abi-version= or e-flags=")
    }
    return .header(fields)
  }

  private static func note(_ a: inout Arguments) throws(EditFailure) -> Verb {
    let action = try a.text("set or remove")
    let owner = try a.text("OWNER")
    let number = try a.parse("TYPE") { parser throws(EditFailure) in try parser.integer() }
    guard let type = UInt32(exactly: number) else { throw a.fail("note: the type exceeds 32 bits") }
    switch action {
    case "set":
      let data = try a.data()
      let section = try a.textKey("section")
      var loaded = try a.textKey("loaded")
      if let text = loaded {
        guard text.hasPrefix("slot:") else { throw a.fail("loaded= is slot:NAME") }
        loaded = String(text.dropFirst(5))
      }
      return .noteSet(owner: owner, type: type, data, section: section, loaded: loaded)
    case "remove": return .noteRemove(owner: owner, type: type)
    default:
      throw a.fail("note: unknown action '\(action)'", hint: "actions: set remove")
    }
  }

  private static func buildID(_ a: inout Arguments) throws(EditFailure) -> Verb {
    switch try a.text("keep, recompute or set") {
    case "keep": return .buildID(.keep)
    case "recompute": return .buildID(.recompute(try a.choice("style", BuildIDStyle.self)))
    case "set":
      let text = try a.text("HEX")
      let digits = text.hasPrefix("hex:") ? String(text.dropFirst(4)) : text
      var parser = WordParser(try argumentWord("hex:" + digits, a.location, [:]))
      guard case .bytes(let bytes) = try parser.data(relativeTo: "") else { return .buildID(.keep) }
      return .buildID(.set(bytes))
    case let other:
      throw a.fail("build-id: unknown action '\(other)'", hint: "actions: keep recompute set")
    }
  }

  private static func debug(_ a: inout Arguments) throws(EditFailure) -> Verb {
    switch try a.text("an action") {
    case "split":
      guard let path = try a.path("to") else { throw a.fail("debug split: to=FILE is missing") }
      return .debug(
        .split(
          to: path, link: try a.yes("link"), compress: try a.choice("compress", Compression.self)))
    case "compress":
      return .debug(.compress(try a.choice("compress", Compression.self) ?? .zlib))
    case "decompress": return .debug(.decompress)
    case "strip": return .debug(.strip)
    case "link":
      guard let path = try a.path("to") else { throw a.fail("debug link: to=FILE is missing") }
      return .debug(.link(to: path))
    case let other:
      throw a.fail(
        "debug: unknown action '\(other)'", hint: "actions: split link strip compress decompress")
    }
  }

  private static func coverage(
    _ a: inout Arguments, over all: [RangeSpecification]? = nil
  ) throws(EditFailure) -> Coverage {
    guard let over = try a.ranges("over") ?? all else {
      throw a.fail("\(a.verb): over=RANGES is missing")
    }
    var result = Coverage(over)
    result.except = try a.ranges("except") ?? []
    if let holes = try a.textKey("holes") {
      if holes == "skip" {
        result.holes = .skip
      } else {
        var parser = WordParser(try argumentWord(holes, a.location, [:]))
        let value = try parser.integer()
        try parser.expectEnd()
        guard value < 256 else { throw a.fail("holes=\(value) is not a byte") }
        result.holes = .byte(UInt8(value))
      }
    }
    result.slots = try a.choice("slots", SlotTreatment.self) ?? .asIs
    switch try a.textKey("space") {
    case nil, "lma": break
    case "va": result.virtual = true
    default: throw a.fail("space= is lma or va")
    }
    result.span = try a.integer("span")
    return result
  }

  private static func digest(_ a: inout Arguments) throws(EditFailure) -> Verb {
    let name = try a.text("ALGORITHM")
    let algorithm: DigestAlgorithm
    var word = Int(clamping: try a.integer("word") ?? 1)
    if name == "crc" {
      guard let width = try a.integer("width"), (8...64).contains(width),
        let poly = try a.integer("poly")
      else { throw a.fail("digest crc: width= (8 to 64) and poly= are required") }
      algorithm = .crc(
        CRC(
          width: Int(width), polynomial: poly, initial: try a.integer("init") ?? 0,
          reflectsInput: try a.yes("refin"), reflectsOutput: try a.yes("refout"),
          finalXor: try a.integer("xorout") ?? 0))
    } else {
      guard let named = DigestAlgorithm(named: name) else {
        let names = CRC.named.map(\.name).joined(separator: " ")
        throw a.fail(
          "unknown algorithm '\(name)'",
          hint: "known: \(names) crc sum8 sum16 sum32 neg-sum32 sha1 sha256 xxh3-64 adler32")
      }
      algorithm = named
      if name == "crc-32/stm32" { word = 4 }
    }
    guard [1, 2, 4].contains(word) else { throw a.fail("word= is 1, 2 or 4") }
    let coverage = try coverage(&a)
    guard let place = try a.key("into", { parser throws(EditFailure) in try parser.place() }) else {
      throw a.fail("digest: into=PLACE is missing")
    }
    return .digest(
      algorithm, coverage, into: place, endian: try a.choice("endian", Endianness.self), word: word)
  }

  private static func export(_ a: inout Arguments) throws(EditFailure) -> Verb {
    let name = try a.text("FORMAT")
    guard let format = ExportFormat(rawValue: name) else {
      throw a.fail("export: '\(name)' is not bin, ihex, srec, uf2, vmem or tbs")
    }
    guard let path = try a.path("to") else {
      throw a.fail("export: to=FILE is missing", hint: "or -o FILE on the command line")
    }
    if format == .tbs {
      return .export(format, try coverage(&a), ExportOptions(), to: path)
    }
    var options = ExportOptions()
    options.range = try a.ranges("range") ?? []
    options.skip = try a.ranges("skip") ?? []
    options.fill = try a.byte("fill")
    options.padTo = try a.integer("pad-to")
    options.base = try a.integer("base")
    if let bank = try a.textKey("bank") {
      let parts = bank.split(separator: "/").compactMap { Int($0) }
      guard parts.count == 2, parts[1] > 0, parts[1] <= 64, (0..<parts[1]).contains(parts[0]) else {
        throw a.fail("bank=\(bank) is not K/N with K below N")
      }
      options.bank = (parts[0], parts[1])
    }
    options.width = Int(clamping: try a.integer("width") ?? 1)
    guard (1...8).contains(options.width) else { throw a.fail("width= is 1 to 8") }
    if let swap = try a.integer("swap") {
      guard [2, 4, 8].contains(swap) else { throw a.fail("swap= is 2, 4 or 8") }
      options.swap = Int(swap)
    }
    if let record = try a.integer("record") {
      guard (16...255).contains(record) else { throw a.fail("record= is 16 to 255") }
      options.record = Int(record)
    }
    if let family = try a.integer("family") {
      guard let number = UInt32(exactly: family) else {
        throw a.fail("family=\(hex(family)) exceeds 32 bits")
      }
      options.family = number
    }
    options.header = try a.textKey("header")
    options.entry = try a.yes("entry", default: true)
    options.span = try a.integer("span")
    return .export(format, nil, options, to: path)
  }
}
