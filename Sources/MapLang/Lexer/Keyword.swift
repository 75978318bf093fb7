// The words of the language.
//
// All of them are contextual but the few of rules L4 and L5: whether `start` is a keyword depends on
// where it stands, so the lexer calls it a NAME and the parser asks here.

enum Keyword: UInt8, CaseIterable, Sendable {
  case access, after, align, alignment, always, assert, at
  case before
  case `default`, discard, dynstr, dyntags
  case `else`, end, entry, error, except, extend, extends
  case file, fill, forbid
  case group
  case headers, hidden, high
  case image, `in`, include, initPriority, interp
  case keep
  case length, `let`, load, loadEnd, loadStart
  case max, min, mirrors
  case name, nobits, noload, nop, nothing
  case offset, optional, order, orphans, overlay
  case pad, pages, param, phdr, phdrs, place, pow2, prefer, provide
  case region, relro, required, reserve, rest, root
  case section, segment, size, slot, smap, sort, spare, splits, start, subalign, symbol
  case take, trap
  case u16, u32, u64, u8
  case warn, when, word

  /// As it is written.
  var text: StaticString {
    switch self {
    case .access: "access"
    case .after: "after"
    case .align: "align"
    case .alignment: "alignment"
    case .always: "always"
    case .assert: "assert"
    case .at: "at"
    case .before: "before"
    case .default: "default"
    case .discard: "discard"
    case .dynstr: "dynstr"
    case .dyntags: "dyntags"
    case .else: "else"
    case .end: "end"
    case .entry: "entry"
    case .error: "error"
    case .except: "except"
    case .extend: "extend"
    case .extends: "extends"
    case .file: "file"
    case .fill: "fill"
    case .forbid: "forbid"
    case .group: "group"
    case .headers: "headers"
    case .hidden: "hidden"
    case .high: "high"
    case .image: "image"
    case .in: "in"
    case .include: "include"
    case .initPriority: "init_priority"
    case .interp: "interp"
    case .keep: "keep"
    case .length: "length"
    case .let: "let"
    case .load: "load"
    case .loadEnd: "load_end"
    case .loadStart: "load_start"
    case .max: "max"
    case .min: "min"
    case .mirrors: "mirrors"
    case .name: "name"
    case .nobits: "nobits"
    case .noload: "noload"
    case .nothing: "none"
    case .nop: "nop"
    case .offset: "offset"
    case .optional: "optional"
    case .order: "order"
    case .orphans: "orphans"
    case .overlay: "overlay"
    case .pad: "pad"
    case .pages: "pages"
    case .param: "param"
    case .phdr: "phdr"
    case .phdrs: "phdrs"
    case .place: "place"
    case .pow2: "pow2"
    case .prefer: "prefer"
    case .provide: "provide"
    case .region: "region"
    case .relro: "relro"
    case .required: "required"
    case .reserve: "reserve"
    case .rest: "rest"
    case .root: "root"
    case .section: "section"
    case .segment: "segment"
    case .size: "size"
    case .slot: "slot"
    case .smap: "smap"
    case .sort: "sort"
    case .spare: "spare"
    case .splits: "splits"
    case .start: "start"
    case .subalign: "subalign"
    case .symbol: "symbol"
    case .take: "take"
    case .trap: "trap"
    case .u16: "u16"
    case .u32: "u32"
    case .u64: "u64"
    case .u8: "u8"
    case .warn: "warn"
    case .when: "when"
    case .word: "word"
    }
  }

  /// The keyword that these bytes spell.
  static func of(_ bytes: ArraySlice<UInt8>) -> Keyword? {
    guard let first = bytes.first, first >= 0x61, first <= 0x7a else { return nil }
    let table = Self.table
    let letter = Int(first) - 0x61
    for index in Int(table.firstOfLetter[letter])..<Int(table.firstOfLetter[letter + 1]) {
      if table.texts[index].elementsEqual(bytes) { return Keyword(rawValue: UInt8(index)) }
    }
    return nil
  }

  /// The texts in the order of raw values, which is alphabetical, and where each letter begins.
  private static let table: (texts: [[UInt8]], firstOfLetter: [UInt8]) = {
    let texts = allCases.map { Array("\($0.text)".utf8) }
    let starts = (0...26).map { letter in
      UInt8(texts.firstIndex { Int($0[0]) - 0x61 >= letter } ?? texts.count)
    }
    return (texts, starts)
  }()
}
