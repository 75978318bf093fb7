extension Pipeline {
  /// Decides which sections are in the output and what they need.
  static func selectContent(_ program: Program) throws(LinkFailure) -> Selection {
    let inputs = program.inputs
    inputs.timing.begin()
    let selection = Selection(program, inputs.map!)
    inputs.timing.end("compileRules", threads: 1)
    inputs.run("buildSections") { selection.buildSections() }
    inputs.run("parseExceptionFrames") { selection.exceptionFrames.parse(selection) }
    try inputs.log.checkpoint()
    inputs.run("markAndScan") { selection.markAndScan() }
    selection.printDependencies()
    selection.reportSymbolWarnings()
    inputs.run("reportUndefinedSymbols") { selection.reportUndefinedSymbols() }
    try inputs.log.checkpoint()
    inputs.run("mergeStrings") { selection.mergeStrings() }
    inputs.run("foldIdenticalSections") { selection.foldIdenticalSections() }
    inputs.run("assignEntries") { selection.assignEntries() }
    inputs.run("createSyntheticSections") { selection.createSyntheticSections() }
    try inputs.log.checkpoint()
    return selection
  }
}
