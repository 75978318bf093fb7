// Checksums and hashes. CRCs follow the usual parametric model (width, polynomial, initial value,
// reflection of input and output, final xor); one table-driven routine serves all of them. SHA
// comes from libcrypto, XXH3 from xxHash, Adler-32 from zlib.

internal import CXXHash
internal import CZlib
internal import ELF

/// What `digest` computes.
public enum DigestAlgorithm: Sendable, Equatable {
  case crc(CRC)
  /// The sum of all bytes modulo 2^8, 2^16 or 2^32.
  case sum(bits: Int)
  /// Minus the sum of all 32-bit words modulo 2^32.
  case negativeSum32
  case sha1, sha256, xxh3, adler32

  /// The algorithm called `name`, as in the manual.
  public init?(named name: String) {
    switch name {
    case "sum8": self = .sum(bits: 8)
    case "sum16": self = .sum(bits: 16)
    case "sum32": self = .sum(bits: 32)
    case "neg-sum32": self = .negativeSum32
    case "sha1": self = .sha1
    case "sha256": self = .sha256
    case "xxh3-64": self = .xxh3
    case "adler32": self = .adler32
    default:
      guard let crc = CRC(named: name) else { return nil }
      self = .crc(crc)
    }
  }

  /// The size of the result in bytes.
  public var size: Int {
    switch self {
    case .crc(let crc): (crc.width + 7) / 8
    case .sum(let bits): bits / 8
    case .negativeSum32, .adler32: 4
    case .sha1: 20
    case .sha256: 32
    case .xxh3: 8
    }
  }

  /// Whether the result is an integer, stored in a byte order, or a string of bytes.
  var isInteger: Bool {
    switch self {
    case .sha1, .sha256: false
    case .crc, .sum, .negativeSum32, .xxh3, .adler32: true
    }
  }

  /// The digest of `bytes`, in the byte order `order` if it is an integer.
  /// - Parameter word: the input is taken in words of so many bytes in the order `wordOrder`.
  func compute(_ bytes: [UInt8], word: Int, wordOrder: ByteOrder, order: ByteOrder) -> [UInt8] {
    var input = bytes
    if word > 1, wordOrder == .little, case .crc = self {
      // A unit that takes words reads the highest byte first.
      for start in stride(from: 0, to: input.count - input.count % word, by: word) {
        input[start..<(start + word)].reverse()
      }
    }
    switch self {
    case .sha1: return input.withView { SecureHash.sha1($0) }
    case .sha256: return input.withView { SecureHash.sha256($0) }
    case .crc(let crc): return Format.encode(crc.compute(input), size: size, order)
    case .sum(let bits):
      let step = word > 1 ? word : 1
      var sum: UInt64 = 0
      for start in stride(from: 0, to: input.count, by: step) {
        sum &+= Format.decode(input[start..<min(start + step, input.count)], wordOrder)
      }
      return Format.encode(bits == 64 ? sum : sum & ((1 << UInt64(bits)) - 1), size: size, order)
    case .negativeSum32:
      var sum: UInt32 = 0
      for start in stride(from: 0, to: input.count, by: 4) {
        let value = Format.decode(input[start..<min(start + 4, input.count)], wordOrder)
        sum &+= UInt32(truncatingIfNeeded: value)
      }
      return Format.encode(UInt64(0 &- sum), size: 4, order)
    case .xxh3:
      let value = unsafe input.withUnsafeBytes { unsafe swold_xxh3_64($0.baseAddress, $0.count) }
      return Format.encode(value, size: 8, order)
    case .adler32:
      let value = unsafe input.withUnsafeBytes { buffer in
        unsafe adler32_z(1, buffer.bindMemory(to: UInt8.self).baseAddress, buffer.count)
      }
      return Format.encode(UInt64(value), size: 4, order)
    }
  }
}

/// A cyclic redundancy check of 8 to 64 bits.
public struct CRC: Sendable, Equatable {
  /// Bits of the register, 8 to 64.
  public var width: Int
  /// Without its highest term, highest power first: 0x04c11db7 for CRC-32.
  public var polynomial: UInt64
  /// The register before the first byte.
  public var initial: UInt64
  /// Whether the lowest bit of a byte comes first.
  public var reflectsInput: Bool
  /// Whether the bits of the result are reversed before the final xor.
  public var reflectsOutput: Bool
  /// Added to the result, modulo 2.
  public var finalXor: UInt64

