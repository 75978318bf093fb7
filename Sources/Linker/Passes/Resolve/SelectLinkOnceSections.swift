// `.gnu.linkonce.KIND.NAME`: the older form of a COMDAT group with one section. Of each name the
// first section is kept.
//
// Objects of both forms meet, so a COMDAT group of one section that defines the same symbols as the
// section of its signature is another copy of it: the earlier of the two is kept. And constants that
// belong to a function, `.gnu.linkonce.r.F`, are not kept if the function `.gnu.linkonce.t.F` was
// found in an earlier file. GNU ld does all this; nobody else makes such sections any more.
//
// Hardly an object has them, so a look at the names of sections as a whole comes first; it goes over
// megabytes, for most assemblers keep all names of an object in one table.

internal import ELF
internal import Parallel

extension Program {
  func selectLinkOnceSections() {
    let sections = linkOnceSections()
    guard !sections.isEmpty else { return }
    let groups = rivals(of: Set(sections.map(\.signature)))
    let symbols = DefinedNames(files, sections.map(\.place) + groups.values.map(\.member))
    var kept: [ByteView: SectionPlace] = [:]
    for section in sections where !isDiscarded(section.place) {
      if kept[section.name] != nil || belongsToOther(section, kept) {
        discardLinkOnce(section.place)
      } else if let group = groups[section.signature], !isDiscarded(group.member),
        symbols.areEqual(section.place, group.member)
      {
        if group.member < section.place {
          discardLinkOnce(section.place)
        } else {
          kept[section.name] = section.place
          discardLinkOnce(group.member)
          discardLinkOnce(group.place)
        }
      } else {
        kept[section.name] = section.place
      }
    }
  }

  /// All of them, in input order.
  private func linkOnceSections() -> [LinkOnceSection] {
    let candidates = Gathered<FileID>(pool)
    pool.parallelFor(files.count, grain: 16) { [files, flags = fileFlags] range, worker in
      for index in range where files[index].kind == .object {
        let id = FileID(index)
        if flags[id].contains(.live) && memoryContains(files[index].sectionNames, ".gnu.linkonce.")
        {
          candidates.append(id, worker)
        }
      }
    }
    var result: [LinkOnceSection] = []
    for id in candidates.take().sorted(by: { $0.rawValue < $1.rawValue }) {
      let file = files[id.index]
      for index in 0..<file.sectionCount where file.sectionMap![index] == 0 {
        let name = file.sectionName(file.sectionHeaders[index])
        guard name.hasPrefix(".gnu.linkonce.") else { continue }
        result.append(LinkOnceSection(name: name, place: SectionPlace(file: id, index: index)))
      }
    }
    return result
  }

  /// The kept COMDAT groups with one of these signatures and one section beside its relocations.
  private func rivals(of signatures: Set<ByteView>) -> [ByteView: OneSectionGroup] {
    let found = Gathered<(name: ByteView, group: OneSectionGroup)>(pool)
    pool.parallelFor(files.count) { [files] range, worker in
      for index in range where files[index].kind == .object && self.isLive(FileID(index)) {
        let (id, file) = (FileID(index), files[index])
        self.forEachComdatGroup(file) { group, _, members in
          let name = file.symbolName(Int(file.sectionHeaders[group].info))
          guard signatures.contains(name), file.sectionMap![group] == 0 else { return }
          let sections = (0..<members.count).map { Int(members[$0]) }.filter {
            $0 < file.sectionCount
              && ![SHT.RELA, SHT.REL, SHT.CREL].contains(file.sectionHeaders[$0].type)
          }
          guard sections.count == 1 else { return }
          let place = SectionPlace(file: id, index: group)
          let member = SectionPlace(file: id, index: sections[0])
          found.append((name, OneSectionGroup(place: place, member: member)), worker)
        }
      }
    }
    return Dictionary(found.take(), uniquingKeysWith: { $0.place < $1.place ? $0 : $1 })
  }

  /// Whether a section holds constants of a function that an earlier file has.
  private func belongsToOther(
    _ section: LinkOnceSection, _ kept: [ByteView: SectionPlace]
  ) -> Bool {
    guard section.name.hasPrefix(".gnu.linkonce.r.") else { return false }
    let function = ".gnu.linkonce.t." + section.signature.string
    return Array(function.utf8).withUnsafeBytes { bytes in
      kept[ByteView(bytes)].map { $0.file < section.place.file } ?? false
    }
  }

  private func isDiscarded(_ place: SectionPlace) -> Bool {
    files[place.file.index].sectionMap![place.index] == InputFile.discardedMark
  }

  private func discardLinkOnce(_ place: SectionPlace) {
    files[place.file.index].sectionMap![place.index] = InputFile.discardedMark
    linkOnceWasDiscarded = true
  }
}

/// A section of a file.
private struct SectionPlace: Hashable, Comparable, Sendable {
  let file: FileID
  let index: Int

  static func < (left: SectionPlace, right: SectionPlace) -> Bool {
    (left.file, left.index) < (right.file, right.index)
  }
}

private struct LinkOnceSection {
  let name: ByteView
  let place: SectionPlace

  /// What comes behind the kind: `f` of `.gnu.linkonce.t.f`.
  var signature: ByteView {
    guard let rest = name.suffix(from: ".gnu.linkonce.".utf8.count),
      let dot = rest.firstIndex(of: UInt8(ascii: "."))
    else { return ByteView() }
    return rest.suffix(from: dot + 1) ?? ByteView()
  }
}

private struct OneSectionGroup: Sendable {
  let place: SectionPlace
  let member: SectionPlace
}

/// The global names that some sections define.
private struct DefinedNames {
  private var names: [SectionPlace: Set<ByteView>] = [:]

  init(_ files: Block<InputFile>, _ places: [SectionPlace]) {
    for place in places { names[place] = [] }
    for id in Set(places.map(\.file)) {
      let file = files[id.index]
      for index in file.globals where file.isInSection(file.symbols[index]) {
        let section = Int(file.sectionIndex(file.symbols[index], index))
        names[SectionPlace(file: id, index: section)]?.insert(file.symbolName(index))
      }
    }
  }

  /// Whether two sections define the same names, and any at all.
  func areEqual(_ first: SectionPlace, _ second: SectionPlace) -> Bool {
    guard let names = names[first], !names.isEmpty else { return false }
    return names == self.names[second]
  }
}
