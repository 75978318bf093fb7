// What it means that a table or a thunk of a C++ class is undefined. Compilers put the vtable, its VTT
// and the type information of a class into the file that defines its *key function*: the first
// virtual member function that is neither pure nor inline (Itanium C++ ABI, 5.2.3, "Virtual
// Tables"). So the name that is missing is not the one that somebody forgot to define.

internal import ELF

struct ClassHints {
  /// What to say about the undefined `name`; nil: nothing. `others`: what else is undefined;
  /// `demangled` makes names readable.
  static func hint(
    for name: String, among others: [String], demangled: (String) -> String
  ) -> String? {
    if name.hasPrefix("_ZTh") || name.hasPrefix("_ZTv") || name.hasPrefix("_ZTc") {
      return "hint: a thunk is in the file that defines the virtual function, which may have been "
        + "compiled from another declaration of the class"
    }
    guard ["_ZTV", "_ZTT", "_ZTI", "_ZTS"].contains(where: { name.hasPrefix($0) }) else {
      return nil
    }
    let type = String(name.dropFirst(4))
    let what =
      "the key function of \(demangledType(type, demangled)), its first virtual function that is "
      + "neither pure nor inline"
    let members = others.filter { $0.hasPrefix(memberPrefix(type)) && $0 != name }
    guard let first = members.first else {
      let isType = name.hasPrefix("_ZTI") || name.hasPrefix("_ZTS")
      return "hint: define \(what)" + (isType ? ", and compile it with -frtti" : "")
    }
    let more = members.count > 1 ? " or \(demangled(members[1]))" : ""
    return "hint: define \(what); it may be \(demangled(first))\(more), which is undefined, too"
  }

  /// What the mangled names of members of a class begin with: `_ZN1V` of `1V`, `_ZN2ns1V` of
  /// `N2ns1VE`.
  private static func memberPrefix(_ type: String) -> String {
    type.hasPrefix("N") && type.hasSuffix("E") ? "_Z" + type.dropLast() : "_ZN" + type
  }

  private static func demangledType(_ type: String, _ demangled: (String) -> String) -> String {
    let text = demangled("_ZTS" + type)
    let prefix = "typeinfo name for "
    return text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : "the class"
  }
}
