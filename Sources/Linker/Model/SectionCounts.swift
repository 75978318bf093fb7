// How many sections of each object may reach the output, once the copies of COMDAT groups are gone.

internal import ELF

struct SectionCounts: Sendable {
  struct OfFile: BitwiseCopyable {
    /// Sections that get a row, or would if something else were not found against them.
    var rows: UInt32 = 0
    /// Those of them that ask to be merged.
    var mergeable: UInt32 = 0

    @inline(__always) mutating func count(_ header: SectionHeader, isDiscarded: Bool) {
      guard !isDiscarded, header.mayHaveRow else { return }
      rows += 1
      if header.flags & SHF.MERGE != 0 { mergeable += 1 }
    }
  }

  private let counts: Block<OfFile>

  init(files: Int) { counts = Block(count: files) }

  /// Each file is for one worker.
  func set(_ file: FileID, _ count: OfFile) { counts[file.index] = count }

  subscript(file: FileID) -> OfFile { counts[file.index] }

  func release() { counts.release() }
}

extension SectionHeader {
  /// Whether a section's type gives it a row. Cheap, for it is asked for every section header.
  @inline(__always) var mayHaveRow: Bool {
    switch type {
    case SHT.NULL, SHT.SYMTAB, SHT.STRTAB, SHT.RELA, SHT.REL, SHT.CREL, SHT.GROUP,
      SHT.SYMTAB_SHNDX,
      SHT.LLVM_ADDRSIG, SHT.LLVM_CALL_GRAPH_PROFILE, SHT.LLVM_DEPENDENT_LIBRARIES:
      return false
    default:
      return flags & SHF.EXCLUDE == 0
    }
  }
}
