// Builds maps from code, for layouts that are not written as text.

public struct MapBuilder {
  public private(set) var map: SectionMap
  private let nowhere = SourcePosition(file: 0, offset: 0, length: 0)

  public init() {
    map = SectionMap(
      sources: SourceSet(), orphansPosition: SourcePosition(file: 0, offset: 0, length: 0))
    map.orphans = .place
  }

  /// `section N { keep? take … sort …; … }`.
  public mutating func section(
    _ name: String, relro: Bool = false, _ takes: [Take]? = nil, bounds: [Bound] = []
  ) -> PlaceItem {
    let id = OutputSectionID(map.sections.count)
    var section = OutputSection(name: name, position: nowhere)
    section.relro = relro
    section.isBuiltIn = true
    section.bounds = bounds
    for take in takes ?? [Take(["\(name)+"])] {
      let rule = RuleID(map.rules.count)
      map.rules.append(
        Rule(
          kind: .take, section: id, selectors: take.patterns.map { selector($0) },
          except: take.exceptFiles.map {
            Selector(file: .object($0, isLiteral: false), section: .any, position: nowhere)
          },
          sort: take.sort, keep: take.keep, isBuiltIn: true, position: nowhere))
      section.items.append(.take(rule))
    }
    map.sections.append(section)
    return .section(id)
  }

  public struct Take {
    let patterns: [String]
    let keep: Bool
    let sort: [SortKey]
    let exceptFiles: [String]

    public init(
      _ patterns: [String], keep: Bool = false, sort: [SortKey] = [], exceptFiles: [String] = []
    ) {
      self.patterns = patterns
      self.keep = keep
      self.sort = sort
      self.exceptFiles = exceptFiles
    }
  }

  private func selector(_ text: String) -> Selector {
    let pattern: SectionPattern
    switch text {
    case "@tdata": pattern = .kind(.tdata)
    case "@tbss": pattern = .kind(.tbss)
    case _ where text.hasSuffix("+"): pattern = .family(String(text.dropLast()))
    default: pattern = .name(text, isLiteral: false)
    }
    return Selector(file: .any, section: pattern, position: nowhere)
  }

  public func bound(
    _ edge: Bound.Edge, _ names: [String], provide: Bool = true, hidden: Bool = true
  ) -> Bound {
    Bound(
      edge: edge, names: names.map { BoundName(name: $0, position: nowhere) }, provide: provide,
      hidden: hidden, isBuiltIn: true)
  }

  public func segment(
    _ name: String, _ access: Access?, relro: Bool = false, _ items: [PlaceItem]
  ) -> PlaceItem {
    .segment(
      Segment(
        name: name, access: access, relro: relro, items: items, isBuiltIn: true, position: nowhere))
  }

  public var headers: PlaceItem { .headers(nowhere) }

  public mutating func place(at address: UInt64, bounds: [Bound], _ items: [PlaceItem]) {
    map.places.append(
      Place(
        target: .address(address, load: nil), bounds: bounds, items: items, isBuiltIn: true,
        position: nowhere))
  }
}
