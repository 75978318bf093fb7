// Messages about link-time optimization.

extension Message {
  static func needsPlugin(_ file: String) -> Message {
    Message(
      "needsPlugin",
      "\(file): is a GIMPLE object of gcc, and no plugin is given that compiles it; link with gcc, or "
        + "say -plugin $(gcc -print-file-name=liblto_plugin.so)")
  }

  static func badBitcode(_ file: String) -> Message {
    Message("badBitcode", "\(file): is LLVM bitcode, and no plugin takes it")
  }

  static func linkTimeFailure(_ file: String, _ reason: String) -> Message {
    Message("linkTimeFailure", "\(file): \(reason)")
  }

  /// The compiler as a whole could not do its work.
  static func linkTimeFailure(_ reason: String) -> Message {
    Message("linkTimeFailure", reason)
  }

  static func neededTooLate(_ file: String) -> Message {
    Message(
      "neededTooLate",
      "\(file): only generated code needs it, and it has to be compiled before that; name a symbol of "
        + "it with -u, or compile it without -flto")
  }

  static func optionWithoutPlugin(_ option: String, _ whose: String) -> Message {
    Message("optionWithoutPlugin", "\(option) means nothing to \(whose) plugin")
  }
}
