// Load addresses that are known last: `load at load_end(.text)`. And gaps before load images.

internal import ELF
internal import MapLang

extension LayoutEngine {
  /// Padding that the alignment of an image asked for.
  struct ImageGap {
    var image: Image
    var start: UInt64
    var end: UInt64
    var memory: Int
  }

  /// Run addresses are final now, and so are the load addresses that do not ask for others.
  mutating func settleLateLoads() {
    var waiting = lateLoads
    lateLoads = []
    while !waiting.isEmpty {
      let open = Set(waiting.flatMap(\.image.members).compactMap { things[$0.thing].output })
      let ready = waiting.filter { !asks($0.address, open) }
      guard !ready.isEmpty else {
        let circle = waiting.map(\.address.position)
        let first = circle.min { ($0.file, $0.offset) < ($1.file, $1.offset) }
        diagnostics.append(
          MapDiagnostic(
            .addressInPlacement, "this load address depends on itself",
            at: first.map { map.sources.keyword(before: $0) }))
        return
      }
      for (image, expression) in ready { settle(image, expression) }
      waiting.removeAll { entry in !asks(entry.address, open) }
    }
  }

  /// Whether an expression asks for a load address that is still open.
  private func asks(_ expression: Expression, _ open: Set<OutputID>) -> Bool {
    var result = false
    expression.forEachQuery { query, _ in
      if case .section(let property, let id) = query,
        property == .loadAddress || property == .loadEnd, let output = outputOf[id.index],
        open.contains(output)
      {
        result = true
      }
    }
    return result
  }

  private mutating func settle(_ image: Image, _ expression: Expression) {
    do throws(EvaluationError) {
      let value = try evaluate(expression, width: map.width) { answer($0) }
      guard let address = value.unsigned else {
        diagnostics.append(
          MapDiagnostic(
            .badNumber, "\(value.number) is no load address", at: expression.position))
        return
      }
      for member in image.members { things[member.thing].loadAddress = address &+ member.offset }
    } catch {
      diagnostics.append(MapDiagnostic(error))
    }
  }

  private func answer(_ query: Query) -> Value? {
    guard case .section(let property, let id) = query, let output = outputOf[id.index],
      let thing = things.first(where: { $0.output == output })
    else { return nil }
    let row = layout.outputs[output.index]
    switch property {
    case .address: return Value(thing.address, isAddress: true)
    case .end: return Value(thing.address.addingSaturated(thing.size), isAddress: true)
    case .size: return Value(thing.size)
    case .loadAddress: return Value(thing.loadAddress, isAddress: true)
    case .loadEnd:
      let size = row.hasBytes || !thing.isStoredApart ? thing.size : 0
      return Value(thing.loadAddress.addingSaturated(size), isAddress: true)
    case .alignment: return Value(row.alignment)
    case .fileOffset: return nil
    }
  }

  // MARK: SM421

  /// Start-up code that copies from the end of what stands before an image copies the wrong bytes if
  /// there is a gap. GNU ld leaves none, so that code is common.
  mutating func warnOfImageGaps() {
    for gap in imageGaps where memories[gap.memory].region != nil {
      let position = gap.image.position
      for block in bounds {
        let ends = block.bounds.filter { $0.edge == .end && !$0.isBuiltIn }
        guard let name = ends.first?.names.first,
          symbols[name.name]?.address == gap.start,
          block.things.contains(where: { things[$0].memory == gap.memory })
        else { continue }
        diagnostics.append(
          MapDiagnostic(
            .gapBeforeImage,
            "\(gap.image.name) begins \(byteCount(gap.end - gap.start)) behind '\(name.name)': who "
              + "copies from there copies the wrong bytes", at: position, severity: .warning,
            notes: [MapDiagnostic.Note("the symbol", at: name.position)],
            help:
              "copy from 'load_start NAME;' of what is copied, or write 'load in REGION align 1;'"))
        break
      }
    }
  }
}
