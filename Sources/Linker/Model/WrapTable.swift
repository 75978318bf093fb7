// The names of --wrap.

internal import ELF

/// --wrap: references to `foo` mean `__wrap_foo`, references to `__real_foo` mean `foo`.
struct WrapTable: @unchecked Sendable {
  // Sendable: never changed after it is made.
  private let replacements: [ByteView: ByteView]

  /// nil if nothing is wrapped.
  init?(_ symbols: [String]) {
    guard !symbols.isEmpty else { return nil }
    let bytes = ByteView.permanent
    var replacements: [ByteView: ByteView] = [:]
    for symbol in symbols {
      replacements[bytes(symbol)] = bytes("__wrap_\(symbol)")
      replacements[bytes("__real_\(symbol)")] = bytes(symbol)
    }
    self.replacements = replacements
  }

  func replacement(_ name: ByteView) -> ByteView? { replacements[name] }
}
