internal import Parallel

/// Who compiles inputs in intermediate form.
enum Compilation {
  case none
  case handOver(HandOver)
  case here(any LinkTimeCompiler)

  var handOver: HandOver? {
    if case .handOver(let program) = self { return program }
    return nil
  }
}

extension Pipeline {
  /// -flto: has plugins compile their inputs. This is a link of its own that ends where the meaning of
  /// every name is known; then what the plugins have made takes the place of their inputs.
  static func compile(
    _ options: Options, _ log: DiagnosticEngine, _ pool: WorkerPool, _ compilation: Compilation
  ) throws(LinkFailure) -> LinkTimeOptimization? {
    guard case .here(let compiler) = compilation else { return nil }
    let optimization = LinkTimeOptimization(compiler, options, log)
    // The link that follows says everything but errors.
    let quiet = DiagnosticEngine(program: log.program)
    quiet.policy = log.policy
    quiet.policy.suppressWarnings = true
    let inputs = Inputs(
      options: options.forRehearsal, log: quiet, pool: pool, optimization: optimization)
    try readInputs(inputs)
    let program = try optimization.hasClaims ? resolveNames(inputs) : nil
    do throws(LinkTimeFailure) {
      try optimization.compile(program)
    } catch {
      log.error(.linkTimeFailure(error.reason))
    }
    try log.checkpoint()
    return optimization
  }

  /// As `resolve`, without what needs the contents of objects.
  private static func resolveNames(_ inputs: Inputs) throws(LinkFailure) -> Program {
    let program = Program(inputs)
    program.internSymbolNames()
    program.pullArchiveMembers()
    program.selectComdatGroups()
    program.takeOverFromLibraries()
    try inputs.log.checkpoint()
    program.chooseDefinitions()
    program.listNeededSharedObjects()
    program.resolveAssignments()
    program.convertCommonSymbols()
    program.decideImportsAndExports()
    program.checkDuplicateDefinitions()
    try inputs.log.checkpoint()
    return program
  }
}

extension Options {
  /// The same for a link that nobody is to hear of.
  fileprivate var forRehearsal: Options {
    var options = self
    options.trace = false
    options.traceSymbols = []
    options.whyExtract = nil
    options.reproduce = false
    options.reproducePath = nil
    options.archiveStatistics = nil
    options.printSectionMap = false
    return options
  }
}
