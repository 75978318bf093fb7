// What the link asks of a compiler that takes part in it, as an interface.
//
// With -flto a compiler leaves objects in its own intermediate form: GIMPLE of GCC, bitcode of LLVM.
// Its plugin reads their symbols, is told what became of each of them in the whole program, and
// compiles the files into ordinary objects that take their place. Plugins are shared libraries, which
// a static program cannot load, so only the program swold-lto has an implementation (its PluginHost).

public import ELF

/// A plugin, and the options for it: -plugin, -plugin-opt.
public struct PluginRequest: Sendable, Hashable {
  public var path: String
  public var options: [String] = []

  public init(path: String, options: [String] = []) {
    self.path = path
    self.options = options
  }
}

/// What a plugin is told of the link before it sees a file.
public struct LinkDescription: Sendable {
  /// The kinds of output, with the numbers of the plugin interface.
  public enum Output: Int32, Sendable {
    case relocatable, executable, sharedObject, pie
  }

  public let output: Output
  public let outputPath: String
  /// The names of --wrap.
  public let wrappedSymbols: [String]
}

/// A file, or a part of one, that may be in an intermediate form.
public struct FileOffer: Sendable {
  /// Of the file on disk: that of the archive for its members.
  public let path: String
  public let offset: Int
  public let bytes: ByteView
}

/// A symbol of a file in intermediate form. The cases have the numbers of the plugin interface.
public struct IntermediateSymbol: Sendable {
  public enum Kind: UInt8, Sendable {
    case definition, weakDefinition, reference, weakReference, common
  }

  public enum Visibility: Int32, Sendable {
    case `default`, protected, `internal`, hidden
  }

  public enum Content: UInt8, Sendable {
    case unknown, function, variable
  }

  public var name: [UInt8]
  /// The version behind the name; nil: none, or it is in the name.
  public var version: [UInt8]?
  public var kind: Kind
  public var visibility: Visibility
  public var content: Content
  public var size: UInt64
  /// The COMDAT group that the definition belongs to.
  public var group: [UInt8]?

  public init(
    name: [UInt8], version: [UInt8]?, kind: Kind, visibility: Visibility, content: Content,
    size: UInt64, group: [UInt8]?
  ) {
    self.name = name
    self.version = version
    self.kind = kind
    self.visibility = visibility
    self.content = content
    self.size = size
    self.group = group
  }
}

/// A file that a plugin has taken.
public struct ClaimedFile: Sendable {
  public let symbols: [IntermediateSymbol]
  /// The number of the plugin: to others the file is one with machine code.
  public let plugin: Int

  public init(symbols: [IntermediateSymbol], plugin: Int) {
    self.symbols = symbols
    self.plugin = plugin
  }
}

/// What became of a symbol of a file in intermediate form, with the numbers of the plugin interface.
public enum SymbolResolution: Int32, Sendable {
  /// Nobody defines it.
  case undefined = 1
  /// This is the definition, and others than files in intermediate form see it.
  case prevailing = 2
  /// This is the definition, and only files in intermediate form refer to it.
  case prevailingUnseen = 3
  /// Another definition counts, of a file with machine code or of a shared library.
  case preempted = 4
  /// Another definition counts, of a file in intermediate form.
  case preemptedByIntermediate = 5
  case definedInIntermediate = 6
  case definedInObject = 7
  case definedInSharedObject = 8
  /// As `prevailingUnseen`, but the output exports it.
  case prevailingExported = 9
}

/// What the compiler has made.
public struct CompiledFiles: Sendable {
  /// Paths of objects, in order.
  public var objects: [String] = []
  /// Libraries to be searched for what the objects need: `-lNAME`.
  public var libraries: [String] = []
  /// A folder to search for these.
  public var libraryPath: String?

  public init() {}
}

/// Something went wrong in or around a plugin.
public struct LinkTimeFailure: Error {
  public let reason: String

  public init(_ reason: String) { self.reason = reason }
}

public protocol LinkTimeCompiler: AnyObject, Sendable {
  /// Loads a plugin. What it has to say from then on goes to `log`.
  func load(
    _ plugin: PluginRequest, for link: LinkDescription, log: DiagnosticEngine
  ) throws(LinkTimeFailure)

  /// Offers a file to the plugins, in the order of the command line; nil if none of them takes it.
  /// Files that are taken are numbered from 0.
  func claim(_ file: FileOffer) throws(LinkTimeFailure) -> ClaimedFile?

  /// All files are known. `resolutions` has a row for each file that was taken, with an element for
  /// each of its symbols; nil: the file takes no part in the link.
  func compile(_ resolutions: [[SymbolResolution]?]) throws(LinkTimeFailure) -> CompiledFiles

  /// The objects were read.
  func cleanUp()
}
