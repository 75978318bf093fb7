// gcc writes types of integers as `long unsigned int`, alone and in the arguments of templates; gdb knows
// them as `unsigned long` and looks for names that are written so.

internal import ELF

enum CxxNames {
  private static let spellings: [(StaticString, StaticString)] = [
    ("long long unsigned int", "unsigned long long"), ("long unsigned int", "unsigned long"),
    ("short unsigned int", "unsigned short"), ("long long int", "long long"),
    ("long int", "long"), ("short int", "short"),
  ]

  /// The name as gdb writes it; nil: it is.
  static func canonical(_ name: ByteView, _ arena: inout TextArena) -> ByteView? {
    // (The shortest is `long int`.)
    guard name.count >= 8, hasInteger(name) else { return nil }
    return arena.make(atMost: name.count) { out in
      var (position, end) = (0, 0)
      var isInWord = false
      while position < name.count {
        let rest = name.suffix(from: position) ?? ByteView()
        if !isInWord, rest[0] == UInt8(ascii: "l") || rest[0] == UInt8(ascii: "s"),
          let (long, short) = spellings.first(where: { isPhrase($0.0, of: rest) })
        {
          out.copy(short.view, at: end)
          end += short.utf8CodeUnitCount
          position += long.utf8CodeUnitCount
          isInWord = true
          continue
        }
        out.store(name[position], at: end)
        isInWord = isLetter(name[position])
        end += 1
        position += 1
      }
      return end
    }
  }

  /// Whether ` int` is in a name.
  private static func hasInteger(_ name: ByteView) -> Bool {
    var rest = name
    while let space = rest.find(0x20), let next = rest.suffix(from: space + 1) {
      if next.hasPrefix("int") { return true }
      rest = next
    }
    return false
  }

  private static func isPhrase(_ phrase: StaticString, of text: ByteView) -> Bool {
    let count = phrase.utf8CodeUnitCount
    return text.hasPrefix(phrase) && (count == text.count || !isLetter(text[count]))
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte == 0x5f
      || byte >= 0x80
  }
}
