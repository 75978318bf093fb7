// Which machine the link is for: -m says it, else the first input that is for one; an input script
// without objects before it, by its OUTPUT_FORMAT.

internal import ELF

extension InputReader {
  /// Decides before the walk, for libraries are searched for that machine.
  mutating func chooseMachine() {
    if let machine = options.machine {
      set(machine, "-m \(machine.facts.emulations[0])")
    } else {
      for input in options.inputs {
        guard case .file(let named) = input.source, !input.switches.isBinary,
          case let path = options.remaps.path(for: named),
          case .some(.some(let bytes)) = open(path), let machine = stated(bytes)
        else { continue }
        set(machine, path)
        break
      }
    }
    inputs.target = (machine ?? .native).facts
    search = LibrarySearch(options, inputs.target)
  }

  private mutating func set(_ machine: Machine, _ source: String) {
    self.machine = machine
    machineSource = source
  }

  /// The machine that a file is for; nil: it does not say, or for none that swold knows.
  private func stated(_ bytes: ByteView) -> Machine? {
    switch FileKind(bytes, for: nil) {
    case .object, .sharedObject:
      return FileHeader(bytes).flatMap { Machine($0.machine, $0.format) }
    case .archive:
      var found: Machine?
      _ = try? ArchiveReader.firstMember(of: bytes) { member in
        guard !member.isExternal, let data = member.data(in: bytes) else { return true }
        found = FileHeader(data).flatMap { Machine($0.machine, $0.format) }
        return found != nil
      }
      return found
    case .text:
      let formats = (try? LibraryScript(bytes))?.outputFormats ?? []
      return Machine.allCases.first { machine in
        formats.contains { machine.facts.isOwn(outputFormat: $0.text.string) }
      }
    case .empty, .thinArchive, .bitcode, .foreign, .unknown: return nil
    }
  }

  /// How messages call the output, and why it is what it is.
  var outputName: String {
    machineSource.isEmpty
      ? inputs.target.description : "\(inputs.target.description), as \(machineSource)"
  }
}
