// Expressions: 64-bit unsigned arithmetic with overflow detection. Besides its value a result
// carries how many addresses it contains: a difference of two addresses has none left, and only
// such a value may be stored in a position-independent file, because the loader moves the rest.

internal import ELF

/// A number and how many addresses it is the sum of.
struct EditValue {
  var value: UInt64
  var addresses = 0
  var isAddress: Bool { addresses != 0 }
}

extension EditSession {
  /// - Parameter wrap: sums, differences and products wrap around instead of failing.
  func evaluate(_ expression: EditExpression, wrap: Bool = false) throws(EditFailure) -> EditValue {
    switch expression {
    case .number(let value): return EditValue(value: value)
    case .unary(let symbol, let operand):
      let value = try evaluate(operand, wrap: wrap)
      switch symbol {
      case .not: return EditValue(value: value.value == 0 ? 1 : 0)
      case .complement: return EditValue(value: ~value.value, addresses: value.isAddress ? 1 : 0)
      case .minus:
        guard wrap || value.value == 0 else {
          throw EditFailure(.value, "the value is negative", hint: "add wrap=yes if that is meant")
        }
        return EditValue(value: 0 &- value.value, addresses: -value.addresses)
      }
    case .binary(let symbol, let left, let right):
      return try evaluate(symbol, left, right, wrap)
    case .conditional(let condition, let first, let second):
      return try evaluate(try evaluate(condition).value != 0 ? first : second, wrap: wrap)
    case .call(let name, let operands): return try call(name, operands, wrap)
    }
  }

  private func evaluate(
    _ symbol: EditExpression.Binary, _ left: EditExpression, _ right: EditExpression, _ wrap: Bool
  ) throws(EditFailure) -> EditValue {
    let a = try evaluate(left, wrap: wrap)
    // && and || decide from the left.
    if symbol == .logicalAnd, a.value == 0 { return EditValue(value: 0) }
    if symbol == .logicalOr, a.value != 0 { return EditValue(value: 1) }
    let b = try evaluate(right, wrap: wrap)
    func truth(_ condition: Bool) -> EditValue { EditValue(value: condition ? 1 : 0) }
    func checked(
      _ result: (partialValue: UInt64, overflow: Bool), _ addresses: Int
    ) throws(EditFailure) -> EditValue {
      guard wrap || !result.overflow else {
        throw EditFailure(
          .value, "\(a.value) \(symbol.rawValue) \(b.value) does not fit 64 bits",
          hint: "add wrap=yes if that is meant")
      }
      return EditValue(value: result.partialValue, addresses: addresses)
    }
    let mixed = a.isAddress || b.isAddress ? 1 : 0
    switch symbol {
    case .add:
      return try checked(a.value.addingReportingOverflow(b.value), a.addresses + b.addresses)
    case .subtract:
      return try checked(a.value.subtractingReportingOverflow(b.value), a.addresses - b.addresses)
    case .multiply: return try checked(a.value.multipliedReportingOverflow(by: b.value), mixed)
    case .divide, .remainder:
      guard b.value != 0 else { throw EditFailure(.value, "division by zero") }
      return EditValue(
        value: symbol == .divide ? a.value / b.value : a.value % b.value, addresses: mixed)
    case .shiftLeft:
      let result = b.value > 63 ? 0 : a.value << b.value
      let lost = b.value > 63 ? a.value != 0 : result >> b.value != a.value
      return try checked((result, lost), mixed)
    case .shiftRight:
      return EditValue(value: b.value > 63 ? 0 : a.value >> b.value, addresses: mixed)
    case .and: return EditValue(value: a.value & b.value, addresses: mixed)
    case .or: return EditValue(value: a.value | b.value, addresses: mixed)
    case .xor: return EditValue(value: a.value ^ b.value, addresses: mixed)
    case .less: return truth(a.value < b.value)
    case .lessOrEqual: return truth(a.value <= b.value)
    case .greater: return truth(a.value > b.value)
    case .greaterOrEqual: return truth(a.value >= b.value)
    case .equal: return truth(a.value == b.value)
    case .notEqual: return truth(a.value != b.value)
    case .logicalAnd, .logicalOr: return truth(b.value != 0)
    }
  }

  // MARK: Functions

