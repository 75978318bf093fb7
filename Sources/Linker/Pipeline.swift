// A link, start to finish. Five phases; each is a page in Phases/ that lists its passes; each pass is
// a file in the folder of Passes/ that has the name of its phase. Passes run one after another.
// Parallelism is inside a pass.

internal import Parallel

enum Pipeline {
  static func link(
    _ options: Options, _ log: DiagnosticEngine, _ editor: (any OutputEditor)? = nil,
    _ compilation: Compilation = .none
  ) throws(LinkFailure) {
    let server = options.jobServer
    let pool = WorkerPool(threads: options.workerCount, permits: { server?.take($0) ?? $0 })
    // Inputs that compilers have left unfinished are read, resolved and compiled before all else.
    let optimization = try compile(options, log, pool, compilation)
    defer { optimization?.cleanUp() }
    let inputs = Inputs(
      options: options, log: log, pool: pool, editor: editor, optimization: optimization,
      handOver: compilation.handOver)

    try inputs.readPostScripts()
    try finish(prepare(inputs))
  }

  /// What comes before the output. Nothing is written, so it can be done ahead (-preload).
  static func prepare(_ inputs: Inputs) throws(LinkFailure) -> PreparedLink {
    try readInputs(inputs)  // after this, no input file is opened
    let program = try resolve(inputs)  // after this, every name has its definition
    if inputs.options.outputKind == .relocatable { return .object(program) }
    let selection = try selectContent(program)  // after this, no section or symbol comes or goes
    return .image(try layOut(selection))  // after this, no address moves
  }

  static func finish(_ link: PreparedLink) throws(LinkFailure) {
    switch link {
    case .object(let program): try writeRelocatable(program)
    case .image(let layout): try writeOutput(layout)
    }
  }
}

/// A link that lacks its output only.
enum PreparedLink: Sendable {
  /// -r, which goes a way of its own behind resolution.
  case object(Program)
  case image(Layout)
}

extension Options {
  /// How many threads the link has at most.
  var workerCount: Int { threadCount ?? min(WorkerPool.availableProcessors, 32) }
}
