// Symbol names as their authors wrote them: for messages, and for C++ patterns in version scripts.
//
// C++ (Itanium C++ ABI, 5.1 "External Names") and Swift names are left to the two runtimes that
// swold is linked with anyway. Rust has had two schemes: the old one looks like C++ with a hash and
// escapes, which are taken away here; the new one (`_R…`) has its own file.

internal import CShims
internal import ELF
internal import Glibc

enum Demangler {
  /// The readable form of `name`, or `name` itself if it is not mangled. For messages.
  static func readable(_ name: ByteView) -> String { demangled(name) ?? name.string }

  /// The readable form of `name`; nil if it is not mangled.
  static func demangled(_ name: ByteView) -> String? {
    if name.hasPrefix("_Z") {
      guard let text = itanium(name) else { return nil }
      let string = String(decoding: text, as: UTF8.self)
      return isLegacyRust(name) ? withoutRustEscapes(string) : string
    }
    if name.hasPrefix("_R") { return RustDemangler.demangle(name) }
    if name.hasPrefix("$s") || name.hasPrefix("$S") || name.hasPrefix("_$s")
      || name.hasPrefix("_$S") || name.hasPrefix("$e") || name.hasPrefix("_T0")
    {
      return withTerminator(name) { take(swold_demangle_swift($0, name.count)) }
        .map { String(decoding: $0, as: UTF8.self) }
    }
    return nil
  }

  /// The readable form of an Itanium name (`_Z…`), byte by byte as the C++ runtime gives it, which
  /// is what version scripts are written against; nil if it is none.
  static func itanium(_ name: ByteView) -> [UInt8]? {
    // The runtime would take `i` for the type int.
    guard name.hasPrefix("_Z") else { return nil }
    return withTerminator(name) { take(swold_demangle($0)) }
  }

  /// Calls `body` with a copy of `name` that ends in NUL.
  private static func withTerminator<R>(
    _ name: ByteView, _ body: (UnsafePointer<CChar>) -> R
  ) -> R {
    withUnsafeTemporaryAllocation(byteCount: name.count + 1, alignment: 1) { copy in
      copy.copyMemory(from: name.buffer)
      copy[name.count] = 0
      return copy.withMemoryRebound(to: CChar.self) { chars in
        // The buffer has at least one byte, so there is a base address.
        body(UnsafePointer(chars.baseAddress.unsafelyUnwrapped))
      }
    }
  }

  /// Copies a C string and frees it.
  private static func take(_ text: UnsafeMutablePointer<CChar>?) -> [UInt8]? {
    guard let text else { return nil }
    defer { free(text) }
    return [UInt8](UnsafeRawBufferPointer(start: text, count: strlen(text)))
  }

  // MARK: Rust before the v0 scheme

  /// Whether the name ends like `17h0123456789abcdefE`.
  private static func isLegacyRust(_ name: ByteView) -> Bool {
    guard name.hasPrefix("_ZN"), let tail = name.suffix(from: max(0, name.count - 20)),
      tail.count == 20, tail.hasPrefix("17h"), tail[19] == UInt8(ascii: "E")
    else { return false }
    return (3..<19).allSatisfy {
      (0x30...0x39).contains(tail[$0]) || (0x61...0x66).contains(tail[$0])
    }
  }

  /// Takes away the hash and turns `$LT$`, `..` and the like into what they stand for.
  private static func withoutRustEscapes(_ text: String) -> String {
    var rest = Substring(text)
    if let hash = rest.utf8.suffix(19).first, hash == UInt8(ascii: ":") { rest.removeLast(19) }
    var result = ""
    // A part that begins with an escape got a `_` in front.
    var isAtPart = true
    while true {
      if isAtPart, rest.hasPrefix("_$") { rest.removeFirst() }
      guard let first = rest.first else { break }
      isAtPart = false
      if rest.hasPrefix("..") {
        result += "::"
        rest.removeFirst(2)
      } else if first == "$", let (character, length) = rustEscape(rest) {
        result.append(character)
        rest.removeFirst(length)
      } else {
        result.append(first)
        rest.removeFirst()
        isAtPart = result.hasSuffix("::")
      }
    }
    return result
  }

  private static func rustEscape(_ text: Substring) -> (Character, Int)? {
    let body = text.dropFirst().prefix { $0 != "$" }
    guard !body.isEmpty, body.count < 10, body.count + 1 < text.count else { return nil }
    let character: Character
    switch body {
    case "SP": character = "@"
    case "BP": character = "*"
    case "RF": character = "&"
    case "LT": character = "<"
    case "GT": character = ">"
    case "LP": character = "("
    case "RP": character = ")"
    case "C": character = ","
    default:
      guard body.first == "u", let value = UInt32(body.dropFirst(), radix: 16),
        let scalar = Unicode.Scalar(value)
      else { return nil }
      character = Character(scalar)
    }
    return (character, body.count + 2)
  }
}
