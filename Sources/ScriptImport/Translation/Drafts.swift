// What an import gathers before it writes: sections, flows, and what stands in them.

/// A number, bound or address in the text of a map, and how tightly its outermost operator binds.
struct MapExpression {
  var text: String
  var tightness: Int

  static let primary = 11
  init(_ text: String, _ tightness: Int = MapExpression.primary) {
    self.text = text
    self.tightness = tightness
  }
}

/// An output section to be.
struct OutputDraft {
  var name: String
  var attributes: [MapNode] = []
  var bounds: [MapNode] = []
  var contents: [MapNode] = []
  var before: [String] = []
  var behind: [String] = []
  /// The PT_LOAD of the script.
  var segment: String?
  /// What AT() adds to the address, as text of a constant: `- KERNEL_VMA`.
  var distance: String?
  var hasLoad = false
  var hasTake = false
  /// Symbols at its end.
  var endSymbols: [String] = []
  /// Whether everything in it is without bytes, as far as names tell.
  var isBare = false
  var isThreadBare = false
  var place: ScriptPlace
}

/// What stands in a place.
indirect enum PlaceDraft {
  case section(Int)
  /// Attributes and bounds, and what they are about.
  case group([MapNode], [PlaceDraft])
  case reserve(String, [MapNode], segment: String?)
  case image(Int)
  case headers
  case comments([String])
}

/// Items at rising addresses.
struct FlowDraft {
  /// nil: the script's own addresses.
  var region: String?
  /// nil: the start of the region.
  var at: MapExpression?
  var items: [PlaceDraft] = []
  /// The region that other sections are stored in, declared for it.
  var madeRegion: String?
}

extension MapExpression {
  /// The words as the first operand of a sum.
  static func sum(_ words: MapExpression) -> String {
    words.tightness < 8 ? "(\(words.text))" : words.text
  }
}

extension PlaceDraft {
  var isComment: Bool {
    if case .comments = self { return true }
    return false
  }

  /// Whether the last thing in it is that section.
  func ends(with section: Int) -> Bool {
    switch self {
    case .section(let index): index == section
    case .group(_, let items): items.last?.ends(with: section) ?? false
    case .reserve, .image, .headers, .comments: false
    }
  }
}

extension PlaceDraft {
  /// The sections in it.
  var sections: [Int] {
    switch self {
    case .section(let index): [index]
    case .group(_, let items): items.flatMap(\.sections)
    case .reserve, .image, .headers, .comments: []
    }
  }
}
