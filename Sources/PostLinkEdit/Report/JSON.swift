// A JSON writer: objects keep the order in which they were built.

internal import Text

/// A JSON value.
public indirect enum JSON: Sendable {
  case null
  case bool(Bool)
  case number(Int64)
  case string(String)
  case array([JSON])
  case object([(String, JSON)])

  /// A number that may exceed what JSON readers keep exactly is a hexadecimal string.
  static func address(_ value: UInt64) -> JSON { .string(hex(value)) }

  /// The text, without blanks or newlines.
  public var text: String {
    var out = ""
    write(to: &out)
    return out
  }

  /// The object with one more member; anything else as it is.
  public func with(_ name: String, _ value: JSON) -> JSON {
    guard case .object(let members) = self else { return self }
    return .object(members + [(name, value)])
  }

  private func write(to out: inout String) {
    switch self {
    case .null: out += "null"
    case .bool(let value): out += value ? "true" : "false"
    case .number(let value): out += String(value)
    case .string(let value): out += quotedJSON(value)
    case .array(let items):
      out += "["
      for (index, item) in items.enumerated() {
        if index > 0 { out += "," }
        item.write(to: &out)
      }
      out += "]"
    case .object(let members):
      out += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { out += "," }
        out += quotedJSON(member.0)
        out += ":"
        member.1.write(to: &out)
      }
      out += "}"
    }
  }
}
