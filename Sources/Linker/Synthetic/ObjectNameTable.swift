// -r: `.shstrtab`. A section with relocations needs `.rela.text` and `.text`, and the second name is
// the tail of the first.

internal import ELF

struct ObjectNameTable: Sendable {
  private(set) var bytes: [UInt8] = [0]
  var fileOffset: UInt64 = 0
  /// By `nameNumber`: where `.rela` and the name begin, or the name alone.
  private var offsets: [UInt32] = []
  private var hasRelocations: [Bool] = []
  private(set) var own = OwnNames()

  /// Offsets of the names of the tables themselves.
  struct OwnNames: Sendable {
    var group: UInt32 = 0
    var symbols: UInt32 = 0
    var extended: UInt32 = 0
    var strings: UInt32 = 0
    var names: UInt32 = 0
  }

  /// Of the names of relocations.
  private var prefix: [UInt8] = []

  init() {}

  init(_ object: ObjectOutput) {
    hasRelocations = [Bool](repeating: false, count: object.outputNames.count)
    for index in 0..<object.outputs.count where object.outputs[index].relocationHeaderIndex != 0 {
      hasRelocations[Int(object.outputs[index].nameNumber)] = true
    }
    prefix = Array((object.target.hasAddends ? ".rela" : ".rel").utf8)
    offsets.reserveCapacity(object.outputNames.count)
    for (number, name) in object.outputNames.enumerated() {
      offsets.append(UInt32(bytes.count))
      if hasRelocations[number] { bytes += prefix }
      bytes.append(contentsOf: name.buffer)
      bytes.append(0)
    }
    if !object.groups.isEmpty { own.group = add(".group") }
    own.symbols = add(".symtab")
    if object.symbolTable.needsExtendedIndices { own.extended = add(".symtab_shndx") }
    own.strings = add(".strtab")
    own.names = add(".shstrtab")
  }

  private mutating func add(_ text: StaticString) -> UInt32 {
    let offset = UInt32(bytes.count)
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount + 1))
    return offset
  }

  /// Offset of a section's name.
  func name(_ section: ObjectSection) -> UInt32 {
    let number = Int(section.nameNumber)
    return offsets[number] + UInt32(hasRelocations[number] ? prefix.count : 0)
  }

  /// Offset of the name of a section's relocations.
  func relocationName(_ section: ObjectSection) -> UInt32 { offsets[Int(section.nameNumber)] }
}
