// sign: a signature over the image, made by a command that the user names: `openssl`, the client of
// a hardware module. It reads what is signed on its standard input and writes the signature to its
// standard output; the slot of the signature is never read. This is the only process that the
// library starts, and no script can ask for it.

internal import CFileSystem
internal import ELF
internal import Glibc

extension EditSession {
  /// `sign slot=NAME`
  func sign(
    _ command: [String], _ coverage: Coverage, _ slot: String, _ padding: PaddingTreatment?
  ) throws(EditFailure) {
    let target = try resolve(.slot(slot))
    // Who signs may have to type a PIN: a slot that is closed is refused before.
    if target.slot?.flags.contains(.sealed) == true {
      throw EditFailure(.sealed, "slot '\(slot)' is sealed")
    }
    let range = target.address..<(target.address &+ (target.room ?? 0))
    let input = try collect(coverage, into: range)
    let signature = try Signer(command).run(input.bytes)
    try put(.slot(slot), .bytes(signature), padding)
    note("\(input.bytes.count) bytes signed, the signature has \(signature.count)")
    self.coverage.append(
      Covered(what: "'sign'", ranges: input.covered.subtracting(RangeSet(range))))
  }
}

/// A command that signs.
private struct Signer {
  let command: [String]
  init(_ command: [String]) { self.command = command }

  /// More than any signature has.
  private static let longest = 1 << 20

  private func failure(_ message: String) -> EditFailure {
    EditFailure(
      .signer, "the signer '\(command.joined(separator: " "))' \(message)",
      hint: "it gets the bytes on standard input and writes the signature to standard output")
  }

  /// Runs the command and returns what it wrote. Input and output are files in memory, so neither
  /// side waits for the other.
  func run(_ input: [UInt8]) throws(EditFailure) -> [UInt8] {
    let files = [swold_memory_file(), swold_memory_file()]
    defer { for file in files where file >= 0 { close(file) } }
    guard files.allSatisfy({ $0 >= 0 }) else { throw .system("cannot make a file in memory") }
    var done = 0
    while done < input.count {
      let got = unsafe input.withUnsafeBytes {
        unsafe pwrite(files[0], $0.baseAddress! + done, $0.count - done, off_t(done))
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { throw .system("cannot write a file in memory") }
      done += got
    }
    try start(files)
    var status = stat()
    guard unsafe fstat(files[1], &status) == 0, status.st_size > 0 else {
      throw failure("wrote nothing")
    }
    guard status.st_size <= Signer.longest else { throw failure("wrote \(status.st_size) bytes") }
    var result = [UInt8](repeating: 0, count: Int(status.st_size))
    let got = unsafe result.withUnsafeMutableBytes {
      unsafe pread(files[1], $0.baseAddress, $0.count, 0)
    }
    guard got == result.count else { throw .system("cannot read a file in memory") }
    return result
  }

  /// Starts the command with the files as standard input and output, and waits for its end.
  private func start(_ files: [Int32]) throws(EditFailure) {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, files[0], 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, files[1], 1)
    var words: [UnsafeMutablePointer<CChar>?] = unsafe command.map { unsafe strdup($0) }
    unsafe words.append(nil)
    defer { unsafe words.forEach { unsafe free($0) } }
    var process = pid_t()
    let error = unsafe posix_spawnp(&process, command[0], &actions, nil, words, environ)
    guard error == 0 else {
      throw failure("cannot be started: \(unsafe String(cString: strerror(error)))")
    }
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { throw .system("cannot wait for the signer") }
    }
    guard status & 0x7f == 0 else { throw failure("was ended by signal \(status & 0x7f)") }
    guard status == 0 else { throw failure("failed with status \(status >> 8 & 0xff)") }
  }
}
