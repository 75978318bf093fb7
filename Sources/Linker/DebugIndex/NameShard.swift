// The names of all units with the same upper bits of their hashes: each name once, with the units that
// have it.
//
// Most names are in one unit only, or in the same few as others (a header's), so lists of units that are
// equal are stored once.

internal import CXXHash
internal import ELF

struct NameShard {
  /// The distinct names in the order of their first appearance, and each one's list.
  private(set) var texts = GrowingBlock<ByteView>()
  private(set) var lists = Block<UInt32>.empty
  /// The lists one behind the other: a length, and as many words as `.gdb_index` has them.
  private(set) var words = GrowingBlock<UInt32>()
  /// Bytes of the names with their NULs.
  private(set) var textSize = 0

  init() {}

  /// `units`: for each file the number that each of its units has in the index.
  init(_ shard: Int, _ files: Results<IndexedFile>, units: Results<Block<UInt32>>) {
    var numbering = HashNumbering()
    var entries = GrowingBlock<(name: UInt32, word: UInt32)>()
    for index in 0..<files.count {
      let file = files[index]
      let numbers = units[index]
      for position in file.names(ofShard: shard) {
        let name = file.names[position]
        let unit = numbers[Int(name.unitAndAttributes & 0xff_ffff)]
        guard unit != UInt32.max else { continue }  // left out
        let (number, isNew) = numbering.enter(name.hash, name.check)
        if isNew {
          texts.append(name.text)
          textSize += name.text.count + 1
        }
        entries.append(
          (UInt32(truncatingIfNeeded: number), name.unitAndAttributes & ~0xff_ffff | unit))
      }
    }
    numbering.release()
    makeLists(entries)
    entries.release()
  }

  private mutating func makeLists(_ entries: GrowingBlock<(name: UInt32, word: UInt32)>) {
    // Sorted by name, in linear time.
    let starts = Block<UInt32>(count: texts.count + 1)
    for index in 0..<entries.count { starts[Int(entries[index].name) + 1] += 1 }
    for name in 0..<texts.count { starts[name + 1] += starts[name] }
    let sorted = Block<UInt32>(room: entries.count)
    for index in 0..<entries.count {
      let (name, word) = entries[index]
      // (Each start moves to its end, which is where the next name's was.)
      sorted[Int(starts[Int(name)])] = word
      starts[Int(name)] += 1
    }
    var numbering = HashNumbering()
    var offsets = GrowingBlock<UInt32>()
    lists = Block(room: texts.count)
    var first = 0
    for name in 0..<texts.count {
      let end = Int(starts[name])
      lists[name] = enter(
        sorted.slice(first..<end), &numbering, &offsets)
      first = end
    }
    starts.release()
    sorted.release()
    offsets.release()
    numbering.release()
  }

  /// The offset in `words` of a list with these words, each once.
  private mutating func enter(
    _ unsorted: Block<UInt32>, _ numbering: inout HashNumbering,
    _ offsets: inout GrowingBlock<UInt32>
  ) -> UInt32 {
    let start = words.count
    words.append(0)
    if unsorted.count > 1 {
      // By unit, then by attributes.
      unsorted.sort { ($0 & 0xff_ffff, $0) < ($1 & 0xff_ffff, $1) }
    }
    for index in 0..<unsorted.count where index == 0 || unsorted[index] != unsorted[index - 1] {
      words.append(unsorted[index])
    }
    let count = words.count - start
    words[start] = UInt32(truncatingIfNeeded: count - 1)
    let hash = swold_xxh3_128(words.values.base + start, count * 4)
    let (number, isNew) = numbering.enter(hash.low, UInt32(truncatingIfNeeded: hash.high))
    if isNew {
      offsets.append(UInt32(truncatingIfNeeded: start))
    } else {
      words.truncate(to: start)
    }
    return offsets[number]
  }

  func release() {
    texts.release()
    lists.release()
    words.release()
  }
}
