// --why-extract and --print-archive-stats: which archive members take part, and why.
//
// Both are tables with tabs, as LLVM's linker writes them. Members are pulled by all workers at once,
// so who asked first depends on chance; to give a reason that is the same every time, --why-extract
// pulls them serially, breadth first in input order.

internal import ELF
internal import Parallel

/// Why a member takes part: the first reference to it.
struct Extraction: Sendable {
  let reference: FileID
  let member: FileID
  let symbol: String
}

extension Program {
  /// The work of `pullArchiveMembers`, one file at a time, with a note for each member.
  func pullRecording(_ seeds: [UInt32], _ leftovers: PullLeftovers) {
    var queue = seeds
    var next = 0
    while next < queue.count {
      let id = FileID(rawValue: queue[next])
      next += 1
      pull(from: id, leftovers, Worker.caller) { member, index in
        queue.append(member.rawValue)
        if files[member.index].kind == .shared { return }
        recordExtraction(of: member, by: files[id.index].symbolID(index))
      }
    }
  }

  /// Notes why a member takes part, for --why-extract.
  func recordExtraction(of member: FileID, by reference: SymbolID) {
    guard options.whyExtract != nil else { return }
    extractions.append(
      Extraction(
        reference: inputs.file(of: reference), member: member, symbol: demangled(reference)))
  }

  func writeArchiveReports() {
    if let path = options.whyExtract {
      var text = ReportText()
      text += "reference\textracted\tsymbol\n"
      for one in extractions {
        text.append(
          "\(inputs.displayName(one.reference))\t\(inputs.displayName(one.member))\t\(one.symbol)\n"
        )
      }
      TextOutput.write(text.bytes, to: path, log)
    }
    if let path = options.archiveStatistics {
      TextOutput.write(archiveStatistics().bytes, to: path, log)
    }
  }

  /// For each archive, how many objects it holds and how many of them take part.
  private func archiveStatistics() -> ReportText {
    var text = ReportText()
    text += "members\textracted\tarchive\n"
    let read = inputs.readFiles.filter { $0.role == .input }
    for (position, file) in read.enumerated() {
      let end = position + 1 < read.count ? read[position + 1].firstRow : files.count
      let members = (file.firstRow..<max(end, file.firstRow)).filter { !files[$0].member.isEmpty }
      guard !members.isEmpty else { continue }
      let extracted = members.count { isLive(FileID($0)) }
      text.append("\(members.count)\t\(extracted)\t\(file.path)\n")
    }
    return text
  }
}
