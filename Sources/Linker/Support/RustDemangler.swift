// Rust names of the v0 scheme (`_R…`), as in RFC 2603 "Rust Symbol Name Mangling (v0)".
//
// A name is a path with types in it, in prefix notation: `_RNvCs1234_7mycrate3foo` is
// `mycrate::foo`. One function per production. The printed form leaves out disambiguators (hashes
// of crates) and the types of constants. Back references may lead anywhere in front of them, so
// depth and length of the result are limited; what exceeds them, or is not well formed, is not
// demangled.

internal import ELF

struct RustDemangler {
  private static var depthLimit: Int { 100 }
  private static var lengthLimit: Int { 20_000 }

  /// What follows `_R`.
  private let text: ByteView
  private var offset = 0
  private var output: [UInt8] = []
  private var depth = 0
  /// Lifetimes that `for<'a, …>` has introduced around here.
  private var boundLifetimes = 0

  private struct Malformed: Error {}

  private init(_ text: ByteView) { self.text = text }

  /// The readable form of `name`, nil if it is not a v0 name.
  static func demangle(_ name: ByteView) -> String? {
    // A decimal number here would announce a later version of the scheme.
    guard name.hasPrefix("_R"), let text = name.suffix(from: 2), !text.isEmpty,
      !isDigit(text[0])
    else { return nil }
    var demangler = RustDemangler(text)
    guard (try? demangler.path(inValue: true)) != nil else { return nil }
    // The crate that instantiated a generic is of no interest; a vendor suffix is kept as it is.
    if let next = demangler.peek, (0x41...0x5a).contains(next) {
      let printed = demangler.output
      guard (try? demangler.path(inValue: false)) != nil else { return nil }
      demangler.output = printed
    }
    guard let suffix = text.suffix(from: demangler.offset) else { return nil }
    guard suffix.isEmpty || suffix.hasPrefix(".") || suffix.hasPrefix("$") else { return nil }
    return String(decoding: demangler.output, as: UTF8.self)
      + (suffix.hasPrefix(".llvm.") ? "" : suffix.string)
  }

  // MARK: Characters

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private var peek: UInt8? { offset < text.count ? text[offset] : nil }

