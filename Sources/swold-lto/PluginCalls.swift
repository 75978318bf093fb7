// The functions that a plugin may call, and the list in which it gets them.

import CLinkerPlugin
import ELF
import Glibc
import Linker

extension PluginHost {
  /// The list for a plugin. It stays for ever: plugins keep texts of it.
  func transferVector(
    _ options: [String], _ link: LinkDescription
  ) -> UnsafeMutablePointer<plugin_entry> {
    var entries: [plugin_entry] = []
    func add(_ tag: Int, number: Int32) {
      var entry = plugin_entry()
      entry.tag = Int32(tag)
      entry.number = number
      entries.append(entry)
    }
    func add(_ tag: Int, text: String) {
      var entry = plugin_entry()
      entry.tag = Int32(tag)
      entry.text = UnsafePointer(strdup(text))
      entries.append(entry)
    }
    func add(_ tag: Int, function: UnsafeMutableRawPointer?) {
      var entry = plugin_entry()
      entry.tag = Int32(tag)
      entry.function = function
      entries.append(entry)
    }
    // Messages first: what follows may cause some.
    add(plugin_tag_message, function: swold_plugin_message_function())
    add(plugin_tag_api_version, number: 1)
    add(plugin_tag_gnu_ld_version, number: 242)  // as of 2.42: what it can do, swold can
    add(plugin_tag_output_kind, number: link.output.rawValue)
    add(plugin_tag_output_name, text: link.outputPath)
    for option in options { add(plugin_tag_option, text: option) }
    for (tag, function) in calls { add(tag, function: function) }
    add(plugin_tag_end, number: 0)
    let list = UnsafeMutablePointer<plugin_entry>.allocate(capacity: entries.count)
    list.initialize(from: entries, count: entries.count)
    return list
  }

  private var calls: [(Int, UnsafeMutableRawPointer)] {
    [
      (plugin_tag_on_claim, unsafeBitCast(registerClaim, to: UnsafeMutableRawPointer.self)),
      (plugin_tag_on_all_read, unsafeBitCast(registerAllRead, to: UnsafeMutableRawPointer.self)),
      (plugin_tag_on_cleanup, unsafeBitCast(registerCleanUp, to: UnsafeMutableRawPointer.self)),
      (plugin_tag_add_symbols, unsafeBitCast(addSymbols, to: UnsafeMutableRawPointer.self)),
      (plugin_tag_add_symbols_2, unsafeBitCast(addSymbols2, to: UnsafeMutableRawPointer.self)),
      (plugin_tag_get_symbols, unsafeBitCast(getSymbols, to: UnsafeMutableRawPointer.self)),
      (plugin_tag_get_symbols_2, unsafeBitCast(getSymbols2, to: UnsafeMutableRawPointer.self)),
      (plugin_tag_get_symbols_3, unsafeBitCast(getSymbols3, to: UnsafeMutableRawPointer.self)),
      (plugin_tag_add_file, unsafeBitCast(addFile, to: UnsafeMutableRawPointer.self)),
      (plugin_tag_add_library, unsafeBitCast(addLibrary, to: UnsafeMutableRawPointer.self)),
      (plugin_tag_library_path, unsafeBitCast(setLibraryPath, to: UnsafeMutableRawPointer.self)),
      (plugin_tag_get_file, unsafeBitCast(getFile, to: UnsafeMutableRawPointer.self)),
      (plugin_tag_release_file, unsafeBitCast(releaseFile, to: UnsafeMutableRawPointer.self)),
      (plugin_tag_get_view, unsafeBitCast(getView, to: UnsafeMutableRawPointer.self)),
      (plugin_tag_get_wraps, unsafeBitCast(getWraps, to: UnsafeMutableRawPointer.self)),
    ]
  }
}

// MARK: Registration

private let registerClaim: @convention(c) (plugin_on_claim?) -> Int32 = { handler in
  PluginHost.shared.plugins[PluginHost.shared.plugins.count - 1].onClaim = handler
  return Int32(plugin_ok)
}

private let registerAllRead: @convention(c) (plugin_on_event?) -> Int32 = { handler in
  PluginHost.shared.plugins[PluginHost.shared.plugins.count - 1].onAllRead = handler
  return Int32(plugin_ok)
}

private let registerCleanUp: @convention(c) (plugin_on_event?) -> Int32 = { handler in
  PluginHost.shared.plugins[PluginHost.shared.plugins.count - 1].onCleanUp = handler
  return Int32(plugin_ok)
}

// MARK: Symbols

private typealias AddSymbols =
  @convention(c) (UnsafeMutableRawPointer?, Int32, UnsafePointer<plugin_symbol>?) -> Int32

private let addSymbols: AddSymbols = { handle, count, symbols in
  add(handle, count, symbols, hasContent: false)
}

private let addSymbols2: AddSymbols = { handle, count, symbols in
  add(handle, count, symbols, hasContent: true)
}

