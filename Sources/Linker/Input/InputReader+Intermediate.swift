// Inputs in the intermediate form of a compiler: for whom they are, and what takes their place.
//
// A link with such inputs reads everything twice. First each of them is offered to the plugins, and
// stands in the file table as an object that has its symbols and nothing else; so the rest of the link
// finds out which members take part and which definitions count. Then, when the plugins have compiled
// the program, the objects that they made stand where the first of these files stood.

internal import ELF

/// Whether an object also holds, or only holds, the intermediate form of a compiler.
enum IntermediateForm: UInt8, Sendable {
  case none
  /// GCC's: sections `.gnu.lto_…`.
  case gimple
  /// LLVM's in an object of machine code: the section `.llvm.lto`.
  case bitcode
}

extension InputFile {
  /// What a section says of the file that it is in.
  func form(tellingOf header: SectionHeader) -> IntermediateForm {
    let name = sectionName(header)
    return name.hasPrefix(".gnu.lto_") ? .gimple : name.equals(".llvm.lto") ? .bitcode : .none
  }
}

extension Options {
  /// Whether a plugin is to see objects that have such sections.
  func compiles(_ form: IntermediateForm) -> Bool {
    switch form {
    case .none: false
    case .gimple: !plugins.isEmpty
    case .bitcode: usesFatBitcode ?? plugins.contains(where: \.isLLVM)
    }
  }
}

extension InputReader {
  /// Takes care of an object or bitcode if it is for a plugin; returns false if it is an object like
  /// others.
  /// - Parameter file: the file on disk that `bytes` are a part of.
  mutating func readIntermediate(
    _ path: String, _ bytes: ByteView, _ request: InputRequest, lazy: Bool,
    member: ByteView = ByteView(), in file: (path: String, bytes: ByteView), isBitcode: Bool
  ) -> Bool {
    guard let optimization = inputs.optimization else {
      if isBitcode { handOver(because: member.isEmpty ? path : "\(path)(\(member.string))") }
      return isBitcode
    }
    let form = isBitcode ? .bitcode : form(of: bytes)
    guard isBitcode || options.compiles(form) else { return false }
    let row = FileID(rows.count)
    let name = member.isEmpty ? path : "\(path)(\(member.string))"
    do throws(LinkTimeFailure) {
      let start = file.bytes.buffer.baseAddress.map { bytes.buffer.baseAddress! - $0 } ?? 0
      let offer = FileOffer(path: file.path, offset: start, bytes: bytes)
      let fate = try optimization.next(offer, at: row, isLLVM: form == .bitcode)
      switch fate {
      case .refused:
        if isBitcode { log.error(.badBitcode(name), at: position) }
        return isBitcode
      case .claimed(let symbols):
        let object = IntermediateObject.object(with: symbols)
        addObject(path, object, request, lazy: lazy, member: member)
      case .replaced(let isFirst):
        if isFirst { addCompiledObjects() }
      case .left(let symbols):
        // Of a fat object there is machine code.
        guard isBitcode || !hasCode(bytes) else { return false }
        optimization.noteLeft(row)
        let object = IntermediateObject.object(with: symbols)
        addObject(path, object, request, lazy: lazy, member: member)
      }
    } catch {
      // A plugin that cannot be loaded cannot be loaded for any file.
      if !log.hasErrors { log.error(.linkTimeFailure(name, error.reason), at: position) }
    }
    return true
  }

  private func form(of bytes: ByteView) -> IntermediateForm {
    var file = InputFile()
    file.bytes = bytes
    try? file.readObject()
    return file.intermediateForm
  }

  /// Whether a GIMPLE object has machine code as well: GCC puts a common symbol into those that do not.
  private func hasCode(_ bytes: ByteView) -> Bool {
    var file = InputFile()
    file.bytes = bytes
    try? file.readObject()
    return !file.globals.contains { index in
      file.symbols[index].sectionIndex == SHN.COMMON
        && file.symbolName(index).equals("__gnu_lto_slim")
    }
  }

  /// The objects that the plugins have made. Their files are removed before the link ends, and have
  /// names by chance, so that nothing may show them.
  private mutating func addCompiledObjects() {
    guard let optimization = inputs.optimization else { return }
    let request = InputRequest(switches: InputSwitches(), neededName: "")
    var number = 0
    for path in optimization.compiled.objects {
      guard let result = open(path) else { return }
      guard let bytes = result, !bytes.isEmpty else {
        log.error(.linkTimeFailure(path, "the plugin named this file, and it is not there"))
        return
      }
      guard case .object = FileKind(bytes, for: machine) else {
        readAddedFile(path, bytes)
        continue
      }
      number += 1
      let name = optimization.compiled.objects.count == 1 ? "<lto>" : "<lto \(number)>"
      let object = RedirectWrapped.redirected(bytes, options.wrappedSymbols)
      addObject(name, object, request, lazy: false)
    }
  }

  /// A library that a plugin asks for by its path. With -r it is for the further link.
  private mutating func readAddedFile(_ path: String, _ bytes: ByteView) {
    guard options.outputKind != .relocatable else { return }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    readFile(path, bytes, InputRequest(switches: addedSwitches, neededName: name))
  }

  /// What is asked for once more must not change what the command line says of it.
  private var addedSwitches: InputSwitches {
    var switches = InputSwitches()
    switches.asNeeded = true
    switches.isStatic = options.isStatic
    return switches
  }

  /// The libraries that the plugins ask for.
  mutating func readAddedLibraries() {
    guard let optimization = inputs.optimization, optimization.isCompiled,
      options.outputKind != .relocatable
    else { return }
    if let path = optimization.compiled.libraryPath { extraSearchPaths.append(path) }
    let switches = addedSwitches
    for name in optimization.compiled.libraries {
      let isNamed = options.inputs.contains { $0.source == .library(name) }
      if !isNamed { readLibrary(name, switches) }
    }
  }

  /// If an object is for a plugin.
  func handOverIfNeeded() {
    guard inputs.optimization == nil, !log.hasErrors else { return }
    for index in 0..<rows.count where inputs.files[index].intermediateForm != .none {
      if options.compiles(inputs.files[index].intermediateForm) {
        return handOver(because: inputs.displayName(FileID(index)))
      }
    }
  }

  /// Goes on as swold-lto; returns only if that is impossible.
  private func handOver(because file: String) {
    let failure =
      inputs.handOver?.execute()
      ?? LinkTimeFailure("has to be compiled, which only swold-lto can do")
    if !log.hasErrors { log.error(.linkTimeFailure(file, failure.reason), at: position) }
  }
}
