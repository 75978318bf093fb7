// -z report-relative-reloc: which words the dynamic linker has to change by the address at which it
// loads the output, in the order of their addresses.

internal import ELF

extension Layout {
  func reportRelativeRelocations() {
    guard options.reportRelativeRelocations else { return }
    let code = target.machine.code
    let name = code.relocationName(target.dynamic.relative) ?? "RELATIVE"
    var text = ReportText()
    for address in relativePlaces().sorted() {
      guard let id = headerOrder.first(where: { outputs[$0.index].holds(address) }) else {
        continue
      }
      let offset = address &- outputs[id.index].address
      text.append("\(name) at 0x\(String(address, radix: 16)) in \(outputs[id.index].name)")
      if let member = member(of: id, at: offset) {
        let within = offset &- selection.sections[member].offset
        text.append(": \(selection.displayName(member))+0x\(String(within, radix: 16))")
      }
      text += "\n"
    }
    DiagnosticEngine.write(text.bytes, to: 1)
  }

  /// Those of `.rela.dyn` and of `.relr.dyn`.
  private func relativePlaces() -> [UInt64] {
    let records = DynamicRelocations.records(in: relaDynamic.view, target)
    return records.prefix(relativeCount).map(\.offset) + relr.places(self)
  }

  /// The last member that begins at or before an offset.
  private func member(of id: OutputID, at offset: UInt64) -> SectionID? {
    outputs[id.index].members.last { member in
      let section = selection.sections[member]
      return section.offset <= offset && offset < section.offset &+ section.size
    }
  }
}

extension OutputSection {
  fileprivate func holds(_ address: UInt64) -> Bool {
    isAllocated && takesAddresses && address >= self.address && address < end
  }
}
