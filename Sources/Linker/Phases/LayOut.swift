extension Pipeline {
  /// Gives everything its address and its place in the file.
  static func layOut(_ selection: Selection) throws(LinkFailure) -> Layout {
    let inputs = selection.inputs
    inputs.run("findPieces") { selection.findPieces() }
    inputs.run("formOutputSections") { selection.formOutputSections() }
    let layout = Layout(selection)
    if selection.options.writesGdbIndex { inputs.run("indexDebugInfo") { layout.indexDebugInfo() } }
    inputs.run("sizeSyntheticSections") { layout.sizeSyntheticSections() }
    inputs.run("assignAddresses") { layout.assignAddresses() }
    inputs.run("computeSymbolAddresses") { layout.computeSymbolAddresses() }
    inputs.run("compressDebugSections") { layout.compressDebugSections() }
    inputs.run("assignFileOffsets") { layout.assignFileOffsets() }
    inputs.run("checkAssertions") { layout.checkAssertions() }
    layout.warnAboutOutput()
    inputs.log.mapIsDone()
    try inputs.log.checkpoint()
    layout.printAnswers()
    return layout
  }
}
