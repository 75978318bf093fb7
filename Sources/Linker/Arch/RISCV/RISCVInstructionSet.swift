// The name of an instruction set, `rv64i2p1_m2p0_zicsr2p0`: a base and extensions with their versions
// (RISC-V Instruction Set Manual, "ISA Extension Naming Conventions").

internal import ELF

struct RISCVInstructionSet {
  private struct Extension {
    var name: [UInt8]
    var major: UInt64
    var minor: UInt64
    var hasVersion: Bool

    /// Single letters in the order of the manual; then z, s and x.
    var rank: (Int, Int) {
      let order = Array("iemafdqlcbkjtpvnh".utf8)
      func position(_ letter: UInt8) -> Int { order.firstIndex(of: letter) ?? order.count }
      if name.count == 1 { return (0, position(name[0])) }
      switch name[0] {
      case UInt8(ascii: "z"): return (1, position(name[1]))
      case UInt8(ascii: "s"): return (2, 0)
      default: return (3, 0)
      }
    }

    static func precedes(_ left: Extension, _ right: Extension) -> Bool {
      left.rank != right.rank
        ? left.rank < right.rank : left.name.lexicographicallyPrecedes(right.name)
    }
  }

  /// `rv64`
  private var base: [UInt8] = []
  private var extensions: [Extension] = []

  /// nil: not of this form.
  init?(_ text: [UInt8]) {
    let text = text.map { $0 | ($0 >= 0x41 && $0 <= 0x5a ? 0x20 : 0) }
    guard text.starts(with: Array("rv".utf8)) else { return nil }
    var index = 2
    while index < text.count, RISCVInstructionSet.isDigit(text[index]) { index += 1 }
    base = Array(text[..<index])
    while index < text.count {
      if text[index] == UInt8(ascii: "_") {
        index += 1
        continue
      }
      let isLong = "zsx".utf8.contains(text[index])
      var end = index + 1
      while isLong, end < text.count, text[end] != UInt8(ascii: "_") { end += 1 }
      var name = Array(text[index..<end])
      var version: (major: UInt64, minor: UInt64)?
      if isLong {
        version = RISCVInstructionSet.takeVersion(&name)
      } else {
        var rest = end
        while rest < text.count,
          RISCVInstructionSet.isDigit(text[rest])
            || text[rest] == UInt8(ascii: "p") && rest > end && rest + 1 < text.count
              && RISCVInstructionSet.isDigit(text[rest + 1])
        {
          rest += 1
        }
        name += text[end..<rest]
        version = RISCVInstructionSet.takeVersion(&name)
        end = rest
      }
      guard !name.isEmpty else { return nil }
      add(
        Extension(
          name: name, major: version?.major ?? 0, minor: version?.minor ?? 0,
          hasVersion: version != nil))
      index = end
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  /// Takes `2p1` off the end of a name.
  private static func takeVersion(_ name: inout [UInt8]) -> (major: UInt64, minor: UInt64)? {
    func number(_ digits: ArraySlice<UInt8>) -> UInt64 {
      digits.reduce(0) { ($0 &* 10) &+ UInt64($1 - 0x30) }
    }
    var start = name.count
    while start > 1, isDigit(name[start - 1]) { start -= 1 }
    guard start < name.count else { return nil }
    let last = number(name[start...])
    guard start > 2, name[start - 1] == UInt8(ascii: "p"), isDigit(name[start - 2]) else {
      name.removeSubrange(start...)
      return (last, 0)
    }
    var first = start - 1
    while first > 1, isDigit(name[first - 1]) { first -= 1 }
    let major = number(name[first..<(start - 1)])
    name.removeSubrange(first...)
    return (major, last)
  }

  private mutating func add(_ other: Extension) {
    guard let index = extensions.firstIndex(where: { $0.name == other.name }) else {
      extensions.append(other)
      return
    }
    let known = extensions[index]
    if (known.major, known.minor) < (other.major, other.minor) { extensions[index] = other }
  }

  /// Adds what `other` has; returns why that cannot be.
  mutating func merge(_ other: RISCVInstructionSet) -> String? {
    func name(_ set: RISCVInstructionSet) -> String {
      String(decoding: set.base + (set.extensions.first?.name ?? []), as: UTF8.self)
    }
    guard base == other.base, extensions.first?.name == other.extensions.first?.name else {
      return "the first is for \(name(other)), the second for \(name(self))"
    }
    for other in other.extensions { add(other) }
    extensions.sort(by: Extension.precedes)
    return nil
  }

  var text: [UInt8] {
    var text = base
    for (index, other) in extensions.enumerated() {
      if index > 0 { text.append(UInt8(ascii: "_")) }
      text += other.name
      if other.hasVersion { text += Array("\(other.major)p\(other.minor)".utf8) }
    }
    return text
  }
}