  /// The parameters of the Rocksoft model; traps if the width is not 8 to 64 bits.
  public init(
    width: Int, polynomial: UInt64, initial: UInt64, reflectsInput: Bool, reflectsOutput: Bool,
    finalXor: UInt64
  ) {
    precondition((8...64).contains(width))
    self.width = width
    self.polynomial = polynomial
    self.initial = initial
    self.reflectsInput = reflectsInput
    self.reflectsOutput = reflectsOutput
    self.finalXor = finalXor
  }

  private init(_ width: Int, _ poly: UInt64, _ start: UInt64, _ reflect: Bool, _ xor: UInt64) {
    self.init(
      width: width, polynomial: poly, initial: start, reflectsInput: reflect,
      reflectsOutput: reflect, finalXor: xor)
  }

  /// The names of the manual. `crc-32/stm32` is mpeg-2 over words and needs `word=4`.
  public static let named: [(name: String, crc: CRC)] = [
    ("crc-32/iso-hdlc", CRC(32, 0x04c1_1db7, 0xffff_ffff, true, 0xffff_ffff)),
    ("crc-32/mpeg-2", CRC(32, 0x04c1_1db7, 0xffff_ffff, false, 0)),
    ("crc-32c", CRC(32, 0x1edc_6f41, 0xffff_ffff, true, 0xffff_ffff)),
    ("crc-32/zero", CRC(32, 0x04c1_1db7, 0, false, 0)),
    ("crc-32/srec-xmodem", CRC(32, 0x04c1_1db7, 0, true, 0xffff_ffff)),
    ("crc-32/stm32", CRC(32, 0x04c1_1db7, 0xffff_ffff, false, 0)),
    ("crc-16/ibm-3740", CRC(16, 0x1021, 0xffff, false, 0)),
    ("crc-16/spi-fujitsu", CRC(16, 0x1021, 0x1d0f, false, 0)),
    ("crc-16/xmodem", CRC(16, 0x1021, 0, false, 0)),
    ("crc-16/arc", CRC(16, 0x8005, 0, true, 0)),
    ("crc-16/modbus", CRC(16, 0x8005, 0xffff, true, 0)),
    ("crc-16/x-25", CRC(16, 0x1021, 0xffff, true, 0xffff)),
    ("crc-64/xz", CRC(64, 0x42f0_e1eb_a9ea_3693, .max, true, .max)),
    ("crc-64/ecma-182", CRC(64, 0x42f0_e1eb_a9ea_3693, 0, false, 0)),
    ("crc-64/go-iso", CRC(64, 0x1b, .max, true, .max)),
  ]

  /// The CRC called `name` in `named`; nil if there is none.
  public init?(named name: String) {
    guard let entry = CRC.named.first(where: { $0.name == name }) else { return nil }
    self = entry.crc
  }

  private var mask: UInt64 { width == 64 ? .max : (1 << UInt64(width)) - 1 }

  private func reflect(_ value: UInt64, _ bits: Int) -> UInt64 {
    var result: UInt64 = 0
    for bit in 0..<bits where value >> UInt64(bit) & 1 != 0 {
      result |= 1 << UInt64(bits - 1 - bit)
    }
    return result
  }

  /// The value of the CRC over `bytes`.
  public func compute(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var register: UInt64
    if reflectsInput {
      let poly = reflect(polynomial & mask, width)
      let table = (0..<256).map { index in
        var value = UInt64(index)
        for _ in 0..<8 { value = value & 1 != 0 ? value >> 1 ^ poly : value >> 1 }
        return value
      }
      register = reflect(initial & mask, width)
      for byte in bytes {
        register = register >> 8 ^ table[Int(truncatingIfNeeded: (register ^ UInt64(byte)) & 0xff)]
      }
      if !reflectsOutput { register = reflect(register, width) }
    } else {
      // Narrow registers are kept at the top of 64 bits.
      let shift = UInt64(64 - width)
      let poly = (polynomial & mask) << shift
      let table = (0..<256).map { index in
        var value = UInt64(index) << 56
        for _ in 0..<8 { value = value >> 63 != 0 ? value << 1 ^ poly : value << 1 }
        return value
      }
      register = (initial & mask) << shift
      for byte in bytes {
        register = register << 8 ^ table[Int(register >> 56 ^ UInt64(byte))]
      }
      register >>= shift
      if reflectsOutput { register = reflect(register, width) }
    }
    return (register ^ finalXor) & mask
  }
}
