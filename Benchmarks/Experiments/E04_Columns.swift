// E4, E5, E6: what does a checked index cost in a scan loop, what do loads through ByteView of
// another module cost, and where do exclusivity checks and reference counts appear?
// The functions are named scan…; count_calls.py lists the runtime calls inside each of them.
import ELF
import Glibc

protocol Index { var rawValue: UInt32 { get } }
struct SymbolID: Index { let rawValue: UInt32 }

struct AssertColumn<ID: Index, Value: BitwiseCopyable>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Value>, count: Int
  subscript(id: ID) -> Value {
    get { assert(id.rawValue < count); return base[Int(id.rawValue)] }
    nonmutating set { assert(id.rawValue < count); base[Int(id.rawValue)] = newValue }
  }
}
struct PreconditionColumn<ID: Index, Value: BitwiseCopyable>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Value>, count: Int
  subscript(id: ID) -> Value {
    get { precondition(id.rawValue < count); return base[Int(id.rawValue)] }
    nonmutating set { precondition(id.rawValue < count); base[Int(id.rawValue)] = newValue }
  }
}

final class LetTable: Sendable {
  let a: AssertColumn<SymbolID, UInt64>, p: PreconditionColumn<SymbolID, UInt64>
  init(_ base: UnsafeMutablePointer<UInt64>, _ count: Int) {
    a = AssertColumn(base: base, count: count)
    p = PreconditionColumn(base: base, count: count)
  }
}
final class VarTable {
  var p: PreconditionColumn<SymbolID, UInt64>
  var array: [UInt64]
  var total: UInt64 = 0
  init(_ base: UnsafeMutablePointer<UInt64>, _ count: Int) {
    p = PreconditionColumn(base: base, count: count)
    array = Array(UnsafeBufferPointer(start: base, count: count))
  }
}
class OpenTable {  // not final, and visible to subclasses in the module
  var array: [UInt64] = []
  var total: UInt64 = 0
}
final class SubTable: OpenTable {}
nonisolated(unsafe) var globalTotal: UInt64 = 0
nonisolated(unsafe) var globalArray: [UInt64] = []

typealias IDs = UnsafeBufferPointer<SymbolID>

@inline(never) func scanPointer(_ t: UnsafeMutablePointer<UInt64>, _ ids: IDs) -> UInt64 {
  var s: UInt64 = 0
  for id in ids { s &+= t[Int(id.rawValue)] }
  return s
}
@inline(never) func scanAssert(_ t: LetTable, _ ids: IDs) -> UInt64 {
  var s: UInt64 = 0
  for id in ids { s &+= t.a[id] }
  return s
}
@inline(never) func scanPrecondition(_ t: LetTable, _ ids: IDs) -> UInt64 {
  var s: UInt64 = 0
  for id in ids { s &+= t.p[id] }
  return s
}
@inline(never) func scanVarColumn(_ t: VarTable, _ ids: IDs) -> UInt64 {
  var s: UInt64 = 0
  for id in ids { s &+= t.p[id] }
  return s
}
@inline(never) func scanArray(_ t: VarTable, _ ids: IDs) -> UInt64 {
  var s: UInt64 = 0
  for id in ids { s &+= t.array[Int(id.rawValue)] }
  return s
}
@inline(never) func scanSpan(_ t: Span<UInt64>, _ ids: IDs) -> UInt64 {
  var s: UInt64 = 0
  for id in ids { s &+= t[Int(id.rawValue)] }
  return s
}
@inline(never) func scanSpanBoth(_ t: Span<UInt64>, _ ids: Span<SymbolID>) -> UInt64 {
  var s: UInt64 = 0
  for i in ids.indices { s &+= t[Int(ids[i].rawValue)] }
  return s
}
@inline(never) func scanStoreVarField(_ t: VarTable, _ ids: IDs) {
  for id in ids { t.total &+= t.p[id] }
}
@inline(never) func scanStoreColumn(_ t: LetTable, _ ids: IDs) {
  for id in ids { t.p[id] = t.p[id] &+ 1 }
}
@inline(never) func scanStoreArray(_ t: VarTable, _ ids: IDs) {
  for id in ids { t.array[Int(id.rawValue)] &+= 1 }
}
@inline(never) func scanStoreOpenClass(_ t: OpenTable, _ ids: IDs) {
  for id in ids { t.array[Int(id.rawValue)] &+= 1; t.total &+= 1 }
}
@inline(never) func scanStoreGlobal(_ ids: IDs) {
  for id in ids { globalArray[Int(id.rawValue)] &+= 1; globalTotal &+= 1 }
}
@inline(never) func scanClosure(_ ids: IDs, _ t: VarTable) -> UInt64 {
  var s: UInt64 = 0
  let add = { (id: SymbolID) in s &+= t.p[id] }
  for id in ids { add(id) }
  return s
}
@inline(never) func scanLocalCopy(_ t: VarTable, _ ids: IDs) -> UInt64 {
  let p = t.p
  var s: UInt64 = 0
  for id in ids { s &+= p[id] }
  return s
}
/// Objects with references inside, in an array: the shape that draws reference counting.
final class Section { let size: UInt64; init(_ size: UInt64) { self.size = size } }
struct Row { var section: Section; var value: UInt64 }
@inline(never) func scanReferences(_ rows: [Row], _ ids: IDs) -> UInt64 {
  var s: UInt64 = 0
  for id in ids { let row = rows[Int(id.rawValue)]; s &+= row.section.size &+ row.value }
  return s
}
@inline(never) func scanReferenceField(_ rows: [Section], _ ids: IDs) -> UInt64 {
  var s: UInt64 = 0
  for id in ids { s &+= rows[Int(id.rawValue)].size }
  return s
}

