// --json: one versioned object for a run, with every write it made.

internal import ELF

extension EditSession {
  /// The report of the run so far.
  /// - Parameters:
  ///   - failure: why the run stopped, if it did.
  ///   - verified: `verify` has passed.
  public func report(output: String?, failure: EditFailure?, verified: Bool) -> JSON {
    .object([
      ("version", .number(1)), ("tool", .string("swold-edit \(postLinkEditVersion)")),
      ("input", file(working.path, working.original)),
      ("output", failure == nil ? file(output ?? working.path, working.bytes) : .null),
      ("changed", .bool(failure == nil && isChanged)),
      ("edits", .array(reports.map(encode))),
      (
        "diagnostics",
        .array((failure.map { [encode($0)] } ?? []) + warnings.map(encode))
      ),
      (
        "verification",
        .string(verified ? "passed" : failure?.code == .verification ? "failed" : "not run")
      ),
    ])
  }

  private func file(_ path: String?, _ bytes: ByteView) -> JSON {
    .object([
      ("path", path.map { .string($0) } ?? .null), ("size", .number(Int64(bytes.count))),
      ("sha256", .string(hex(SecureHash.sha256(bytes)))),
    ])
  }

  private func encode(_ report: EditReport) -> JSON {
    .object([
      ("verb", .string(report.name)),
      ("location", report.location.map { .string($0.description) } ?? .null),
      ("summary", .array(report.summary.map { .string($0) })),
      (
        "writes",
        .array(
          report.writes.map { write in
            .object([
              ("va", write.virtualAddress.map { .address($0) } ?? .null),
              ("lma", write.loadAddress.map { .address($0) } ?? .null),
              ("offset", .address(write.offset)), ("length", .number(Int64(write.new.count))),
              ("old", .string(hex(Array(write.old.prefix(64))))),
              ("new", .string(hex(Array(write.new.prefix(64))))),
            ])
          })
      ),
    ])
  }

  private func encode(_ failure: EditFailure) -> JSON { JSON(failure) }

  private func encode(_ warning: EditWarning) -> JSON {
    .object([
      ("severity", .string("warning")), ("code", .string(warning.code.rawValue)),
      ("message", .string(warning.message)),
      ("location", warning.location.map { .string($0.description) } ?? .null),
    ])
  }
}

extension JSON {
  /// A diagnostic as an object.
  public init(_ failure: EditFailure) {
    self = .object([
      ("severity", .string("error")), ("code", .string(failure.code.rawValue)),
      ("message", .string(failure.message)), ("hint", failure.hint.map { .string($0) } ?? .null),
      ("location", failure.location.map { .string($0.description) } ?? .null),
    ])
  }
}
