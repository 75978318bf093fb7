extension Pipeline {
  /// Writes the output, or nothing.
  static func writeOutput(_ layout: Layout) throws(LinkFailure) {
    let inputs = layout.selection.inputs
    let options = layout.options
    inputs.run("writeReports") {
      layout.writeMapReports()
      inputs.writeDependencyFile()
    }
    try inputs.log.checkpoint()
    let output: OutputFile
    do throws(OutputFile.Failure) {
      output = try OutputFile(
        path: options.outputPath, size: Int(layout.fileSize),
        isExecutable: options.outputKind != .relocatable)
    } catch {
      inputs.log.error(.cannotWrite(options.outputPath, error.reason))
      throw LinkFailure()
    }
    inputs.run("writeHeaders") { layout.writeHeaders(to: output.bytes) }
    inputs.run("copyAndRelocate") { layout.copyAndRelocate(to: output.bytes) }
    inputs.run("writeSymbolTable") { layout.symbolTable.write(to: output.bytes, layout) }
    inputs.run("writeBuildID") { layout.writeBuildID(to: output.bytes) }
    do throws(LinkFailure) {
      try inputs.log.checkpoint()
      try inputs.edit(output)
    } catch {
      output.discard()
      throw error
    }
    do throws(OutputFile.Failure) {
      try output.commit()
    } catch {
      inputs.log.error(.cannotWrite(options.outputPath, error.reason))
      throw LinkFailure()
    }
    if options.stats { layout.printStatistics() }
    inputs.timing.report(inputs)
  }
}
