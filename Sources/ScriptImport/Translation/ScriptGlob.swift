// Whether a pattern of a map matches a name.

internal import Text

enum ScriptGlob {
  static func matches(_ pattern: String, _ name: String) -> Bool {
    let bytes = Array(name.utf8)
    return Glob(pattern.utf8, .map).matches(bytes.span)
  }
}
