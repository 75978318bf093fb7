// The options for link-time optimization that lld knows, in the words of LLVM's plugin.
//
// lld has its own copy of LLVM and options of its own for it. Build files that were written for it
// say --thinlto-jobs=4 where they would say -plugin-opt=jobs=4 to other linkers.

/// An option that concerns only inputs in intermediate form.
struct CompilerOption: Sendable, Hashable {
  /// Without dashes: `thinlto-jobs`.
  let name: String
  let value: String?
  /// As the user wrote it.
  let description: String

  /// What LLVM's plugin calls it; nil: it has no such option.
  var forLLVM: String? {
    let text = value ?? ""
    switch name {
    case "mllvm": return text
    case "lto-O": return "O\(text)"
    case "lto-obj-path": return "obj-path=\(text)"
    case "lto-cs-profile-file": return "cs-profile-path=\(text)"
    case "lto-partitions", "opt-remarks-filename", "opt-remarks-format",
      "opt-remarks-hotness-threshold", "opt-remarks-passes", "thinlto-object-suffix-replace",
      "thinlto-prefix-replace":
      return "\(name)=\(text)"
    case "lto-sample-profile": return "sample-profile=\(text)"
    case "thinlto-cache-dir": return "cache-dir=\(text)"
    case "thinlto-cache-policy": return "cache-policy=\(text)"
    case "thinlto-jobs": return "jobs=\(text)"
    case "thinlto-index-only": return value.map { "\(name)=\($0)" } ?? name
    case "lto-emit-asm": return "emit-asm"
    case "lto-emit-llvm": return "emit-llvm"
    case "lto-cs-profile-generate": return "cs-profile-generate"
    case "lto-debug-pass-manager": return "debug-pass-manager"
    case "lto-whole-program-visibility": return "whole-program-visibility"
    // What begins with a dash is an option of LLVM's own, for its code generator.
    case "lto-basic-block-sections": return "-basic-block-sections=\(text)"
    case "lto-unique-basic-block-section-names": return "-unique-basic-block-section-names"
    case "disable-verify", "save-temps", "opt-remarks-with-hotness", "thinlto-emit-imports-files":
      return name
    default: return nil
    }
  }

}

extension PluginRequest {
  /// Whether the file's name says that the plugin is LLVM's.
  var isLLVM: Bool { path.split(separator: "/").last?.hasPrefix("LLVMgold") ?? false }
}

extension Options {
  /// The options for a plugin of LLVM that nobody named: what was written for some plugin, but for
  /// that which only GCC's knows.
  var optionsForLLVM: [String] {
    let written = loosePluginOptions + plugins.filter { !$0.isLLVM }.flatMap(\.options)
    return written.filter { option in
      !option.hasPrefix("-pass-through=") && !option.hasPrefix("-fresolution=")
        && !option.hasSuffix("/lto-wrapper")
    }
  }
}