/// - Parameter hasContent: the fields that the first version did not have are set.
private func add(
  _ handle: UnsafeMutableRawPointer?, _ count: Int32, _ symbols: UnsafePointer<plugin_symbol>?,
  hasContent: Bool
) -> Int32 {
  guard let index = PluginHost.shared.index(handle) else { return Int32(plugin_bad_handle) }
  guard count > 0 else { return Int32(plugin_ok) }
  guard let symbols else { return Int32(plugin_error) }
  for symbol in UnsafeBufferPointer(start: symbols, count: Int(count)) {
    guard let name = bytes(symbol.name), let kind = IntermediateSymbol.Kind(rawValue: symbol.kind),
      let visibility = IntermediateSymbol.Visibility(rawValue: symbol.visibility)
    else { return Int32(plugin_error) }
    PluginHost.shared.offered[index].symbols.append(
      IntermediateSymbol(
        name: name, version: bytes(symbol.version), kind: kind, visibility: visibility,
        content: hasContent
          ? IntermediateSymbol.Content(rawValue: symbol.type) ?? .unknown : .unknown,
        size: symbol.size, group: bytes(symbol.comdat_key)))
  }
  return Int32(plugin_ok)
}

private func bytes(_ text: UnsafeMutablePointer<CChar>?) -> [UInt8]? {
  guard let text else { return nil }
  return Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
}

private typealias GetSymbols =
  @convention(c) (UnsafeRawPointer?, Int32, UnsafeMutablePointer<plugin_symbol>?) -> Int32

private let getSymbols: GetSymbols = { get($0, $1, $2, version: 1) }
private let getSymbols2: GetSymbols = { get($0, $1, $2, version: 2) }
private let getSymbols3: GetSymbols = { get($0, $1, $2, version: 3) }

private func get(
  _ handle: UnsafeRawPointer?, _ count: Int32, _ symbols: UnsafeMutablePointer<plugin_symbol>?,
  version: Int
) -> Int32 {
  guard let index = PluginHost.shared.index(handle) else { return Int32(plugin_bad_handle) }
  let file = PluginHost.shared.offered[index]
  // The first version of the call has no word for a file that takes no part, nor for an export.
  if file.resolutions == nil && version >= 3 { return Int32(plugin_no_symbols) }
  guard count >= 0, count <= file.symbols.count, let symbols else {
    return Int32(count == 0 ? plugin_ok : plugin_no_symbols)
  }
  for number in 0..<Int(count) {
    var resolution = file.resolutions?[number] ?? .preempted
    if version == 1 && resolution == .prevailingExported { resolution = .prevailing }
    symbols[number].resolution = resolution.rawValue
  }
  return Int32(plugin_ok)
}

private let getWraps:
  @convention(c) (
    UnsafeMutablePointer<UInt64>?,
    UnsafeMutablePointer<UnsafeMutablePointer<UnsafePointer<CChar>?>?>?
  ) -> Int32 = { count, list in
    let names = PluginHost.shared.wrappedSymbols
    count?.pointee = UInt64(names.count)
    list?.pointee = nil
    guard !names.isEmpty else { return Int32(plugin_ok) }
    let copy = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: names.count)
    copy.initialize(from: names, count: names.count)
    list?.pointee = copy
    return Int32(plugin_ok)
  }

// MARK: Files

private let addFile: @convention(c) (UnsafePointer<CChar>?) -> Int32 = { path in
  guard let path else { return Int32(plugin_error) }
  PluginHost.shared.compiled.objects.append(String(cString: path))
  return Int32(plugin_ok)
}

private let addLibrary: @convention(c) (UnsafePointer<CChar>?) -> Int32 = { name in
  guard let name else { return Int32(plugin_error) }
  PluginHost.shared.compiled.libraries.append(String(cString: name))
  return Int32(plugin_ok)
}

private let setLibraryPath: @convention(c) (UnsafePointer<CChar>?) -> Int32 = { path in
  PluginHost.shared.compiled.libraryPath = path.map { String(cString: $0) }
  return Int32(plugin_ok)
}

private let getFile:
  @convention(c) (UnsafeRawPointer?, UnsafeMutablePointer<plugin_file>?) -> Int32 = {
    handle, file in
    guard let index = PluginHost.shared.index(handle), let file else {
      return Int32(plugin_bad_handle)
    }
    guard let record = PluginHost.shared.openAgain(index) else { return Int32(plugin_error) }
    file.pointee = record
    return Int32(plugin_ok)
  }

private let releaseFile: @convention(c) (UnsafeRawPointer?) -> Int32 = { handle in
  guard let index = PluginHost.shared.index(handle) else { return Int32(plugin_bad_handle) }
  PluginHost.shared.release(index)
  return Int32(plugin_ok)
}

private let getView:
  @convention(c) (UnsafeRawPointer?, UnsafeMutablePointer<UnsafeRawPointer?>?) -> Int32 = {
    handle, view in
    guard let index = PluginHost.shared.index(handle), let view else {
      return Int32(plugin_bad_handle)
    }
    view.pointee = PluginHost.shared.offered[index].file.bytes.buffer.baseAddress
    return Int32(plugin_ok)
  }
