// Lines and words of an edit script (Grammar/sedit.ebnf). Blanks separate words, except inside
// "…" and balanced ( … ). A backslash at the end of a line joins it to the next one, `#` at the
// start of a word begins a comment. Variables are replaced inside a word after the split, so a
// value with blanks stays one word.

/// One word of a script with the places its bytes came from.
struct Word {
  /// The text after the replacement of variables, quotes still in it.
  var text: [UInt8]
  /// Where each byte of `text` was written; one more for the end.
  var places: [EditLocation]
  /// A bare argument of a command line: text that begins with a prefix is not quoted.
  var location: EditLocation { places[0] }
}

/// Splits scripts into lines of words.
struct WordSplitter {
  private let bytes: [UInt8]
  private let file: String
  private let variables: [String: String]
  private var position = 0
  private var line = 1
  private var column = 1

  init(_ bytes: [UInt8], file: String, variables: [String: String]) {
    self.bytes = bytes
    self.file = file
    self.variables = variables
  }

  private var here: EditLocation { EditLocation(file: file, line: line, column: column) }
  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func advance() {
    if bytes[position] == newline {
      line += 1
      column = 1
    } else {
      column += 1
    }
    position += 1
  }

  /// The words of the next line, empty for a blank one; nil at the end.
  mutating func nextLine() throws(EditFailure) -> [Word]? {
    guard position < bytes.count else { return nil }
    var words: [Word] = []
    while let byte = current {
      switch byte {
      case newline:
        advance()
        return words
      case space, tab, carriageReturn: advance()
      case backslash where isJoin: skipJoin()
      case hash:
        while let other = current, other != newline { _ = other; advance() }
      default: words.append(try nextWord())
      }
    }
    return words
  }

  /// A backslash that is the last byte of its line.
  private var isJoin: Bool {
    guard position + 1 < bytes.count else { return true }
    if bytes[position + 1] == newline { return true }
    return bytes[position + 1] == carriageReturn && position + 2 < bytes.count
      && bytes[position + 2] == newline
  }

  private mutating func skipJoin() {
    while let byte = current {
      advance()
      if byte == newline { return }
    }
  }

  private mutating func nextWord() throws(EditFailure) -> Word {
    let start = here
    var raw: [UInt8] = []
    var places: [EditLocation] = []
    var depth = 0
    var quoted = false
    while let byte = current {
      if quoted {
        if byte == newline { throw EditFailure(.syntax, "a string does not end", at: start) }
        if byte == backslash, position + 1 < bytes.count, bytes[position + 1] != newline {
          raw.append(byte)
          places.append(here)
          advance()
        } else if byte == quote {
          quoted = false
        }
      } else if depth == 0,
        byte == space || byte == tab || byte == newline || byte == carriageReturn
      {
        break
      } else if byte == backslash, isJoin {
        if depth == 0 { break }
        skipJoin()
        continue
      } else if byte == newline {
        throw EditFailure(.syntax, "'(' without ')'", at: start)
      } else if byte == quote {
        quoted = true
      } else if byte == openParenthesis {
        depth += 1
      } else if byte == closeParenthesis {
        depth = max(0, depth - 1)
      }
      raw.append(current ?? 0)
      places.append(here)
      advance()
    }
    if quoted { throw EditFailure(.syntax, "a string does not end", at: start) }
    if depth > 0 { throw EditFailure(.syntax, "'(' without ')'", at: start) }
    places.append(here)
    return try expand(Word(text: raw, places: places), variables)
  }
}

/// A word of a command line: blanks in it are its own.
func argumentWord(
  _ text: String, _ place: EditLocation, _ variables: [String: String]
) throws(EditFailure) -> Word {
  let bytes = Array(text.utf8)
  let places = (0...bytes.count).map {
    EditLocation(file: place.file, line: place.line, column: place.column + $0)
  }
  return try expand(Word(text: bytes, places: places), variables)
}

/// Replaces `%{NAME}`.
private func expand(_ word: Word, _ variables: [String: String]) throws(EditFailure) -> Word {
  guard word.text.contains(percent) else { return word }
  var result = Word(text: [], places: [])
  var index = 0
  var quoted = false
  while index < word.text.count {
    let byte = word.text[index]
    if byte == percent, index + 1 < word.text.count, word.text[index + 1] == UInt8(ascii: "{") {
      guard let end = word.text[index...].firstIndex(of: UInt8(ascii: "}")) else {
        throw EditFailure(.syntax, "'%{' without '}'", at: word.places[index])
      }
      let name = String(decoding: word.text[(index + 2)..<end], as: UTF8.self)
      guard let value = variables[name] else {
        throw EditFailure(
          .syntax, "the variable '\(name)' is not defined", hint: "pass -D \(name)=VALUE",
          at: word.places[index])
      }
      for part in value.utf8 {
        // Inside a string a value stays what it is, quotes and backslashes included.
        if quoted, part == quote || part == backslash {
          result.text.append(backslash)
          result.places.append(word.places[index])
        }
        result.text.append(part)
        result.places.append(word.places[index])
      }
      index = end + 1
      continue
    }
    if quoted, byte == backslash, index + 1 < word.text.count {
      result.text.append(byte)
      result.places.append(word.places[index])
      index += 1
    } else if byte == quote {
      quoted.toggle()
    }
    result.text.append(word.text[index])
    result.places.append(word.places[index])
    index += 1
  }
  result.places.append(word.places[word.text.count])
  return result
}

let newline = UInt8(ascii: "\n")
let carriageReturn = UInt8(ascii: "\r")
let space = UInt8(ascii: " ")
let tab = UInt8(ascii: "\t")
let backslash = UInt8(ascii: "\\")
let hash = UInt8(ascii: "#")
let quote = UInt8(ascii: "\"")
let percent = UInt8(ascii: "%")
let openParenthesis = UInt8(ascii: "(")
let closeParenthesis = UInt8(ascii: ")")
