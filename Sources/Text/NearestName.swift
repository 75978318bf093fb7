// What the user may have meant: the known word that is most like an unknown one.

/// The name with the smallest distance to `word` (see `BoundedDistance`), if it is near enough to be
/// meant: up to a third of the word's length, at most three edits. Among equals the first counts. The
/// word itself is no answer.
public func nearestName(to word: String, among names: some Sequence<String>) -> String? {
  let bytes = Array(word.utf8)
  var distance = BoundedDistance(bytes)
  var limit = min(3, max(1, bytes.count / 3))
  var nearest: String?
  for name in names where name != word {
    if let edits = distance.distance(to: Array(name.utf8).span, atMost: limit) {
      nearest = name
      limit = edits - 1
    }
  }
  return nearest
}
