// The bars of one strip: which blocks get one of their own, and where it is.

internal import Text

/// A bar, for one block or for neighbours that are too small to tell apart.
struct Row: Equatable {
  var name: String
  var kind: MemoryBlock.Kind
  var y: Double
  var height: Double
  /// Of those that share addresses (overlays), which one it is, and of how many.
  var lane = 0
  var lanes = 1
  var address: UInt64?
  var size: UInt64?
  /// The small words below the name.
  var remark = ""
  /// What a reader sees who points at it.
  var title: String

  /// Its size is not known: drawn with a dashed edge.
  var isOpen: Bool { size == nil }
}

struct Rows {
  private(set) var rows: [Row] = []
  /// Empty before the link.
  private(set) var stretches: [Stretch] = []
  private(set) var height = 0.0
  /// More blocks than this, and the small ones share bars.
  private static let mostAlone = 22
  private static let largest = 14

  init(_ memory: Memory) {
    if memory.blocks.allSatisfy({ $0.address != nil && $0.size != nil }) && memory.used != nil {
      scaled(memory)
    } else {
      listed(memory)
    }
  }

  // MARK: After the link

  private mutating func scaled(_ memory: Memory) {
    let blocks = memory.blocks.filter { $0.size != 0 }
    let limit = memory.size.map { memory.start.addingReportingOverflow($0) }
    let scale = Scale(
      blocks.compactMap { block in
        guard let start = block.address, let end = block.end, start < end else { return nil }
        return start..<end
      }, start: memory.start, end: limit.map { $0.overflow ? .max : $0.partialValue })
    stretches = scale.stretches
    height = scale.height
    let limitSize = Self.smallestAlone(blocks)
    var run: [MemoryBlock] = []
    for block in blocks {
      if (block.size ?? 0) >= limitSize {
        add(run, scale)
        run = []
        add([block], scale)
      } else {
        run.append(block)
      }
    }
    add(run, scale)
    assignLanes()
  }

  private static func smallestAlone(_ blocks: [MemoryBlock]) -> UInt64 {
    guard blocks.count > mostAlone else { return 0 }
    let size = blocks.compactMap(\.size).sorted(by: >)[largest]
    return size == .max ? size : size + 1
  }

  private mutating func add(_ blocks: [MemoryBlock], _ scale: Scale) {
    guard let first = blocks.first, let start = first.address,
      let end = blocks.compactMap(\.end).max()
    else { return }
    let size = blocks.reduce(0 as UInt64) { $0 &+ ($1.size ?? 0) }
    let biggest = blocks.max { ($0.size ?? 0) < ($1.size ?? 0) } ?? first
    let y = scale.y(start)
    var row = Row(
      name: blocks.count == 1 ? first.name : "\(blocks.count) small: \(biggest.name), …",
      kind: biggest.kind, y: y, height: max(scale.y(end) - y, 1), address: start, size: size,
      title: "")
    if blocks.count == 1 {
      row.title = Self.title(first)
      row.remark = first.load.map { "stored at \(hexadecimal($0))" } ?? first.remark
    } else {
      row.title = blocks.prefix(12).map { Self.title($0) }.joined(separator: "; ")
      if blocks.count > 12 { row.title += "; and \(blocks.count - 12) more" }
    }
    rows.append(row)
  }

  private static func title(_ block: MemoryBlock) -> String {
    var text = block.name
    if let start = block.address, let end = block.end {
      text += " \(hexadecimal(start))–\(hexadecimal(end))"
    }
    if let size = block.size { text += ", \(Words.grouped(size)) bytes" }
    if let load = block.load { text += ", stored at \(hexadecimal(load))" }
    return block.remark.isEmpty ? text : text + ", " + block.remark
  }

  /// Bars that share addresses stand side by side.
  private mutating func assignLanes() {
    var first = 0
    while first < rows.count {
      var end = (rows[first].address ?? 0).addingReportingOverflow(rows[first].size ?? 0)
        .partialValue
      var ends: [UInt64] = [end]
      var next = first + 1
      while next < rows.count, let start = rows[next].address, start < end {
        let own = start &+ (rows[next].size ?? 0)
        if let free = ends.firstIndex(where: { $0 <= start }) {
          rows[next].lane = free
          ends[free] = own
        } else {
          rows[next].lane = ends.count
          ends.append(own)
        }
        end = max(end, own)
        next += 1
      }
      for index in first..<next { rows[index].lanes = ends.count }
      first = next
    }
  }

  // MARK: Before the link

  /// One below the other: what has a size is as high as it is large, within limits.
  private mutating func listed(_ memory: Memory) {
    let known = memory.size ?? memory.blocks.reduce(0 as UInt64) { $0 &+ ($1.size ?? 0) }
    for block in memory.blocks {
      var own = 30.0
      if let size = block.size, known > 0 {
        own = min(120, max(30, Scale.takenHeight * Double(size) / Double(known)))
      }
      rows.append(
        Row(
          name: block.name, kind: block.kind, y: height, height: own, address: block.address,
          size: block.size, remark: block.remark, title: Self.title(block)))
      height += own
    }
  }
}
