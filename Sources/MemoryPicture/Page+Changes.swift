// The part of a report that compares: what grew, what moved, what came and went.

internal import Text

extension Picture {
  /// What stands below the labels of blocks that changed.
  func labels(_ memory: Memory) -> [String: String] {
    var labels: [String: String] = [:]
    for change in changes?.blocks ?? [] where change.memory == memory.name && change.now != nil {
      if change.before == nil {
        labels[change.name] = "new"
      } else if change.growth != 0 {
        labels[change.name] = Words.change(change.before ?? 0, change.now ?? 0)
      } else if let was = change.addresses.before {
        labels[change.name] = "was at \(hexadecimal(was))"
      }
    }
    return labels
  }

  func text(of changes: Changes) -> String {
    var text = "<section class=\"card\"><header><h2>Since the earlier report</h2><p>"
    text += changes.memories.map { change in
      let amount =
        change.now == nil
        ? "gone"
        : change.before == nil ? "new" : Words.change(change.before ?? 0, change.now ?? 0)
      return "\(Words.escaped(change.name)) <b>\(amount)</b>"
    }.joined(separator: " · ")
    text += "</p></header>\n"
    let resized = changes.blocks.filter { $0.growth != 0 || $0.before == nil || $0.now == nil }
    let moved = changes.blocks.filter { $0.growth == 0 && $0.hasMoved }
    let lists = [
      ("Sections", resized, 20), ("Archives and objects", changes.files, 12),
      ("Symbols", changes.symbols, 16),
    ]
    if lists.allSatisfy({ $0.1.isEmpty }) && moved.isEmpty {
      return text + "<p>Nothing moved.</p></section>\n"
    }
    for (title, list, count) in lists where !list.isEmpty {
      text += "<h3 class=\"apart\">\(title)</h3><div class=\"scroll\"><table>"
      for change in list.prefix(count) { text += row(change) }
      text += "</table></div>"
      if list.count > count { text += "<div class=\"more\">and \(list.count - count) more</div>" }
    }
    if !moved.isEmpty {
      let count = moved.count == 1 ? "1 section" : "\(moved.count) sections"
      text += "<details class=\"all\"><summary><p>\(count) moved, with the same size</p></summary>"
      text += "<div class=\"scroll\"><table>"
      for change in moved.prefix(100) { text += row(change) }
      text += "</table></div></details>"
    }
    return text + "</section>\n"
  }

  private func row(_ change: Change) -> String {
    var place = ""
    if change.hasMoved, let old = change.addresses.before, let new = change.addresses.now {
      place = "from \(hexadecimal(old)) to \(hexadecimal(new))"
    }
    let amount =
      change.now == nil
      ? "gone, −\(Words.amount(change.before ?? 0))"
      : change.before == nil
        ? "new, +\(Words.amount(change.now ?? 0))"
        : change.growth == 0 ? "moved" : Words.change(change.before ?? 0, change.now ?? 0)
    var text = "<tr><td class=\"name\">\(Words.escaped(Words.shortened(change.name, to: 100)))</td>"
    text += "<td>\(Words.escaped(change.memory))</td>"
    text += "<td class=\"number\(change.growth > 0 ? " up" : "")\">\(amount)</td>"
    text += "<td class=\"number\">\(change.now.map { Words.amount($0) } ?? "")</td>"
    return text + "<td>\(place)</td></tr>"
  }
}
