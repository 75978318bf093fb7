// A link with inputs in an intermediate form: what is known of them in its two readings.
//
// In the second reading an offer is known by its place: the file on disk and the offset in it. What
// is named twice is met in the same order.

internal import ELF

final class LinkTimeOptimization: @unchecked Sendable {
  // Sendable: used by the serial part of reading, and between the two readings.

  /// What becomes of a file where it is read.
  enum Fate {
    /// No plugin wants it.
    case refused
    /// First reading: it stands there with these symbols.
    case claimed([IntermediateSymbol])
    /// Second reading: it was compiled. What was made stands where the first such file stood.
    case replaced(isFirst: Bool)
    /// Second reading: the program did not need it, and it was not compiled.
    case left([IntermediateSymbol])
  }

  private struct Offer {
    let place: Place
    /// nil: no plugin took it.
    let claimed: ClaimedFile?
    let row: FileID
    var isLive = false
  }

  private struct Place: Hashable {
    let path: String
    let offset: Int
  }

  private let compiler: any LinkTimeCompiler
  private let options: Options
  private let log: DiagnosticEngine
  private var offers: [Offer] = []
  /// For each place, the offers that were not met again yet, the last first.
  private var waiting: [Place: [Int]] = [:]
  private var isLoaded = false
  private var hasLLVM = false
  /// Whether this is the second reading.
  private(set) var isCompiled = false
  private(set) var compiled = CompiledFiles()
  private var isReplaced = false
  /// The rows of the second reading that were not compiled and have no machine code.
  private var leftRows: [FileID] = []

  init(_ compiler: any LinkTimeCompiler, _ options: Options, _ log: DiagnosticEngine) {
    self.compiler = compiler
    self.options = options
    self.log = log
  }

  /// Whether any file was taken by a plugin.
  var hasClaims: Bool { offers.contains { $0.claimed != nil } }

  /// The files that plugins have taken, in order, with their numbers in the file table.
  var claims: [(row: FileID, file: ClaimedFile)] {
    offers.compactMap { offer in offer.claimed.map { (offer.row, $0) } }
  }

  /// Whether a row of the file table stands for a file in intermediate form.
  func isUncompiled(_ row: FileID) -> Bool {
    !isCompiled && offers.contains { $0.row == row && $0.claimed != nil }
  }

  /// Asks what becomes of a file.
  /// - Parameter row: where it would stand in the file table.
  func next(
    _ file: FileOffer, at row: FileID, isLLVM: Bool
  ) throws(LinkTimeFailure) -> Fate {
    let place = Place(path: file.path, offset: file.offset)
    guard isCompiled else {
      let claimed = try claim(file, isLLVM)
      offers.append(Offer(place: place, claimed: claimed, row: row))
      return claimed.map { .claimed($0.symbols) } ?? .refused
    }
    guard let index = waiting[place]?.popLast() else {
      throw LinkTimeFailure(
        "has to be compiled, and only a plugin asked for it, when it was too late")
    }
    let offer = offers[index]
    guard let symbols = offer.claimed?.symbols else { return .refused }
    if offer.isLive {
      defer { isReplaced = true }
      return .replaced(isFirst: !isReplaced)
    }
    return .left(symbols)
  }

  /// The file that was asked for last stands in the file table as one that was not compiled.
  func noteLeft(_ row: FileID) { leftRows.append(row) }

  /// Ends the first reading: has the files compiled that take part. nil: no file was taken.
  func compile(_ program: Program?) throws(LinkTimeFailure) {
    isCompiled = true
    for (index, offer) in offers.enumerated().reversed() {
      waiting[offer.place, default: []].append(index)
    }
    guard let program else { return }
    for index in offers.indices {
      offers[index].isLive = program.isLive(offers[index].row)
    }
    let resolutions = program.resolveIntermediateSymbols(claims)
    if resolutions.contains(where: { $0 != nil }) { compiled = try compiler.compile(resolutions) }
  }

  func cleanUp() { if isLoaded { compiler.cleanUp() } }

  /// A member that nothing needed before code was generated, and that the generated code needs, can
  /// not be compiled any more.
  func reportLateMembers(_ program: Program) {
    for row in leftRows where program.isLive(row) {
      let inputs = program.inputs
      program.log.error(.neededTooLate(inputs.displayName(row)), at: inputs.place(row))
    }
  }

  // MARK: Plugins

  private func claim(
    _ file: FileOffer, _ isLLVM: Bool
  ) throws(LinkTimeFailure) -> ClaimedFile? {
    if !isLoaded {
      isLoaded = true
      for plugin in options.plugins { try load(plugin) }
      if !hasLLVM && !isLLVM { reportForeignOptions() }
    }
    if let claimed = try compiler.claim(file) { return claimed }
    guard isLLVM && !hasLLVM else { return nil }
    guard let path = PluginSearch.llvm() else { throw LinkTimeFailure(PluginSearch.missing) }
    try load(PluginRequest(path: path, options: options.optionsForLLVM))
    return try compiler.claim(file)
  }

  private func load(_ plugin: PluginRequest) throws(LinkTimeFailure) {
    var plugin = plugin
    if plugin.isLLVM {
      hasLLVM = true
      plugin.options += options.ltoOptions.compactMap(\.forLLVM)
      for option in options.ltoOptions where option.forLLVM == nil {
        log.warning(.optionWithoutPlugin(option.description, "LLVM's"))
      }
    }
    let output: LinkDescription.Output =
      switch options.outputKind {
      case .relocatable: .relocatable
      case .executable: .executable
      case .sharedObject: .sharedObject
      case .pie: .pie
      }
    let link = LinkDescription(
      output: output, outputPath: options.outputPath, wrappedSymbols: options.wrappedSymbols)
    try compiler.load(plugin, for: link, log: log)
  }

  private func reportForeignOptions() {
    for option in options.ltoOptions where option.name != "save-temps" {
      log.warning(.optionWithoutPlugin(option.description, "GCC's"))
    }
  }
}
