// A link, start to finish. Five phases; each is a page in Phases/ that lists its passes; each pass is
// a file in the folder of Passes/ that has the name of its phase. Passes run one after another.
// Parallelism is inside a pass.

internal import Parallel

enum Pipeline {
  static func link(
    _ options: Options, _ log: DiagnosticEngine, _ editor: (any OutputEditor)? = nil,
    _ compilation: Compilation = .none
  ) throws(LinkFailure) {
    let pool = WorkerPool(threads: options.threadCount ?? min(WorkerPool.availableProcessors, 32))
    // Inputs that compilers have left unfinished are read, resolved and compiled before all else.
    let optimization = try compile(options, log, pool, compilation)
    defer { optimization?.cleanUp() }
    let inputs = Inputs(
      options: options, log: log, pool: pool, editor: editor, optimization: optimization,
      handOver: compilation.handOver)

    try inputs.readPostScripts()
    try readInputs(inputs)  // after this, no input file is opened
    let program = try resolve(inputs)  // after this, every name has its definition
    if options.outputKind == .relocatable { return try writeRelocatable(program) }
    let selection = try selectContent(program)  // after this, no section or symbol comes or goes
    let layout = try layOut(selection)  // after this, no address moves
    try writeOutput(layout)
  }
}