// Records of 24 bytes, read from a mapped file.
@inline(never) func loadRaw(_ bytes: UnsafeRawPointer, _ count: Int) -> UInt64 {
  var s: UInt64 = 0
  var at = 0
  while at < count * 24 {
    s &+= bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
    s &+= UInt64(bytes.loadUnaligned(fromByteOffset: at + 8, as: UInt32.self))
    s ^= bytes.loadUnaligned(fromByteOffset: at + 16, as: UInt64.self)
    at += 24
  }
  return s
}
@inline(never) func loadChecked(_ view: ByteView, _ count: Int) -> UInt64 {
  var s: UInt64 = 0
  var at = 0
  while at < count * 24 {
    s &+= view.get(UInt64.self, at: at)
    s &+= UInt64(view.get(UInt32.self, at: at + 8))
    s ^= view.get(UInt64.self, at: at + 16)
    at += 24
  }
  return s
}
@inline(never) func loadOptional(_ view: ByteView, _ count: Int) -> UInt64 {
  var s: UInt64 = 0
  var at = 0
  while at < count * 24 {
    guard let a = view.load(UInt64.self, at: at), let b = view.load(UInt32.self, at: at + 8),
      let c = view.load(UInt64.self, at: at + 16)
    else { return 0 }
    s = (s &+ a &+ UInt64(b)) ^ c
    at += 24
  }
  return s
}
@inline(never) func loadOrdered(_ view: ByteView, _ count: Int, _ order: ByteOrder) -> UInt64 {
  var s: UInt64 = 0
  var at = 0
  while at < count * 24 {
    guard let a = view.load(UInt64.self, at: at, order),
      let b = view.load(UInt32.self, at: at + 8, order),
      let c = view.load(UInt64.self, at: at + 16, order)
    else { return 0 }
    s = (s &+ a &+ UInt64(b)) ^ c
    at += 24
  }
  return s
}
@inline(never) func loadSpan(_ span: RawSpan, _ count: Int) -> UInt64 {
  var s: UInt64 = 0
  var at = 0
  while at < count * 24 {
    s &+= span.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self)
    s &+= UInt64(span.unsafeLoadUnaligned(fromByteOffset: at + 8, as: UInt32.self))
    s ^= span.unsafeLoadUnaligned(fromByteOffset: at + 16, as: UInt64.self)
    at += 24
  }
  return s
}

@main enum Main {
  static func main() {
    let count = 10_000_000
    let base = UnsafeMutablePointer<UInt64>.allocate(capacity: count)
    for i in 0..<count { base[i] = UInt64(i) }
    let ids = UnsafeMutableBufferPointer<SymbolID>.allocate(capacity: count)
    // Nearly in order, as ids of one object file are: no cache misses to hide the checks.
    for i in 0..<count { ids[i] = SymbolID(rawValue: UInt32(i ^ 5)) }
    let view = IDs(ids)
    let letTable = LetTable(base, count), varTable = VarTable(base, count)
    func time(_ name: String, _ body: () -> UInt64) { report(name, median(9, body), steps: count) }
    time("scan: raw pointer") { scanPointer(base, view) }
    time("scan: column with assert") { scanAssert(letTable, view) }
    time("scan: column with precondition") { scanPrecondition(letTable, view) }
    time("scan: column in a `var` of a final class") { scanVarColumn(varTable, view) }
    time("scan: the same, copied to a local first") { scanLocalCopy(varTable, view) }
    time("scan: array in a `var` of a final class") { scanArray(varTable, view) }
    let span = UnsafeBufferPointer(start: base, count: count).span
    time("scan: Span") { scanSpan(span, view) }
    let idSpan = view.span
    time("scan: Span of values and Span of ids") { scanSpanBoth(span, idSpan) }
    time("scan: closure over a local sum") { scanClosure(view, varTable) }
    time("store: column with precondition") {
      scanStoreColumn(letTable, view); return 0
    }
    time("store: `var` field of a final class") {
      scanStoreVarField(varTable, view); return 0
    }
    time("store: array in a final class") {
      scanStoreArray(varTable, view); return 0
    }
    let open: OpenTable = CommandLine.arguments.count > 5 ? SubTable() : OpenTable()
    open.array = varTable.array
    time("store: array in an open class") {
      scanStoreOpenClass(open, view); return 0
    }
    globalArray = varTable.array
    time("store: global array") {
      scanStoreGlobal(view); return 0
    }
    let rows = (0..<count).map { Row(section: Section(UInt64($0)), value: 1) }
    time("references: array of structs with a reference") { scanReferences(rows, view) }
    let sections = rows.map(\.section)
    time("references: array of references") { scanReferenceField(sections, view) }
    let records = count / 3
    let bytes = unsafe ByteView(UnsafeRawPointer(base), count: records * 24)
    let order: ByteOrder = CommandLine.arguments.count > 5 ? .big : .little
    func load(_ name: String, _ body: () -> UInt64) {
      report(name, median(9, body), steps: records)
    }
    load("record: raw pointer") { loadRaw(base, records) }
    load("record: ByteView.get (traps)") { loadChecked(bytes, records) }
    load("record: ByteView.load (optional)") { loadOptional(bytes, records) }
    load("record: ByteView.load with byte order") { loadOrdered(bytes, records, order) }
    let raw = UnsafeRawBufferPointer(start: base, count: records * 24).bytes
    load("record: RawSpan.unsafeLoadUnaligned") { loadSpan(raw, records) }
  }
}
