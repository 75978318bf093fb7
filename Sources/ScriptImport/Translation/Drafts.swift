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
  /// `load …`; moves to the group if neighbours are stored with it.
  var load: String?
  /// Of what is stored in a region: the region.
  var storedIn: String?
  /// Whether AT() says where it is stored, so that what follows keeps its distance.
  var keepsDistance = false
  /// The region that it runs in.
  var region: String?
  /// What ALIGN() says, which holds for the load address, too; empty: that is aligned as the section is.
  var explicitAlign: String?
  var hasTake = false
  /// `noload`
  var hasNoBytes = false
  /// Symbols at its end.
  var endSymbols: [String] = []
  /// Symbols at its start.
  var startSymbols: [String] = []
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
  /// Items at one address. Where the counter stands behind them: at the end of the longest, or of the last.
  case overlay([MapNode], [PlaceDraft], endsWithLast: Bool)
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
  /// The number, if it is known.
  var atValue: UInt64?
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
    case .group(_, let items), .overlay(_, let items, true):
      items.last?.ends(with: section) ?? false
    case .overlay: false
    case .reserve, .image, .headers, .comments: false
    }
  }
}

extension MapNode {
  /// Whether it is a statement about load addresses.
  var isLoad: Bool {
    if case .line(let words, _) = self { return words.hasPrefix("load ") }
    return false
  }
}

extension PlaceDraft {
  /// The statement that says where it is stored, without `;`.
  func load(_ outputs: [OutputDraft]) -> String? {
    switch self {
    case .section(let index): return outputs[index].load
    case .group(let attributes, let items):
      for case .line(let words, _) in attributes where words.hasPrefix("load ") {
        return String(words.dropLast())
      }
      return items.count == 1 ? items[0].load(outputs) : nil
    case .overlay, .reserve, .image, .headers, .comments: return nil
    }
  }

  /// The sections in it.
  var sections: [Int] {
    switch self {
    case .section(let index): [index]
    case .group(_, let items), .overlay(_, let items, _): items.flatMap(\.sections)
    case .reserve, .image, .headers, .comments: []
    }
  }
}
