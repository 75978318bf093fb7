// What the user may have meant: the known word that is most like an unknown one.

/// The candidate with the smallest edit distance to `word`, if it is close: up to a third of the
/// word's length, at most three edits. Among equals the first counts.
///
/// An edit inserts, deletes or replaces a byte, or swaps two neighbours.
func nearestSpelling(to word: String, among candidates: some Sequence<String>) -> String? {
  let word = Array(word.utf8)
  var limit = min(3, max(1, word.count / 3))
  var nearest: String?
  for candidate in candidates {
    let distance = editDistance(word, Array(candidate.utf8), limit: limit)
    if let distance {
      nearest = candidate
      if distance == 0 { break }
      limit = distance - 1
    }
  }
  return nearest
}

/// The number of edits between two words; nil if it exceeds `limit`.
private func editDistance(_ first: [UInt8], _ second: [UInt8], limit: Int) -> Int? {
  guard abs(first.count - second.count) <= limit else { return nil }
  // Three rows of the usual table: row i holds the distances of the first i bytes of `first`.
  var beforePrevious: [Int] = []
  var previous = Array(0...second.count)
  for i in 0..<first.count {
    var current = [i + 1]
    current.reserveCapacity(second.count + 1)
    for j in 0..<second.count {
      var distance = min(previous[j + 1], current[j]) + 1
      distance = min(distance, previous[j] + (first[i] == second[j] ? 0 : 1))
      if i > 0 && j > 0 && first[i] == second[j - 1] && first[i - 1] == second[j] {
        distance = min(distance, beforePrevious[j - 1] + 1)
      }
      current.append(distance)
    }
    (beforePrevious, previous) = (previous, current)
  }
  return previous[second.count] <= limit ? previous[second.count] : nil
}
