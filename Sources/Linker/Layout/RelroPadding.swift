// Where PT_GNU_RELRO is, and the rest of its last page as a section without bytes.
//
// A program that is not moved in pages of its own, or in which other things stand on the pages (-N,
// --section-start), goes without: to start is worth more than to be protected.
//
// The dynamic linker write-protects whole pages, so the part ends on a page, and the PT_LOAD that
// holds it has to reach as far. Tools that write program headers anew (strip, objcopy) make a segment
// as long as its sections. Without a section for the rest, the pages behind would be missing, and with
// pages of 64 KiB the program would not start any more: "cannot apply additional memory protection".

internal import ELF
internal import MapLang

extension Layout {
  /// Before a further round of placement: takes the padding out again.
  func removeRelroPadding() {
    guard let id = relroPadding else { return }
    outputs[id.index] = OutputSection(name: Layout.relroPaddingName)
  }

  /// Decides whether there is a PT_GNU_RELRO. Before: `relroEnd` is where the map ends it.
  func findRelro() {
    let part = placed.filter { $0.isRelro && fillsAddresses($0) }
    guard relroEnd != 0, let first = part.first, canProtect(part, first) else {
      relroEnd = 0
      return
    }
    relroStart = first.address
  }

  /// Whether the pages of `part` are one PT_LOAD and hold nothing that needs its rights later.
  private func canProtect(
    _ part: [LayoutEngine.Placed], _ first: LayoutEngine.Placed
  ) -> Bool {
    let pages = first.address.alignedDown(to: pageSize)..<max(relroEnd, first.address)
    let distance = first.loadAddress &- first.address
    return !first.access.contains(.execute)
      && placed.allSatisfy { thing in
        guard fillsAddresses(thing) else { return true }
        let isOnPages =
          thing.address < pages.upperBound && thing.address &+ thing.size > pages.lowerBound
        guard isOnPages || thing.isRelro else { return true }
        return isOnPages && thing.access == first.access && thing.segment == first.segment
          && thing.memory == first.memory && thing.loadAddress &- thing.address == distance
          && (thing.isRelro || !isWritten(thing))
      }
  }

  private func isWritten(_ thing: LayoutEngine.Placed) -> Bool {
    thing.output.map { outputs[$0.index].access.contains(.write) } ?? false
  }

  /// Puts the padding behind the last section of the part, unless what follows fills the page in the
  /// same PT_LOAD. Before: `placed` is complete, in the order of addresses, and stays so.
  func padRelro() {
    guard relroEnd != 0,
      let last = placed.lastIndex(where: { $0.isRelro && fillsAddresses($0) })
    else { return }
    let thing = placed[last]
    let end = thing.address &+ thing.size
    guard end < relroEnd else { return }
    if let next = placed[(last + 1)...].first(where: fillsAddresses), next.address <= relroEnd,
      next.access == thing.access, next.segment == thing.segment, next.memory == thing.memory
    {
      return
    }
    let id = relroPadding ?? OutputID(outputs.count)
    if relroPadding == nil { outputs.append(OutputSection(name: Layout.relroPaddingName)) }
    relroPadding = id
    var padding = thing
    padding.output = id
    padding.address = end
    padding.key = end
    padding.size = relroEnd &- end
    padding.loadAddress = thing.loadAddress &+ thing.size
    placed.insert(padding, at: last + 1)

    var output = OutputSection(name: Layout.relroPaddingName)
    output.type = SHT.NOBITS
    output.flags = SHF.ALLOC | SHF.WRITE
    output.isRelro = true
    (output.address, output.loadAddress) = (padding.address, padding.loadAddress)
    output.size = padding.size
    outputs[id.index] = output
  }

  /// Not `.relro_padding`, as elsewhere: eu-elflint takes names that begin with `.rel` for relocations.
  private static var relroPaddingName: String { ".pad.relro" }

  private func fillsAddresses(_ thing: LayoutEngine.Placed) -> Bool {
    thing.size > 0 && (thing.output.map { outputs[$0.index].takesAddresses } ?? true)
  }
}
