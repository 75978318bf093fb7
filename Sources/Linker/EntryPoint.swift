// The linker as a function: an argument vector in, an exit code out.

public enum EntryPoint {
  /// Links as the arguments say. `arguments[0]` is the name under which the program was called.
  public static func run(_ arguments: [String]) -> Int32 {
    1
  }
}
