extension Pipeline {
  /// Writes the output, or nothing.
  static func writeOutput(_ layout: Layout) throws(LinkFailure) {
    let inputs = layout.selection.inputs
    let options = layout.options
    inputs.run("writeReports") {
      layout.writeMapReports()
      layout.writeMemoryReport()
      inputs.writeDependencyFile()
    }
    let image = options.outputFormat == .binary ? BinaryImage(layout) : nil
    try inputs.log.checkpoint()
    let divided = try divide(layout)
    let output: OutputFile
    do throws(OutputFile.Failure) {
      output = try OutputFile(
        path: options.outputPath,
        size: Int(image?.size ?? UInt64(divided?.mainSize ?? Int(layout.fileSize))),
        isExecutable: options.outputKind != .relocatable)
    } catch {
      inputs.log.error(.cannotWrite(options.outputPath, error.reason))
      throw LinkFailure()
    }
    do throws(OutputFile.Failure) {
      if let divided {
        divided.writeMain(to: output.bytes)
      } else if let image {
        let file = try OutputFile.scratch(Int(layout.fileSize))
        write(layout, to: OutputParts(of: file, inputs.pool))
        image.copy(from: file, to: output.bytes)
      } else {
        write(layout, to: output.parts(inputs.pool))
      }
    } catch {
      inputs.log.error(.cannotWrite(options.outputPath, error.reason))
    }
    layout.reportRelativeRelocations()
    do throws(LinkFailure) {
      try inputs.log.checkpoint()
      try inputs.edit(output)
      inputs.writeTimeTrace()
      try inputs.log.checkpoint()
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

  /// --separate-debug-file: makes the whole output in memory, and writes the file with its debug
  /// information. nil: it is not asked for.
  private static func divide(_ layout: Layout) throws(LinkFailure) -> SeparateDebugFile? {
    let options = layout.options
    guard let wanted = options.separateDebugFile else { return nil }
    let path = wanted.isEmpty ? options.outputPath + ".dbg" : wanted
    do throws(OutputFile.Failure) {
      let whole = try OutputFile.scratch(Int(layout.fileSize))
      write(layout, to: OutputParts(of: whole, layout.pool))
      try? layout.log.checkpoint()
      guard !layout.log.hasErrors,
        var divided = SeparateDebugFile(
          whole.view, loadedEnd: Int(layout.loadedEnd), debugPath: path)
      else { throw OutputFile.Failure(reason: "the output has errors, or too many sections") }
      let file = try OutputFile(path: path, size: divided.debugSize, isExecutable: false)
      divided.writeDebug(to: file.bytes)
      try file.commit()
      return divided
    } catch {
      if !layout.log.hasErrors { layout.log.error(.cannotWrite(path, error.reason)) }
      try layout.log.checkpoint()
      throw LinkFailure()
    }
  }

  /// Writes the ELF file.
  private static func write(_ layout: Layout, to parts: OutputParts) {
    let inputs = layout.selection.inputs
    let file = parts.file
    inputs.run("writeHeaders") { layout.writeHeaders(to: file) }
    let hashes = layout.chunkHashes(of: parts)
    inputs.run("copyAndRelocate") { layout.copyAndRelocate(to: parts, hashes) }
    if !layout.emitted.isEmpty {
      inputs.run("writeEmittedRelocations") { layout.writeEmittedRelocations(to: file) }
    }
    if layout.options.sectionHeaders {
      inputs.run("writeSymbolTable") { layout.symbolTable.write(to: parts, hashes, layout) }
    }
    inputs.run("writeBuildID") { layout.writeBuildID(to: file, hashes) }
    parts.release()
  }
}