  private func call(
    _ name: String, _ operands: [Operand], _ wrap: Bool
  ) throws(EditFailure) -> EditValue {
    func wrong(_ usage: String) -> EditFailure {
      EditFailure(.syntax, "\(name): wrong arguments", hint: "usage: \(usage)")
    }
    func place(_ usage: String) throws(EditFailure) -> EditPlace {
      guard operands.count == 1 else { throw wrong(usage) }
      switch operands[0] {
      case .place(let place): return place
      case .object(let object): return EditPlace(.start(object))
      default: throw wrong(usage)
      }
    }
    func object(_ usage: String) throws(EditFailure) -> ObjectName {
      guard operands.count == 1, case .object(let object) = operands[0] else { throw wrong(usage) }
      return object
    }
    func number(_ operand: Operand) throws(EditFailure) -> EditValue {
      guard case .expression(let expression) = operand else { throw wrong("\(name)(EXPR, …)") }
      return try evaluate(expression, wrap: wrap)
    }
    func range(_ operand: Operand?) throws(EditFailure) -> RangeSpecification {
      switch operand {
      case .range(let range): return range
      case .object(let object): return .object(object)
      default: throw wrong("\(name)(RANGE)")
      }
    }
    switch name {
    case "sym":
      guard operands.count == 1, case .name(let symbol) = operands[0] else {
        throw wrong("sym(NAME)")
      }
      let entry = try image.symbol(named: symbol)
      return EditValue(value: entry.value, addresses: entry.isAbsolute ? 0 : 1)
    case "start":
      return EditValue(
        value: try resolve(EditPlace(.start(object("start(OBJECT)")))).address, addresses: 1)
    case "end":
      return EditValue(
        value: try resolve(EditPlace(.end(object("end(OBJECT)")))).address, addresses: 1)
    case "size":
      let range = try resolve(.object(object("size(OBJECT)"))).range
      return EditValue(value: range.upperBound - range.lowerBound)
    case "lma":
      let found = try resolve(try place("lma(PLACE)"), keepLoad: true)
      if found.space == .load { return EditValue(value: found.address, addresses: 1) }
      guard found.space == .virtual, let address = image.loadAddress(ofVirtual: found.address)
      else { throw EditFailure(.notInFile, "\(found.label) has no load address") }
      return EditValue(value: address, addresses: 1)
    case "align":
      guard operands.count == 2 else { throw wrong("align(EXPR, N)") }
      let value = try number(operands[0])
      let step = try number(operands[1]).value
      guard step > 0, let result = alignUp(value.value, step) else {
        throw EditFailure(.value, "align(\(value.value), \(step)) has no value")
      }
      return EditValue(value: result, addresses: value.addresses)
    case "min", "max":
      var result: EditValue?
      for operand in operands {
        let value = try number(operand)
        guard let old = result else {
          result = value
          continue
        }
        if name == "min" ? value.value < old.value : value.value > old.value { result = value }
      }
      guard let result else { throw wrong("\(name)(EXPR, …)") }
      return result
    case "exists":
      do throws(EditFailure) {
        _ = try resolve(EditPlace(.start(object("exists(OBJECT)"))), keepLoad: true)
        return EditValue(value: 1)
      } catch {
        if error.code == .syntax { throw error }
        return EditValue(value: error.code == .ambiguous ? 1 : 0)
      }
    case "filesize": return EditValue(value: UInt64(working.count))
    case "u8", "u16", "u32", "u64":
      let size = ["u8": 1, "u16": 2, "u32": 4, "u64": 8][name] ?? 1
      let found = try resolve(try place("\(name)(PLACE)"))
      let (end, overflow) = found.address.addingReportingOverflow(UInt64(size))
      guard !overflow else { throw EditFailure(.notInFile, "\(found.label) is not in the file") }
      let bytes = try read(AddressRange(space: found.space, range: found.address..<end))
      return EditValue(value: Format.decode(bytes, image.format.order))
    case "sum8", "sum16", "sum32":
      let size = ["sum8": 1, "sum16": 2, "sum32": 4][name] ?? 1
      let bytes = try read(try range(operands.first))
      guard bytes.count % size == 0 else {
        throw EditFailure(.value, "\(name): \(bytes.count) bytes are no whole number of units")
      }
      var sum: UInt64 = 0
      for start in stride(from: 0, to: bytes.count, by: size) {
        sum &+= Format.decode(bytes[start..<(start + size)], image.format.order)
      }
      return EditValue(value: sum & ((1 << UInt64(size * 8)) - 1))
    case "crc":
      guard operands.count == 2, case .name(let algorithm) = operands[0] else {
        throw wrong("crc(\"ALGORITHM\", RANGE)")
      }
      guard let crc = CRC(named: algorithm) else {
        throw EditFailure(.notFound, "unknown CRC '\(algorithm)'")
      }
      return EditValue(value: crc.compute(try read(try range(operands[1]))))
    default: throw EditFailure(.syntax, "unknown function '\(name)'")
    }
  }
}
