// --import-scripts: joins the linker and the importer of scripts, which do not know each other.

public import Linker
internal import ScriptImport

/// Makes a section map of a linker script with the engine of `swold-map import`.
@Sendable public func importedLayout(
  script: String, bytes: [UInt8], isRelocatable: Bool,
  load: @escaping (_ name: String, _ from: String) -> (name: String, bytes: [UInt8])?
) -> ImportedLayout {
  do throws(ScriptError) {
    let map = try ScriptImporter.run(
      name: script, bytes: bytes, isRelocatable: isRelocatable, takesInputs: true, loader: load)
    return ImportedLayout(
      map: map.text, inputs: map.inputs, searchDirectories: map.searchDirectories,
      problems: map.notes.filter { $0.kind == .note }.map { "\($0.place.text): \($0.message)" })
  } catch {
    return ImportedLayout(
      map: "", inputs: [], searchDirectories: [],
      problems: ["\(error.place.text): \(error.message)"])
  }
}
