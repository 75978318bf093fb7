// --print-memory-usage: how full each region of the map is.
//
// The columns are those of GNU ld, which scripts read; a bar follows them. The JSON form is for those
// scripts that would rather not.

internal import MapLang

extension Layout {
  func memoryUsageText() -> String {
    var text = "Memory region         Used Size  Region Size  %age Used\n"
    for (index, region) in selection.map.regions.enumerated() {
      let used = memories.indices.contains(index) ? memories[index].used : 0
      let size = region.size ?? 0
      let share = size == 0 ? 0 : Double(used) * 100 / Double(size)
      text += Layout.right(region.name, 16) + ":" + Layout.right(Layout.amount(used), 14)
      text += Layout.right(region.size == nil ? "no limit" : Layout.amount(size), 13)
      text += Layout.right(Layout.hundredths(share) + "%", 11)
      let full = min(20, Int((share / 5).rounded(.up)))
      text += "  [" + String(repeating: "#", count: full)
      text += String(repeating: ".", count: 20 - full) + "]\n"
    }
    return text
  }

  /// `{"regions": [{"name": …, "origin": …, "size": …, "used": …, "free": …}]}`; sizes in bytes, null
  /// for a region without a limit.
  func memoryUsageJSON() -> String {
    let rows = selection.map.regions.enumerated().map { index, region in
      let used = memories.indices.contains(index) ? memories[index].used : 0
      let size = region.size.map { String($0) } ?? "null"
      let free = region.size.map { String($0 > used ? $0 - used : 0) } ?? "null"
      return "{\"name\": \"\(region.name)\", \"origin\": \(region.at), \"size\": \(size), "
        + "\"used\": \(used), \"free\": \(free)}"
    }
    return "{\"regions\": [" + rows.joined(separator: ", ") + "]}\n"
  }

  /// In the largest unit that divides it, as GNU ld has it: 0 is `0 GB`.
  private static func amount(_ count: UInt64) -> String {
    if count & (1 << 30 - 1) == 0 { return "\(count >> 30) GB" }
    if count & (1 << 20 - 1) == 0 { return "\(count >> 20) MB" }
    if count & (1 << 10 - 1) == 0 { return "\(count >> 10) KB" }
    return "\(count) B"
  }

  static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.utf8.count)) + text
  }

  private static func hundredths(_ number: Double) -> String {
    let all = Int((number * 100).rounded())
    let rest = all % 100
    return "\(all / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
