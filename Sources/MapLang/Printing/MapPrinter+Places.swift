// Places and what stands in them, as text.

extension MapPrinter {
  mutating func printPlace(_ place: MapPlace) {
    var head: String
    switch place.target {
    case .region(let id, let at):
      head = "place in \(map[id].name)" + (at.map { " at \(Self.number($0))" } ?? "")
    case .address(let at, let load):
      head = "place at \(Self.number(at))" + (load.map { " load at \(Self.number($0))" } ?? "")
    }
    block(head) { printer in
      printer.printAlignment(place.align, place.pad)
      printer.printBounds(place.bounds)
      printer.printItems(place.items)
    }
  }

  mutating func printItems(_ items: [PlaceItem]) {
    for item in items {
      switch item {
      case .section(let id): printSection(id)
      case .reserve(let id): printReserve(map[id])
      case .slot(let id): printSlot(map[id])
      case .group(let group): printGroup("group", group)
      case .overlay(let group): printGroup("overlay", group)
      case .segment(let segment):
        let access = segment.access.map { " \($0.text)" } ?? ""
        block("segment \(segment.name)\(access)") { printer in
          printer.printAlignment(segment.align, segment.pad)
          if segment.splits { printer.line("splits;") }
          if segment.relro { printer.line("relro;") }
          printer.printBounds(segment.bounds)
          printer.printItems(segment.items)
        }
      case .image(let id, _): line("image \(Self.name(map[id].name));")
      case .headers:
        switch map.listsProgramHeaders {
        case nil: line("headers;")
        case true?: line("headers phdr;")
        case false?: line("headers phdr none;")
        }
      case .orphans(let rule): line(words(of: rule))
      }
    }
  }

  mutating func printGroup(_ word: String, _ group: Group) {
    block(word + (group.name.map { " \($0)" } ?? "")) { printer in
      printer.printAlignment(group.align, group.pad)
      printer.printLoad(group.load, group.loadAlign)
      printer.printBounds(group.bounds)
      printer.printItems(group.items)
    }
  }

  mutating func printLoad(_ load: LoadAddress?, _ align: UInt64?) {
    switch load {
    case .region(let region, _): line("load in \(map[region].name)\(Self.alignment(align));")
    case .address(let address): printExpression("load at", address)
    case nil: break
    }
  }

  /// ` align 4`, behind `load in R`.
  static func alignment(_ align: UInt64?) -> String {
    align.map { " align \(number($0))" } ?? ""
  }

  mutating func printReserve(_ reserve: Reserve) {
    block("reserve \(reserve.name)") { printer in
      printer.printExpression("at", reserve.at)
      printer.printAlignment(reserve.align, nil)
      switch reserve.size {
      case .exactly(let size): printer.printExpression("size", size)
      case .rest: printer.line("size rest;")
      }
      printer.printExpression("min", reserve.min)
      printer.printExpression("max", reserve.max)
      if reserve.high { printer.line("high;") }
      printer.printBounds(reserve.bounds)
    }
  }

  mutating func printSlot(_ slot: MapSlot) {
    block("slot \(slot.name)") { printer in
      printer.printExpression("at", slot.at)
      printer.printAlignment(slot.align, nil)
      printer.printExpression("size", slot.size)
      for word in slot.words {
        printer.line("word u\(word.size * 8) \(printer.words(word.value));")
      }
      if let fill = slot.fill { printer.line("fill \(Self.words(fill));") }
      if slot.high { printer.line("high;") }
      if slot.required { printer.line("required;") }
    }
  }
}
