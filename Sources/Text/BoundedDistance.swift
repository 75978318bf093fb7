// How many edits lie between two names, if they are few.
//
// The Damerau-Levenshtein distance in its restricted form (optimal string alignment): insertions,
// deletions, replacements, and swaps of two neighbours, none of which overlap. Only a band of the
// table around its diagonal can hold distances within the bound, so the cost is the length of the
// name times the bound.

/// Distances from one name. What the table needs is allocated once for all of them.
public struct BoundedDistance {
  private let name: [UInt8]
  /// The last three rows of the table.
  private var rows: (before: [Int], last: [Int], current: [Int])

  /// For distances from `name`.
  public init(_ name: [UInt8]) {
    self.name = name
    let row = [Int](repeating: 0, count: name.count + 1)
    rows = (row, row, row)
  }

  /// The distance to `other`, or nil if it is more than `bound`.
  public mutating func distance(to other: Span<UInt8>, atMost bound: Int) -> Int? {
    let count = name.count
    guard bound >= 0, abs(other.count - count) <= bound else { return nil }
    let outside = bound + 1
    for column in 0...count { rows.last[column] = column }
    for row in 0..<other.count {
      // Columns outside of the band count as too far away.
      let low = max(0, row + 1 - bound)
      let high = min(count, row + 1 + bound)
      rows.current[low] = low == 0 ? row + 1 : outside
      var smallest = rows.current[low]
      let start = max(low, 1)
      if start == low { rows.current[low - 1] = outside }
      if start <= high {
        for column in start...high {
          let byte = other[row]
          let isEqual = byte == name[column - 1]
          var value = rows.last[column - 1] + (isEqual ? 0 : 1)
          value = min(value, rows.current[column - 1] + 1)
          // The cell above the band's right edge was not computed.
          if column < row + 1 + bound || row == 0 { value = min(value, rows.last[column] + 1) }
          if row > 0, column > 1, byte == name[column - 2], other[row - 1] == name[column - 1] {
            value = min(value, rows.before[column - 2] + 1)
          }
          rows.current[column] = value
          smallest = min(smallest, value)
        }
      }
      if smallest > bound, row > 0, rows.last[max(0, low - 1)...high].allSatisfy({ $0 > bound }) {
        return nil
      }
      rows = (rows.last, rows.current, rows.before)
    }
    let result = rows.last[count]
    return result <= bound ? result : nil
  }
}
