extension Pipeline {
  /// Decides which files take part and which definition each name means.
  static func resolve(_ inputs: Inputs) throws(LinkFailure) -> Program {
    let program = Program(inputs)
    inputs.log.findReferences {
      let locators = SourceLocators(program)
      return { locators.reference(at: $0) }
    }
    inputs.run("internSymbolNames") { program.internSymbolNames() }
    inputs.run("pullArchiveMembers") { program.pullArchiveMembers() }
    inputs.optimization?.reportLateMembers(program)
    inputs.run("selectComdatGroups") { program.selectComdatGroups() }
    inputs.run("takeOverFromLibraries") { program.takeOverFromLibraries() }
    inputs.printTrace(program)
    program.writeArchiveReports()
    program.warnAboutBackwardReferences()
    try inputs.log.checkpoint()
    inputs.run("chooseDefinitions") { program.chooseDefinitions() }
    program.listNeededSharedObjects()
    program.compareLibraryFlavours()
    inputs.run("resolveAssignments") { program.resolveAssignments() }
    program.printTracedSymbols()
    inputs.run("convertCommonSymbols") { program.convertCommonSymbols() }
    inputs.run("decideImportsAndExports") { program.decideImportsAndExports() }
    inputs.run("checkDuplicateDefinitions") { program.checkDuplicateDefinitions() }
    inputs.run("mergeObjectABI") { program.mergeObjectABI() }
    try inputs.log.checkpoint()
    return program
  }
}
