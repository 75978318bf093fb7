extension Pipeline {
  /// -r: what follows name resolution when the output is an object for a further link.
  static func writeRelocatable(_ program: Program) throws(LinkFailure) {
    let inputs = program.inputs
    let object = ObjectOutput(program)
    inputs.run("keepInputSections") { object.keepInputSections() }
    try inputs.log.checkpoint()
    inputs.run("collectGarbage") { object.collectGarbage() }
    inputs.run("editExceptionFrames") { object.editExceptionFrames() }
    inputs.run("countRelocations") { object.countRelocations() }
    inputs.run("formObjectSections") { object.formObjectSections() }
    inputs.log.mapIsDone()
    try inputs.log.checkpoint()
    inputs.run("placeMembers") { object.placeMembers() }
    inputs.run("markReferencedSymbols") { object.markReferencedSymbols() }
    inputs.run("numberObjectSections") { object.numberSections() }
    inputs.run("planObjectSymbols") { object.planSymbols() }
    inputs.run("compressDebugSections") { object.compressDebugSections() }
    inputs.run("assignObjectOffsets") { object.assignFileOffsets() }
    try inputs.log.checkpoint()
    try write(object)
    inputs.timing.report(inputs)
  }

  private static func write(_ object: ObjectOutput) throws(LinkFailure) {
    let inputs = object.inputs
    let path = object.options.outputPath
    do throws(OutputFile.Failure) {
      let output = try OutputFile(path: path, size: Int(object.fileSize), isExecutable: false)
      inputs.run("writeObjectHeaders") { object.writeHeaders(to: output.bytes) }
      inputs.run("writeObjectSections") { object.writeSections(to: output.bytes) }
      inputs.run("writeObjectSymbols") { object.writeSymbols(to: output.bytes) }
      inputs.run("writeBuildID") { object.writeBuildID(to: output.bytes) }
      inputs.writeTimeTrace()
      inputs.log.flush()
      if inputs.log.hasErrors {
        output.discard()
      } else {
        try output.commit()
      }
    } catch {
      inputs.log.error(.cannotWrite(path, error.reason))
    }
    try inputs.log.checkpoint()
  }
}
