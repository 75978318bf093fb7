// What people write who come from another language, and what to write instead.
//
// The grammar decides what is wrong; this only adds a line of help to the message. Most who begin
// with maps come from GNU ld, so its words lead to those that do the same here.

extension Parser {
  /// Help for a token that begins no statement where it stands.
  var foreignHelp: String? {
    switch token.kind {
    case .slash:
      var probe = lexer
      return text(of: probe.next(.expression)) == "DISCARD"
        ? "GNU ld's /DISCARD/ is 'discard NAME…;' here"
        : "comments begin with '#' and end with the line"
    case .star: return "patterns stand behind 'take': take *(.text .text.*);"
    case .greater: return Self.regionHelp
    case .name: break
    case _: return nil
    }
    let word = text(of: token)
    if let help = Self.foreignWords[word] { return help }
    var probe = lexer
    switch probe.next(.expression).kind {
    case .assign:
      return "there are no assignments: 'let \(word) = VALUE;' is a constant, "
        + "'symbol \(word) = VALUE;' defines a symbol"
    case _:
      return word.utf8.first == UInt8(ascii: ".") && word.utf8.count > 1
        ? "an output section is 'section \(word) { take …; }'" : nil
    }
  }

  /// Help where a name was read and something else than the end of a name follows it.
  var nameContinuesHelp: String? {
    switch token.kind {
    case .minus, .plus, .slash, .star, .percent, .tilde, .exclamation:
      "a name with other characters than letters, digits, '_', '.' and '$' stands in quotes"
    case _: nil
    }
  }

  /// Help where a block was expected: what GNU ld writes between a name and its brace.
  var blockHelp: String? {
    switch token.kind {
    case .openParen:
      "what GNU ld says in parentheses are attributes here: 'access rx;' in a region, 'noload;' or "
        + "'nobits;' in a section"
    case .unknown where text(of: token) == ":":
      "no ':' is needed: 'section NAME { … }', 'region NAME { at ADDRESS; size SIZE; }'"
    case _: nameContinuesHelp
    }
  }

  /// Help where the end of a statement was expected.
  var statementHelp: String? {
    switch token.kind {
    case .greater: Self.regionHelp
    case .unknown where text(of: token) == "?":
      "there is no '?:': 'when CONDITION { … } else { … }' chooses statements, min() and max() numbers"
    case _: nameContinuesHelp
    }
  }

  private static let regionHelp =
    "GNU ld's '> REGION' is 'place in REGION { … }' around the section here"

  /// Help where a pattern follows a modifier of `take` directly.
  var selectorHelp: String? {
    token.kind == .name || token.kind == .word ? "keep take \(text(of: token));" : nil
  }

  /// Help behind `load` in a block.
  var loadBoundHelp: String? {
    switch keyword {
    case .start: "load_start NAME;"
    case .end: "load_end NAME;"
    case _: nil
    }
  }

  static let loadInHelp =
    "a section says where it is stored: 'section NAME { load in REGION; … }'; a region and a place "
    + "at an address may say 'load at ADDRESS'"

  /// Words of GNU ld and of other tools, as they are written there.
  private static let foreignWords: [String: String] = [
    "SECTIONS": "GNU ld's SECTIONS is 'place at ADDRESS { section NAME { take …; } }' here",
    "MEMORY": "GNU ld's MEMORY is 'region NAME { at ADDRESS; size SIZE; access rx; }' here",
    "PHDRS": "GNU ld's PHDRS is 'segment NAME rx { … }' around the items of a place here",
    "ENTRY": "entry NAME;",
    "EXTERN": "root NAME;",
    "INCLUDE": "include \"FILE\";",
    "KEEP": "GNU ld's KEEP(*(NAME)) is 'keep take NAME;' here",
    "PROVIDE": "write 'provide symbol NAME = VALUE;', or 'provide end NAME;' in the block it ends",
    "PROVIDE_HIDDEN": "provide hidden symbol NAME = VALUE;",
    "HIDDEN": "hidden symbol NAME = VALUE;",
    "ASSERT": "assert CONDITION, \"message\";",
    "FILL": "fill VALUE;",
    "BYTE": "bytes come after the link: make room with 'slot NAME { size 1; }'",
    "LONG": "bytes come after the link: make room with 'slot NAME { size 4; }'",
    "QUAD": "bytes come after the link: make room with 'slot NAME { size 8; }'",
    "OUTPUT_FORMAT": "leave it out: the output has the format of the inputs",
    "OUTPUT_ARCH": "leave it out: the output has the machine of the inputs",
    "INPUT": "inputs stand on the command line",
    "GROUP": "inputs stand on the command line",
    "ORIGIN": "at ADDRESS;",
    "origin": "at ADDRESS;",
    "org": "at ADDRESS;",
    "base": "at ADDRESS;",
    "LENGTH": "size SIZE;",
    "len": "size SIZE;",
    "sizeof": "size SIZE;",
  ]
}
