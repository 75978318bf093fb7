// The order of the word `sort` of the map language.

internal import MapLang

struct SectionSorter {
  let sections: Column<SectionID, InputSection>
  let fileName: (FileID) -> String
  /// The name that a section has in its file.
  let name: (SectionID) -> String

  /// Sorts rows by the keys; what is equal stays in the order of the rows.
  func sort(_ members: inout [SectionID], _ keys: [SortKey]) {
    guard !keys.isEmpty, members.count > 1 else { return }
    struct Item {
      let id: SectionID
      let name: String
      let priority: Int
    }
    let items = members.map { id -> Item in
      let name = name(id)
      return Item(id: id, name: name, priority: SectionSorter.initPriority(name))
    }
    let sorted = items.sorted { left, right in
      for key in keys {
        switch key {
        case .name: if left.name != right.name { return left.name < right.name }
        case .alignment:
          let (first, second) = (sections[left.id].alignment, sections[right.id].alignment)
          if first != second { return first > second }
        case .initPriority:
          if left.priority != right.priority { return left.priority < right.priority }
        case .file:
          let (first, second) = (sections[left.id].file, sections[right.id].file)
          if first != second { return fileName(first) < fileName(second) }
        case .none: break
        }
      }
      // `.ctors.65434` and `.init_array.00101` are of one priority; GNU ld then goes by the name.
      if keys.contains(.initPriority), left.name != right.name { return left.name < right.name }
      return left.id < right.id
    }
    members = sorted.map(\.id)
  }

  /// The number of `.init_array.N`; 65535 − N for `.ctors.N`; without a number last.
  static func initPriority(_ name: String) -> Int {
    guard let dot = name.lastIndex(of: ".") else { return 65536 }
    let digits = name[name.index(after: dot)...].utf8
    guard digits.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(Substring(digits))
    else { return 65536 }
    guard name.hasPrefix(".ctors") || name.hasPrefix(".dtors") else { return number }
    return number > 65535 ? 65536 : 65535 - number
  }
}
