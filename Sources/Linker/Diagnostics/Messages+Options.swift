// Messages about the command line.

extension Message {
  static func badExpression(_ option: String, column: Int, _ problem: String) -> Message {
    Message("badExpression", "\(option): the expression \(problem) (column \(column))")
  }

  /// `wanted` names what may stand there.
  static func badOptionValue(_ option: String, _ wanted: String) -> Message {
    Message("badOptionValue", "\(option): bad value; expected \(wanted)")
  }

  static func baseBesidePage(_ base: UInt64, _ pageSize: UInt64) -> Message {
    Message(
      "baseBesidePage",
      "the address 0x\(String(base, radix: 16)) of the first segment is no multiple of the page size "
        + "\(pageSize); the next one is taken")
  }

  static func cannotChangeDirectory(_ path: String, _ reason: String) -> Message {
    Message("cannotChangeDirectory", "cannot change to directory \(path): \(reason)")
  }

  static func cannotCountLinks(_ reason: String) -> Message {
    Message("cannotCountLinks", "SWOLD_JOBS: this link does not wait for others: \(reason)")
  }

  static func endLibWithoutStart(_ option: String) -> Message {
    Message("endLibWithoutStart", "\(option) without --start-lib before it")
  }

  static func notFolding(_ keeper: String) -> Message {
    Message(
      "notFolding",
      "--icf has no effect with \(keeper): relocations are to name what they name in the inputs")
  }

  static func onlyWithShared(_ option: String) -> Message {
    Message(
      "onlyWithShared",
      "\(option) may not be used without -shared: only a shared library can stand in for another")
  }

  static var definesCommonsItself: Message {
    Message(
      "definesCommonsItself",
      "--no-define-common may not be used without -shared: a program has to define its common symbols"
    )
  }

  static func exclusiveOptions(_ first: String, _ second: String) -> Message {
    Message("exclusiveOptions", "\(first) and \(second) may not be used together")
  }

  static func missingCompanion(_ option: String, _ other: String) -> Message {
    Message("missingCompanion", "\(option) means nothing without \(other)")
  }

  static func nothingToOrder(_ symbol: String, _ path: String) -> Message {
    Message("nothingToOrder", "\(path): no object defines the symbol \(symbol), which it orders")
  }

  static func mustBeFirst(_ option: String) -> Message {
    Message("mustBeFirst", "\(option) must be the first word of the command line")
  }

  static func missingOptionValue(_ option: String, _ placeholder: String) -> Message {
    Message("missingOptionValue", "\(option) needs a value: \(option) \(placeholder)")
  }

  static func nestedStartLib(_ option: String) -> Message {
    Message("nestedStartLib", "\(option) within --start-lib; put --end-lib before it")
  }

  static func notBuilt(_ option: String) -> Message {
    Message("notBuilt", "\(option) is not built yet in swold \(Identification.version)")
  }

  static func unmet(_ option: String, _ consequence: String) -> Message {
    Message("unmetOption", "\(option) has no effect in swold: \(consequence)")
  }

  static func notIndexing(_ relocatable: String) -> Message {
    Message(
      "notIndexing",
      "--gdb-index has no effect with \(relocatable): an index is made when the program is linked")
  }

  static func popStateWithoutPush(_ option: String) -> Message {
    Message("popStateWithoutPush", "\(option) without --push-state before it")
  }

  static func responseFileCycle(_ path: String, through open: [String]) -> Message {
    Message(
      "responseFileCycle", "response file \(path) includes itself",
      notes: ["through \(open.map { "@" + $0 }.joined(separator: " "))"])
  }

  static func tooManyResponseFiles(_ path: String) -> Message {
    Message(
      "tooManyResponseFiles",
      "response file \(path): too many files, or nested too deeply (at most "
        + "\(ResponseFile.fileLimit) files, \(ResponseFile.depthLimit) levels)")
  }

  static func unfinishedQuote(_ path: String, line: Int) -> Message {
    Message("unfinishedQuote", "\(path):\(line): quote without end in response file")
  }

  static func unknownKeyword(_ keyword: String, nearest: String?) -> Message {
    let hint = nearest.map { " (did you mean -z \($0)?)" } ?? ""
    return Message("unknownKeyword", "unknown keyword -z \(keyword) ignored\(hint)")
  }

  static func unknownOption(_ option: String, nearest: String?) -> Message {
    let hint = nearest.map { " (did you mean \($0)?)" } ?? ""
    return Message("unknownOption", "unknown option \(option)\(hint)")
  }

  static func unreadableResponseFile(_ path: String, _ reason: String) -> Message {
    Message("unreadableResponseFile", "cannot read response file \(path): \(reason)")
  }
}
