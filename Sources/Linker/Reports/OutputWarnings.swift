// Warnings about properties of the output that are legal and dangerous. All but text relocations
// must be asked for.

internal import MapLang

extension Layout {
  /// Before: segments are made. Nothing is written yet, so --fatal-warnings prevents the output.
  func warnAboutOutput() {
    reportTextRelocations()
    if options.warnWritableExecutableSegments {
      for load in loads where load.access.contains(.write) && load.access.contains(.execute) {
        log.warning(.hasWritableCode(options.outputPath, load.start))
      }
    }
  }
}

extension Message {
  static func hasWritableCode(_ output: String, _ address: UInt64) -> Message {
    Message(
      "hasWritableCode",
      "\(output): the segment at 0x\(String(address, radix: 16)) is writable and executable")
  }
}
