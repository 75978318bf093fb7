// The statements of a section, cut into intervals at the places that symbols mark.
//
// An interval without marks and padding needs no block; others become groups, whose bounds are the marks.
// `. = ALIGN(n)` pads the interval before it, as in the script: it moves the end to an address and does
// not raise the alignment of the section, as `align` in a group would.

/// A stretch of an output section between two marks.
struct Interval {
  var nodes: [MapNode] = []
  var startMarks: [MapNode] = []
  var endMarks: [MapNode] = []
  /// The symbols of `endMarks`.
  var endNames: [String] = []
  var pads: String?
  /// `at offset`
  var offset: String?

  var isEmpty: Bool {
    nodes.isEmpty && startMarks.isEmpty && endMarks.isEmpty && pads == nil && offset == nil
  }
  var isPlain: Bool {
    startMarks.isEmpty && endMarks.isEmpty && pads == nil && offset == nil
  }
}

/// The intervals of a section so far.
struct Intervals {
  var done: [Interval] = []
  var open = Interval()
  var sectionMarks: [MapNode] = []
  var alignment: [String] = []
  /// Whether nothing stands before the place.
  var isAtStart = true
  /// A symbol at the place.
  var markHere: String?
  var hasContent = false

  /// The slot of words in front of the place, if nothing marks the place: more words go there.
  var openSlot: (head: String, body: [MapNode])? {
    guard open.pads == nil, open.endMarks.isEmpty,
      case .block(let head, let body)? = open.nodes.last,
      head.hasPrefix("slot ")
    else { return nil }
    return (head, body)
  }

  mutating func close() {
    if !open.isEmpty { done.append(open) }
    open = Interval()
  }

  /// Something that takes room.
  mutating func add(_ nodes: [MapNode]) {
    if open.pads != nil || !open.endMarks.isEmpty { close() }
    open.nodes += nodes
    isAtStart = false
    markHere = nil
    hasContent = true
  }

  mutating func pad(_ multiple: String) {
    if isAtStart && sectionMarks.isEmpty {
      alignment.append(multiple)
      return
    }
    if open.pads != nil || !open.endMarks.isEmpty { close() }
    open.pads = multiple
    isAtStart = false
    markHere = nil
  }

  mutating func mark(_ node: MapNode, _ name: String, isEnd: Bool) {
    markHere = name
    if isAtStart {
      sectionMarks.append(node)
    } else if open.offset != nil && open.nodes.isEmpty {
      open.startMarks.append(node)
    } else if open.pads != nil && !isEnd && open.endMarks.isEmpty {
      // The next interval begins where the padding ends.
      close()
      open.startMarks.append(node)
    } else if open.nodes.isEmpty && !open.startMarks.isEmpty {
      open.startMarks.append(node)
    } else {
      open.endMarks.append(node)
      open.endNames.append(name)
    }
  }
}

extension Translator {
  /// Writes the intervals into the section.
  mutating func finish(_ intervals: Intervals, _ index: Int) {
    outputs[index].attributes += intervals.alignment.map { .line("align \($0);") }
    outputs[index].bounds += intervals.sectionMarks
    var done = intervals.done
    foldTrailingMarks(&done)
    var tailNodes: [MapNode] = []
    outputs[index].endSymbols = done.last?.endNames ?? []
    // The last marks and padding are those of the section.
    if let last = done.last, last.startMarks.isEmpty, last.offset == nil {
      done.removeLast()
      tailNodes = last.nodes
      if let pads = last.pads { outputs[index].attributes.append(.line("pad \(pads);")) }
      outputs[index].bounds += last.endMarks
    }
    for interval in done {
      if interval.isPlain {
        outputs[index].contents += interval.nodes
        continue
      }
      var body: [MapNode] = []
      if let offset = interval.offset { body.append(.line("at offset \(offset);")) }
      if let pads = interval.pads { body.append(.line("pad \(pads);")) }
      body += interval.startMarks + interval.endMarks + interval.nodes
      outputs[index].contents.append(.block("group", body))
    }
    outputs[index].contents += tailNodes
    if !intervals.hasContent || !outputs[index].hasTake {
      if intervals.hasContent && outputs[index].isBare {
        outputs[index].attributes += [.line("access rw;"), .line("nobits;")]
      }
    }
  }

  /// Symbols behind the last padding, with nothing behind them, are ends of what was padded.
  func foldTrailingMarks(_ done: inout [Interval]) {
    guard done.count > 1, let last = done.last, last.nodes.isEmpty, last.endMarks.isEmpty,
      last.pads == nil, last.offset == nil
    else { return }
    done.removeLast()
    done[done.count - 1].endMarks += last.startMarks.map { mark in
      guard case .line(let words, let behind) = mark else { return mark }
      let ends = words.split(separator: " ").map { $0 == "start" ? "end" : $0 }
      return .line(ends.joined(separator: " "), behind: behind)
    }
  }
}
