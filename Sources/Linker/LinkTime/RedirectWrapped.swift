// --wrap in objects that a plugin has made.
//
// A reference to `f` means `__wrap_f`, and a definition stays what it is. In an ordinary object either
// is an entry of its own, for what a file defines it does not look for elsewhere. But the plugin makes
// one object of many files, in which one entry is both, though the files were not. So the references
// get an entry of their own. (LLVM is told which names are wrapped, and inlines none of them.)

internal import ELF

enum RedirectWrapped {
  /// The object with references to wrapped functions that it defines as references to others; the same
  /// bytes if it has none. Of objects in another format than the own, nothing is changed.
  static func redirected(_ bytes: ByteView, _ names: [String]) -> ByteView {
    guard !names.isEmpty else { return bytes }
    var file = InputFile()
    file.bytes = bytes
    try? file.readObject()
    guard file.format.isNative, file.symbolTable > 0 else { return bytes }
    let wrapped = Set(names.map { ByteView.permanent($0) })
    let defined = file.globals.filter { index in
      file.symbols[index].sectionIndex != SHN.UNDEF && wrapped.contains(file.symbolName(index))
    }
    guard !defined.isEmpty else { return bytes }
    var references: [UInt32: UInt32] = [:]
    for (number, index) in defined.enumerated() {
      references[UInt32(index)] = UInt32(file.symbolCount + number)
    }

    // The file, and behind it the longer symbol table.
    let tableOffset = (bytes.count + 7) & ~7
    let total = tableOffset + (file.symbolCount + defined.count) * Symbol.size
    let out = OutputBytes(base: Storage.allocate(UInt8.self, total + 8), count: total)
    out.copy(bytes)
    for index in 0..<file.symbolCount {
      out.store(file.symbols[index], entry: index, from: tableOffset, .native)
    }
    for (number, index) in defined.enumerated() {
      var reference = Symbol()
      reference.nameOffset = file.symbols[index].nameOffset
      reference.info = STB.GLOBAL << 4 | STT.NOTYPE
      out.store(reference, entry: file.symbolCount + number, from: tableOffset, .native)
    }
    var header = file.sectionHeaders[Int(file.symbolTable)]
    header.offset = UInt64(tableOffset)
    header.size = UInt64(total - tableOffset)
    guard let headers = FileHeader(bytes)?.sectionHeaderOffset else { return bytes }
    out.store(header, entry: Int(file.symbolTable), from: Int(headers), .native)
    for index in 0..<file.sectionCount { redirect(index, of: file, references, out) }
    return out.view
  }

  /// Changes the relocations of one section, if it is loaded and does not describe the functions.
  private static func redirect(
    _ index: Int, of file: InputFile, _ references: [UInt32: UInt32], _ out: OutputBytes
  ) {
    let header = file.sectionHeaders[index]
    guard header.type == SHT.RELA, Int(header.info) < file.sectionCount,
      file.contents(header) != nil
    else { return }
    let target = file.sectionHeaders[Int(header.info)]
    guard target.flags & SHF.ALLOC != 0, !file.sectionName(target).equals(".eh_frame") else {
      return
    }
    // Elf64_Rela: r_offset, r_info with the symbol in its upper half, r_addend.
    for position in stride(
      from: Int(header.offset), to: Int(header.offset + header.size) - 23, by: 24)
    {
      guard let other = references[out.load(UInt32.self, at: position + 12)] else { continue }
      out.store(other, at: position + 12)
    }
  }
}