  private mutating func next() throws(Malformed) -> UInt8 {
    guard offset < text.count else { throw Malformed() }
    offset += 1
    return text[offset - 1]
  }

  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: byte) else { return false }
    offset += 1
    return true
  }

  private mutating func write(_ string: String) throws(Malformed) {
    output += Array(string.utf8)
    if output.count > Self.lengthLimit { throw Malformed() }
  }

  private mutating func nested(
    _ body: (inout RustDemangler) throws(Malformed) -> Void
  ) throws(Malformed) {
    guard depth < Self.depthLimit else { throw Malformed() }
    depth += 1
    try body(&self)
    depth -= 1
  }

  // MARK: Numbers and identifiers

  /// base-62-number = { digit | lower | upper }, "_"; a lone `_` is 0, else the value plus 1.
  private mutating func base62() throws(Malformed) -> UInt64 {
    if take("_") { return 0 }
    var value: UInt64 = 0
    while true {
      let byte = try next()
      let digit: UInt64
      switch byte {
      case 0x30...0x39: digit = UInt64(byte - 0x30)
      case 0x61...0x7a: digit = UInt64(byte - 0x61) + 10
      case 0x41...0x5a: digit = UInt64(byte - 0x41) + 36
      case UInt8(ascii: "_"):
        let (result, overflow) = value.addingReportingOverflow(1)
        if overflow { throw Malformed() }
        return result
      default: throw Malformed()
      }
      let (product, overflow) = value.multipliedReportingOverflow(by: 62)
      let (sum, carry) = product.addingReportingOverflow(digit)
      if overflow || carry { throw Malformed() }
      value = sum
    }
  }

  /// disambiguator = "s", base-62-number
  private mutating func disambiguator() throws(Malformed) -> UInt64 {
    guard take("s") else { return 0 }
    let (value, overflow) = try base62().addingReportingOverflow(1)
    if overflow { throw Malformed() }
    return value
  }

  /// undisambiguated-identifier = [ "u" ], decimal-number, [ "_" ], bytes
  private mutating func identifier() throws(Malformed) -> String {
    let isPunycode = take("u")
    guard let first = peek, Self.isDigit(first) else { throw Malformed() }
    var length = 0
    if !take("0") {
      while let digit = peek, Self.isDigit(digit) {
        offset += 1
        length = length * 10 + Int(digit - 0x30)
        if length > text.count { throw Malformed() }
      }
    }
    _ = take("_")
    guard let bytes = text.slice(offset, length) else { throw Malformed() }
    offset += length
    if !isPunycode { return bytes.string }
    guard let decoded = Self.punycode(bytes) else { throw Malformed() }
    return decoded
  }

  /// Bootstring decoding (RFC 3492) with `_` as the delimiter.
  private static func punycode(_ bytes: ByteView) -> String? {
    let text = Array(bytes.buffer)
    let delimiter = text.lastIndex(of: UInt8(ascii: "_"))
    var result = text[..<(delimiter ?? 0)].map { UInt32($0) }
    var rest = text[(delimiter.map { $0 + 1 } ?? 0)...]
    var (code, index, bias, isFirst): (UInt32, Int, Int, Bool) = (128, 0, 72, true)
    while !rest.isEmpty {
      var (delta, weight, k) = (0, 1, 36)
      while true {
        guard let byte = rest.popFirst() else { return nil }
        let digit: Int
        switch byte {
        case 0x61...0x7a: digit = Int(byte) - 0x61
        case 0x30...0x39: digit = Int(byte) - 0x30 + 26
        default: return nil
        }
        delta += digit * weight
        if delta > 0x20_0000 * 4096 { return nil }
        let threshold = min(max(k - bias, 1), 26)
        if digit < threshold { break }
        weight *= 36 - threshold
        if weight > 1 << 40 { return nil }
        k += 36
      }
      let count = result.count + 1
      index += delta
      let advance = index / count
      guard advance <= 0x10_ffff, Int(code) + advance <= 0x10_ffff else { return nil }
      code += UInt32(advance)
      index %= count
      result.insert(code, at: index)
      index += 1
      // Adapt the bias (RFC 3492, 6.1).
      var step = isFirst ? delta / 700 : delta / 2
      isFirst = false
      step += step / count
      bias = 0
      while step > 455 {
        step /= 35
        bias += 36
      }
      bias += 36 * step / (step + 38)
    }
    var string = ""
    for value in result {
      guard let scalar = Unicode.Scalar(value) else { return nil }
      string.unicodeScalars.append(scalar)
    }
    return string
  }

  /// backref = "B", base-62-number; `body` reads what stands there.
  private mutating func backReference(
    _ body: (inout RustDemangler) throws(Malformed) -> Void
  ) throws(Malformed) {
    let start = offset - 1
    let target = try base62()
    guard target < UInt64(start) else { throw Malformed() }
    let resume = offset
    offset = Int(target)
    try nested(body)
    offset = resume
  }

  // MARK: Paths

  /// path; `inValue` writes `::<T>` for generic arguments where a type has `<T>`.
  private mutating func path(inValue: Bool) throws(Malformed) {
    try nested { (self) throws(Malformed) in
      switch Unicode.Scalar(try self.next()) {
      case "C":
        _ = try self.disambiguator()
        try self.write(try self.identifier())
      case "N": try self.nestedPath(inValue: inValue)
      case "M":
        try self.skipImplementationPath()
        try self.write("<")
        try self.type()
        try self.write(">")
      case "X":
        try self.skipImplementationPath()
        try self.qualifiedType()
      case "Y": try self.qualifiedType()
      case "I":
        try self.path(inValue: inValue)
        try self.write(inValue ? "::<" : "<")
        try self.genericArguments()
        try self.write(">")
      case "B":
        try self.backReference { (self) throws(Malformed) in try self.path(inValue: inValue) }
      default: throw Malformed()
      }
    }
  }

  /// namespace, path, identifier; capital namespaces are closures, shims and the like.
  private mutating func nestedPath(inValue: Bool) throws(Malformed) {
    let namespace = try next()
    try path(inValue: inValue)
    let number = try disambiguator()
    let name = try identifier()
    switch namespace {
    case 0x61...0x7a:
      if !name.isEmpty { try write("::\(name)") }
    case 0x41...0x5a:
      let kind: String
      switch namespace {
      case UInt8(ascii: "C"): kind = "closure"
      case UInt8(ascii: "S"): kind = "shim"
      default: kind = String(Unicode.Scalar(namespace))
      }
      try write("::{\(kind)\(name.isEmpty ? "" : ":\(name)")#\(number)}")
    default: throw Malformed()
    }
  }

  /// impl-path = [ disambiguator ], path: where the impl stands, which nobody wants to know.
  private mutating func skipImplementationPath() throws(Malformed) {
    let printed = output
    _ = try disambiguator()
    try path(inValue: false)
    output = printed
  }

  /// `<Type as Trait>`
  private mutating func qualifiedType() throws(Malformed) {
    try write("<")
    try type()
    try write(" as ")
    try path(inValue: false)
    try write(">")
  }

  private mutating func genericArguments() throws(Malformed) {
    var isFirst = true
    while !take("E") {
      if !isFirst { try write(", ") }
      isFirst = false
      if take("L") {
        try lifetime(try base62())
      } else if take("K") {
        try constant()
      } else {
        try type()
      }
    }
  }

  // MARK: Types

  private static func basicType(_ byte: UInt8) -> String? {
    switch Unicode.Scalar(byte) {
    case "a": "i8"
    case "b": "bool"
    case "c": "char"
    case "d": "f64"
    case "e": "str"
    case "f": "f32"
    case "h": "u8"
    case "i": "isize"
    case "j": "usize"
    case "l": "i32"
    case "m": "u32"
    case "n": "i128"
    case "o": "u128"
    case "p": "_"
    case "s": "i16"
    case "t": "u16"
    case "u": "()"
    case "v": "..."
    case "x": "i64"
    case "y": "u64"
    case "z": "!"
    default: nil
    }
  }

  private mutating func type() throws(Malformed) {
    try nested { (self) throws(Malformed) in try self.typeBody() }
  }

  private mutating func typeBody() throws(Malformed) {
    let tag = try next()
    if let basic = Self.basicType(tag) { return try write(basic) }
    switch Unicode.Scalar(tag) {
    case "A":
      try write("[")
      try type()
      try write("; ")
      try constant()
      try write("]")
    case "S":
      try write("[")
      try type()
      try write("]")
    case "T":
      try write("(")
      let count = try list(separator: ", ") { (self) throws(Malformed) in try self.type() }
      try write(count == 1 ? ",)" : ")")
    case "R", "Q":
      try write("&")
      if take("L") {
        let number = try base62()
        if number > 0 {
          try lifetime(number)
          try write(" ")
        }
      }
      if tag == UInt8(ascii: "Q") { try write("mut ") }
      try type()
    case "P", "O":
      try write(tag == UInt8(ascii: "P") ? "*const " : "*mut ")
      try type()
    case "F": try functionType()
    case "D": try dynamicType()
    case "B": try backReference { (self) throws(Malformed) in try self.type() }
    default:
      offset -= 1
      try path(inValue: false)
    }
  }

  /// Items up to `E`; answers their number.
  private mutating func list(
    separator: String, _ item: (inout RustDemangler) throws(Malformed) -> Void
  ) throws(Malformed) -> Int {
    var count = 0
    while !take("E") {
      if count > 0 { try write(separator) }
      try item(&self)
      count += 1
    }
    return count
  }

  /// Reads an optional binder, writes `for<…>`, and has `body` read what it covers.
  private mutating func withBinder(
    _ body: (inout RustDemangler) throws(Malformed) -> Void
  ) throws(Malformed) {
    let outer = boundLifetimes
    if take("G") {
      let count = try base62()
      guard count < 64 else { throw Malformed() }
      try write("for<")
      for index in 0...Int(count) {
        if index > 0 { try write(", ") }
        boundLifetimes += 1
        try lifetime(1)
      }
      try write("> ")
    }
    try body(&self)
    boundLifetimes = outer
  }

  /// A lifetime by its distance from the innermost binder; 0 is erased.
  private mutating func lifetime(_ number: UInt64) throws(Malformed) {
    guard number > 0 else { return try write("'_") }
    guard number <= UInt64(boundLifetimes) else { throw Malformed() }
    let index = boundLifetimes - Int(number)
    let letter = index < 26 ? String(Unicode.Scalar(UInt8(0x61 + index))) : "_\(index)"
    try write("'\(letter)")
  }

  /// fn-sig = [ binder ], [ "U" ], [ "K", abi ], { type }, "E", type
  private mutating func functionType() throws(Malformed) {
    try withBinder { (self) throws(Malformed) in
      if self.take("U") { try self.write("unsafe ") }
      if self.take("K") {
        var abi = "C"
        if !self.take("C") { abi = try self.identifier() }
        abi = String(abi.map { $0 == "_" ? "-" : $0 })
        try self.write("extern \"\(abi)\" ")
      }
      try self.write("fn(")
      _ = try self.list(separator: ", ") { (self) throws(Malformed) in try self.type() }
      try self.write(")")
      if self.take("u") { return }
      try self.write(" -> ")
      try self.type()
    }
  }

  /// dyn-bounds = [ binder ], { dyn-trait }, "E", lifetime
  private mutating func dynamicType() throws(Malformed) {
    try write("dyn ")
    try withBinder { (self) throws(Malformed) in
      _ = try self.list(separator: " + ") { (self) throws(Malformed) in try self.dynamicTrait() }
    }
    guard take("L") else { throw Malformed() }
    let number = try base62()
    if number > 0 {
      try write(" + ")
      try lifetime(number)
    }
  }

  /// dyn-trait = path, { "p", identifier, type }
  private mutating func dynamicTrait() throws(Malformed) {
    try path(inValue: false)
    var isOpen = output.last == UInt8(ascii: ">")
    if isOpen, peek == UInt8(ascii: "p") { output.removeLast() }
    var hasBinding = false
    while take("p") {
      try write(isOpen ? ", " : "<")
      isOpen = true
      hasBinding = true
      try write("\(try identifier()) = ")
      try type()
    }
    if hasBinding { try write(">") }
  }

  // MARK: Constants

  /// const = type, const-data | "p" | backref
  private mutating func constant() throws(Malformed) {
    try nested { (self) throws(Malformed) in
      let tag = try self.next()
      switch Unicode.Scalar(tag) {
      case "p": try self.write("_")
      case "B": try self.backReference { (self) throws(Malformed) in try self.constant() }
      case "h", "t", "m", "y", "o", "j": try self.write(try self.hexadecimal())
      case "a", "s", "l", "x", "n", "i":
        let sign = self.take("n") ? "-" : ""
        try self.write(sign + (try self.hexadecimal()))
      case "b":
        switch try self.hexadecimal() {
        case "0": try self.write("false")
        case "1": try self.write("true")
        default: throw Malformed()
        }
      case "c":
        guard let value = UInt32(try self.hexadecimal()), let scalar = Unicode.Scalar(value) else {
          throw Malformed()
        }
        try self.write("'\(scalar.escaped(asASCII: false))'")
      default: throw Malformed()
      }
    }
  }

  /// Hexadecimal digits up to `_`, as a decimal number where it fits into 64 bits.
  private mutating func hexadecimal() throws(Malformed) -> String {
    let start = offset
    while let byte = peek, byte != UInt8(ascii: "_") {
      guard Self.isDigit(byte) || (0x61...0x66).contains(byte) else { throw Malformed() }
      offset += 1
    }
    guard take("_"), let digits = text.slice(start, offset - 1 - start) else { throw Malformed() }
    if digits.isEmpty { return "0" }
    return UInt64(digits.string, radix: 16).map(String.init) ?? "0x\(digits.string)"
  }
}
