// What the invariants say of pages. A kernel and a dynamic linker map whole pages of the file: what lies
// on a page before a segment begins is mapped with it, and with its rights. A bare-metal image is copied
// byte by byte, so nothing here concerns it.

internal import ELF

extension Image {
  /// Whether it is mapped by pages: a program for an operating system, static ones included. Those
  /// load the ELF header, in which they look for their program headers.
  var isMapped: Bool {
    isHosted
      || loads.contains { $0.offset == 0 && $0.fileSize > 0 }
        && loads.allSatisfy { $0.loadAddress == $0.address }
  }

  /// Whether it is a program of an operating system for certain: hosted, or a static one, which says so
  /// by a note of its system, or is mapped and says so by the ABI of its ELF header or by RELRO, which
  /// only a C library reads.
  var isProgram: Bool {
    if isHosted { return true }
    // ELFOSABI_HPUX to ELFOSABI_OPENBSD; those of bare metal are higher.
    let system = bytes.load(UInt8.self, at: 7) ?? 0
    if isMapped, (1...12).contains(system) || segments.contains(where: { $0.type == PT.GNU_RELRO })
    {
      return true
    }
    let systems: Set<String> = ["Go", "FreeBSD", "NetBSD", "OpenBSD"]
    return notes().found.contains {
      let owner = $0.note.owner.string
      return systems.contains(owner) || owner == "GNU" && $0.note.type == NT.GNU_ABI_TAG
    }
  }

  /// The page that the segments were laid out for, as far as the file tells; 1: for none. A larger
  /// alignment may be that of a section.
  var smallestPage: UInt64 { loads.map { max($0.alignment, 1) }.min() ?? 1 }
}

extension Lint {
  /// The page of most machines; others have multiples of it.
  private static var page: UInt64 { 4096 }

  private static func pageStart(_ address: UInt64) -> UInt64 { address & ~(page - 1) }

  // MARK: I2, I3

  mutating func checkPages() {
    guard image.isMapped else { return }
    for load in image.loads where load.fileSize > 0 {
      if (load.offset &- load.address) % Lint.page != 0, load.alignment < Lint.page {
        error(
          "I2",
          "program header \(load.index): offset and address disagree modulo the page of "
            + "\(Lint.page) bytes")
      }
    }
    let loads = image.loads.filter { $0.memorySize > 0 }
    for (position, load) in loads.enumerated() {
      // By address, so if one does not reach the page, those before it do not either; and no more than
      // a page's bytes reach it.
      for before in loads[..<position].reversed() {
        guard before.memoryEnd <= load.address,
          before.memoryEnd > Lint.pageStart(load.address)
        else { break }
        checkSharedPage(before, load)
      }
    }
    if let relro = image.segments.first(where: { $0.type == PT.GNU_RELRO }) { checkRelro(relro) }
  }

  /// The page on which `second` begins is mapped for it, and must hold for `first` what it did.
  private mutating func checkSharedPage(_ first: Segment, _ second: Segment) {
    let names = "program headers \(first.index) and \(second.index) share a page"
    let shared = max(first.address, Lint.pageStart(second.address))..<first.memoryEnd
    let isSame = shared.allSatisfy { address in
      let (offset, isOutside) = second.offset.subtractingReportingOverflow(second.address - address)
      guard !isOutside, let mapped = image.bytes.slice(offset, 1)?[0] else { return false }
      return mapped == byte(of: first, at: address)
    }
    if !isSame { error("I3", "\(names), which cannot hold the bytes of both") }
    let lost = first.flags & ~second.flags & (PF.R | PF.W | PF.X)
    if lost != 0 {
      let text = "\(names), which loses the rights of the first"
      if image.isHosted { error("I3", text) } else { warning("I3", text) }
    }
  }

  private func byte(of segment: Segment, at address: UInt64) -> UInt8 {
    let position = address - segment.address
    guard position < segment.fileSize else { return 0 }
    return image.bytes.slice(segment.offset + position, 1)?[0] ?? 0
  }

  // MARK: RELRO

  /// By how much RELRO may reach beyond the end of its segment: to the end of the page.
  func relroSlack(_ relro: Segment) -> UInt64 {
    let page = [EM.X86_64, EM.I386].contains(image.machine) ? Lint.page : image.largestAlignment
    let home = image.loads.first { $0.memoryRange.contains(relro.address) }
    let end = home?.memoryEnd ?? 0
    return (page - end % page) % page
  }

  /// The dynamic linker, and that of a static program, makes whole pages read-only.
  private mutating func checkRelro(_ relro: Segment) {
    guard let home = image.loads.first(where: { $0.memoryRange.contains(relro.address) }) else {
      return
    }
    let start = Lint.pageStart(relro.address)
    let end = Lint.pageStart(relro.address &+ relro.memorySize)
    guard start < end else { return }
    if home.flags & PF.X != 0 {
      error("I3", "PT_GNU_RELRO takes the right to execute from program header \(home.index)")
    }
    // Behind the end nothing is lost: the loader rounds it down.
    for section in image.sections.dropFirst()
    where section.isLoaded && !section.takesNoMemory && section.flags & SHF.WRITE != 0
      && section.address < relro.address && section.memoryRange.overlaps(start..<relro.address)
    {
      error("I3", "PT_GNU_RELRO makes a page of the section '\(section.name)' read-only")
    }
  }
}
