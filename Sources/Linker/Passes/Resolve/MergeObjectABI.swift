// Combines what the objects say of themselves as a whole: `e_flags` and build attributes.
//
// Before: it is known which files take part. After: `abi` is what the output says, and whoever does
// not fit the others was named. Final links and -r share it. A machine that has neither costs nothing.

internal import ELF
internal import Parallel

extension Program {
  func mergeObjectABI() {
    guard inputs.target.hasFileFlags || inputs.target.attributes != nil else { return }
    let code = inputs.target.machine.code
    let found = Gathered<ObjectABI>(pool)
    pool.parallelFor(files.count) { range, worker in
      for number in range {
        let file = self.files[number]
        guard file.kind == .object, !file.isMade, self.isLive(FileID(number)) else { continue }
        found.append(self.describe(FileID(number), file, code), worker)
      }
    }
    abi = code.mergeABI(found.take().sorted { $0.file < $1.file }, inputs)
    if let section = inputs.target.attributes { abi.encode(section) }
  }

  private func describe(
    _ id: FileID, _ file: InputFile, _ code: any Target.Type
  ) -> ObjectABI {
    let flags = FileHeader(file.bytes)?.flags ?? 0
    guard let section = inputs.target.attributes else {
      return ObjectABI(file: id, flags: flags, attributes: nil)
    }
    var attributes: BuildAttributes?
    for index in 0..<file.sectionCount where file.sectionHeaders[index].type == section.type {
      var values = attributes ?? BuildAttributes()
      do throws(BuildAttributes.Malformed) {
        guard let bytes = file.contents(file.sectionHeaders[index]) else {
          throw BuildAttributes.Malformed(reason: "lies outside the file")
        }
        try values.read(bytes, section, form: code.attributeForm)
      } catch {
        log.error(
          .malformedFile(inputs.displayName(id), "section \(section.name) \(error.reason)"),
          at: inputs.place(id, section: index))
      }
      attributes = values
    }
    return ObjectABI(file: id, flags: flags, attributes: attributes)
  }
}
