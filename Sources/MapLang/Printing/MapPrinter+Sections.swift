// Sections, and the attributes that all blocks share, as text.

extension MapPrinter {
  mutating func printSection(_ id: MapSectionID) {
    let section = map[id]
    let needsNothing =
      section.items.count == 1 && section.bounds.isEmpty && section.at == nil
      && section.align == nil && section.pad == nil && section.size == nil && section.min == nil
      && section.max == nil && section.load == nil && section.access == nil
      && section.subalign == nil && section.fill == nil
      && !(section.noload || section.nobits || section.high || section.relro || section.always)
    if needsNothing, case .take(let rule) = section.items[0], map[rule].isImplied,
      exceptions(to: rule).isEmpty
    {
      line("section \(Self.name(section.name));")
      return
    }
    block("section \(Self.name(section.name))") { printer in
      printer.printExpression("at", section.at)
      printer.printAlignment(section.align, section.pad)
      printer.printExpression("size", section.size)
      printer.printExpression("min", section.min)
      printer.printExpression("max", section.max)
      printer.printLoad(section.load, section.loadAlign)
      if let access = section.access { printer.line("access \(access.text);") }
      if let subalign = section.subalign { printer.line("subalign \(subalign);") }
      if let fill = section.fill { printer.line("fill \(Self.words(fill));") }
      if section.noload { printer.line("noload;") }
      if section.nobits { printer.line("nobits;") }
      if section.high { printer.line("high;") }
      if section.relro { printer.line("relro;") }
      if section.always { printer.line("always;") }
      printer.printBounds(section.bounds)
      printer.printItems(section.items)
    }
  }

  mutating func printItems(_ items: [SectionItem]) {
    for item in items {
      switch item {
      case .take(let rule): line(words(of: rule))
      case .hole(let size): printExpression("reserve", size)
      case .slot(let id): printSlot(map[id])
      case .group(let group):
        block("group" + (group.name.map { " \($0)" } ?? "")) { printer in
          printer.printExpression("at offset", group.offset)
          printer.printAlignment(group.align, group.pad)
          printer.printExpression("size", group.size)
          printer.printExpression("min", group.min)
          printer.printExpression("max", group.max)
          if let fill = group.fill { printer.line("fill \(Self.words(fill));") }
          printer.printBounds(group.bounds)
          printer.printItems(group.items)
        }
      }
    }
  }

  // MARK: - Attributes

  mutating func printExpression(_ word: String, _ expression: Expression?) {
    if let expression { line("\(word) \(words(expression));") }
  }

  mutating func printAlignment(_ align: Alignment?, _ pad: Padding?) {
    switch align {
    case .atLeast(let number): line("align \(Self.number(number));")
    case .powerOfTwo(1): line("align pow2;")
    case .powerOfTwo(let minimum): line("align pow2 \(Self.number(minimum));")
    case nil: break
    }
    switch pad {
    case .multiple(let multiple): printExpression("pad", multiple)
    case .powerOfTwo: line("pad pow2;")
    case nil: break
    }
  }

  mutating func printBounds(_ bounds: [Bound]) {
    for bound in bounds {
      line(
        (bound.provide ? "provide " : "") + (bound.hidden ? "hidden " : "") + bound.edge.spelling
          + " " + bound.names.map { Self.name($0.name) }.joined(separator: ", ") + ";")
    }
  }
}
