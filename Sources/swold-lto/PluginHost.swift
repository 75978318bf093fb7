// Loads plugins and speaks with them: the linker's side of the plugin interface.
//
// A plugin knows no context: its calls say only which file they are about. So there is one host in a
// process. The functions that it calls are in PluginCalls.swift.

import CLinkerPlugin
import ELF
import Glibc
import Linker

/// A plugin that was loaded, and what it wants to be told of.
struct Plugin {
  let path: String
  var onClaim: plugin_on_claim?
  var onAllRead: plugin_on_event?
  var onCleanUp: plugin_on_event?
}

/// A file that a plugin has taken, or is looking at.
struct OfferedFile {
  let file: FileOffer
  /// The path for the plugin, which may keep it.
  let name: UnsafeMutablePointer<CChar>
  var symbols: [IntermediateSymbol] = []
  /// nil: the file takes no part in the link.
  var resolutions: [SymbolResolution]?
}

final class PluginHost: LinkTimeCompiler, @unchecked Sendable {
  // Sendable: the linker calls it from one thread at a time. Plugins call back from others only for
  // messages, which the log takes from any thread, and for the bytes of a file.

  static let shared = PluginHost()

  var plugins: [Plugin] = []
  var offered: [OfferedFile] = []
  var compiled = CompiledFiles()
  var wrappedSymbols: [UnsafePointer<CChar>?] = []
  private(set) var log: DiagnosticEngine?
  /// What messages are about: the file that is offered.
  private var subject: String?
  /// The plugin that was called last.
  private var speaker = "plugin"
  /// For each file, the descriptors that the plugin has asked for; perhaps from several threads.
  private var descriptors: [Int: [Int32]] = [:]
  private let lock = Lock()

  // MARK: LinkTimeCompiler

  func load(
    _ request: PluginRequest, for link: LinkDescription, log: DiagnosticEngine
  ) throws(LinkTimeFailure) {
    self.log = log
    swold_plugin_set_sink { level, text in
      PluginHost.shared.say(level, text.map { String(cString: $0) } ?? "")
    }
    guard let library = dlopen(request.path, RTLD_NOW | RTLD_LOCAL) else {
      throw LinkTimeFailure(
        "needs the plugin \(request.path), which cannot be loaded: \(loadError)")
    }
    guard let symbol = dlsym(library, "onload") else {
      throw LinkTimeFailure(
        "needs the plugin \(request.path), which is no plugin of a compiler: it has no onload()")
    }
    if wrappedSymbols.isEmpty {
      wrappedSymbols = link.wrappedSymbols.map { UnsafePointer(strdup($0)) }
    }
    plugins.append(Plugin(path: request.path))
    speaker = request.path
    let onLoad = unsafeBitCast(symbol, to: plugin_on_load.self)
    let entries = transferVector(request.options, link)
    guard onLoad(entries) == plugin_ok else {
      throw LinkTimeFailure("the plugin \(request.path) does not want to be loaded")
    }
  }

  private var loadError: String { dlerror().map { String(cString: $0) } ?? "no reason is known" }

  func claim(_ file: FileOffer) throws(LinkTimeFailure) -> ClaimedFile? {
    let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw LinkTimeFailure("cannot be opened again: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    offered.append(OfferedFile(file: file, name: strdup(file.path)))
    subject = file.path
    defer { subject = nil }
    for (number, plugin) in plugins.enumerated() {
      var record = describe(offered.count - 1, descriptor)
      var isClaimed: Int32 = 0
      guard let onClaim = plugin.onClaim else { continue }
      speaker = plugin.path
      guard onClaim(&record, &isClaimed) == plugin_ok else {
        throw LinkTimeFailure("the plugin \(plugin.path) cannot read it")
      }
      if isClaimed != 0 {
        return ClaimedFile(symbols: offered[offered.count - 1].symbols, plugin: number)
      }
    }
    offered.removeLast()
    return nil
  }

  func compile(_ resolutions: [[SymbolResolution]?]) throws(LinkTimeFailure) -> CompiledFiles {
    for (index, row) in resolutions.enumerated() where index < offered.count {
      offered[index].resolutions = row
    }
    for plugin in plugins {
      guard let onAllRead = plugin.onAllRead else { continue }
      speaker = plugin.path
      guard onAllRead() == plugin_ok else {
        throw LinkTimeFailure("the plugin \(plugin.path) could not compile the program")
      }
    }
    return compiled
  }

  func cleanUp() {
    for plugin in plugins { _ = plugin.onCleanUp?() }
  }

  // MARK: Files

  /// What plugins call a file: its number, from 1.
  func handle(_ index: Int) -> UnsafeMutableRawPointer? {
    UnsafeMutableRawPointer(bitPattern: index + 1)
  }

  func index(_ handle: UnsafeRawPointer?) -> Int? {
    let index = Int(bitPattern: handle) - 1
    return offered.indices.contains(index) ? index : nil
  }

  func describe(_ index: Int, _ descriptor: Int32) -> plugin_file {
    let offered = offered[index]
    return plugin_file(
      name: offered.name, descriptor: descriptor, offset: off_t(offered.file.offset),
      size: off_t(offered.file.bytes.count), handle: handle(index))
  }

  func openAgain(_ index: Int) -> plugin_file? {
    lock.withLock {
      let descriptor = open(offered[index].name, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return nil }
      descriptors[index, default: []].append(descriptor)
      return describe(index, descriptor)
    }
  }

  func release(_ index: Int) {
    lock.withLock {
      for descriptor in descriptors.removeValue(forKey: index) ?? [] { close(descriptor) }
    }
  }

  // MARK: Messages

  private func say(_ level: Int32, _ text: String) {
    let plugin = speaker.split(separator: "/").last.map(String.init) ?? speaker
    let line = "\(subject ?? plugin): \(text)"
    let message = Message("plugin", line)
    switch level {
    case 0:
      DiagnosticEngine.write("\(line)\n", to: STDERR_FILENO)
    case 1: log?.warning(message)
    case 2: log?.error(message)
    default:
      // Plugins count on this call not to return. Their files are in a folder that is removed.
      log?.error(message)
      log?.flush()
      _exit(1)
    }
  }
}

/// A mutual exclusion that needs no other library.
private final class Lock: @unchecked Sendable {
  // Sendable: the mutex is at an address of its own.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  init() { pthread_mutex_init(mutex, nil) }

  func withLock<R>(_ body: () -> R) -> R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }
}
