internal import MapLang

extension Pipeline {
  /// Opens and reads everything that the command line names, directly or through scripts and
  /// archives, and lists the symbols that the linker itself defines or asks for.
  static func readInputs(_ inputs: Inputs) throws(LinkFailure) {
    inputs.run("readInputs") {
      var reader = InputReader(inputs)
      reader.read()
    }
    TextInputs(inputs: inputs).read()
    if inputs.log.hasErrors {
      inputs.printTrace(nil)
      inputs.writeReproduction()
    }
    try inputs.log.checkpoint()
    if inputs.files.count <= 1 && inputs.options.printSectionMap {
      inputs.loadMap()
      try inputs.log.checkpoint()
      inputs.printMap()
      throw LinkFailure(isSuccess: true)
    }
    guard inputs.files.count > 1 else {
      inputs.log.error(.noInputFiles())
      throw LinkFailure()
    }
    inputs.run("loadMap") { inputs.loadMap() }
    inputs.writeReproduction()
    try inputs.log.checkpoint()
    if inputs.options.printSectionMap { inputs.printMap() }
    if inputs.isRehearsal, let claims = inputs.optimization?.claims {
      inputs.requestRuntimeFunctions(claims)
    }
    inputs.listLinkerSymbols()
    try inputs.log.checkpoint()
  }
}
