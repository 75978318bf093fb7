// get: one property of a file for scripts, one value a line, with nothing around it.

internal import ELF

/// What `swold-edit get` can print.
public enum Property: String, Sendable, CaseIterable {
  case rpath, needed, soname, interp, entry, flags, osabi, machine
  case buildID = "build-id"
  case execStack = "exec-stack"
  case eFlags = "e-flags"
  case debugLink = "debuglink"
}

extension Inspection {
  /// The values of a property, none if the file does not have it.
  public func values(of property: Property) -> [String] {
    func string(_ tag: Int64) -> [String] {
      image.dynamicEntries.filter { $0.tag == tag }.compactMap { image.dynamicString($0.value) }
    }
    switch property {
    case .rpath:
      // Where both are, loaders read the newer one.
      let new = string(DT.RUNPATH)
      return Array((new.isEmpty ? string(DT.RPATH) : new).prefix(1))
    case .needed: return string(DT.NEEDED)
    case .soname: return Array(string(DT.SONAME).prefix(1))
    case .interp: return image.interpreter.map { [$0.path] } ?? []
    case .entry: return image.entry == 0 ? [] : [hex(image.entry)]
    case .flags: return image.dynamicFlags.map(\.rawValue)
    case .osabi: return [OperatingSystem.name(image.bytes.load(UInt8.self, at: 7) ?? 0)]
    case .machine: return [EM.name(image.machine)]
    case .buildID: return image.buildID().map { [hex($0.bytes.array)] } ?? []
    case .execStack:
      return image.segments.first { $0.type == PT.GNU_STACK }
        .map { [$0.flags & PF.X != 0 ? "yes" : "no"] } ?? []
    case .eFlags:
      return image.bytes.load(UInt32.self, at: image.format.flagsField, image.format.order)
        .map { [hex(UInt64($0))] } ?? []
    case .debugLink: return image.debugLink.map { [$0.name] } ?? []
    }
  }
}
