import Glibc
import Testing

@testable import Linker

@Suite struct PreloadTests {
  // MARK: Options

  @Test func `the options for the daemon are known by their places`() {
    let result = parse("--preload-timeout=5 -o -preload -preload a.o -preload")
    #expect(result.problems.isEmpty)
    #expect(result.options.preload)
    #expect(result.options.preloadTimeout == 5)
    #expect(result.options.outputPath == "-preload")
    #expect(result.options.preloadPositions == [0, 3, 5])
  }

  @Test(arguments: ["", "=", "=0", "=86401", "=soon"])
  func `a time that is none`(value: String) {
    #expect(parse("--preload-timeout\(value) a.o").errorIDs == ["badOptionValue"])
  }

  @Test(arguments: [
    ("--stats", "--stats"), ("-t", "--trace"), ("-C x", "-C"), ("--post=e", "--post"),
    ("--why-extract=f", "--why-extract"),
  ])
  func `what is in the way`(line: String, option: String) {
    #expect(parse("\(line) a.o").options.preloadObstacle?.option == option)
  }

  @Test(arguments: ["-M", "-Map=f --cref", "--dependency-file=f", "-r", "--build-id"])
  func `what is not`(line: String) {
    #expect(parse("\(line) a.o").options.preloadObstacle == nil)
  }

  // MARK: Keys

  @Test func `a key is that of the command line`() {
    let name = PreloadKey.name(["-o", "x", "a.o"])
    #expect(name == PreloadKey.name(["-o", "x", "a.o"]))
    #expect(name != PreloadKey.name(["-o", "xa.o"]))
    #expect(name != PreloadKey.name(["-o", "x", "a.o", ""]))
    #expect(name == PreloadKey.name(["-o", "x", "-plugin-opt=-fresolution=/tmp/1.res", "a.o"]))
    #expect(name != PreloadKey.name(["-o", "x", "-plugin-opt=-pass-through=-lc", "a.o"]))
  }

  // MARK: Files

  /// Calls `body` with the path of a file in a folder of its own.
  private func withFile(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/swold-sightings.XXXXXX".utf8CString)
    let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    let path = "\(folder)/file"
    write("one", to: path)
    defer {
      unlink(path)
      rmdir(folder)
    }
    try body(path)
  }

  private func write(_ text: String, to path: String) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    #expect(DiagnosticEngine.write(Array(text.utf8), to: file))
    close(file)
  }

  /// Until the clock of the kernel has moved on.
  private func tick() { usleep(30_000) }

  @Test func `a change is seen, whatever of the file it leaves`() throws {
    try withFile { path in
      tick()
      let seen = Sighting.file(path, FileState(of: path))
      #expect(seen.holds)
      write("two", to: path)  // the same length
      var times = [timespec(), timespec()]
      for index in 0..<2 { times[index] = timespec(tv_sec: 1_000_000, tv_nsec: 5) }
      utimensat(AT_FDCWD, path, times, 0)
      #expect(!seen.holds)
      let again = Sighting.file(path, FileState(of: path))
      tick()
      write("six", to: path)
      utimensat(AT_FDCWD, path, times, 0)  // the same time of modification
      #expect(!again.holds)
      unlink(path)
      #expect(!again.holds)
      #expect(Sighting.file(path, .missing(ENOENT)).holds)
    }
  }

  @Test func `what comes where nothing was is seen`() throws {
    try withFile { path in
      let missing = Sighting.file("\(path).later", FileState(of: "\(path).later"))
      let folder = Sighting.file("\(path)/..", FileState(of: "\(path)/.."))
      #expect(missing.holds)
      write("", to: "\(path).later")
      #expect(!missing.holds)
      unlink("\(path).later")
      #expect(missing.holds)
      #expect(folder == .file("\(path)/..", .missing(ENOTDIR)))
    }
  }

  @Test func `a folder stays the same when something is made in it`() throws {
    try withFile { path in
      let folder = String(path.dropLast("/file".count))
      let seen = Sighting.file(folder, FileState(of: folder))
      tick()
      write("", to: "\(path).later")
      #expect(seen.holds)
      unlink("\(path).later")
    }
  }

  @Test func `a file that was written just now is not read yet`() throws {
    try withFile { path in
      write("two", to: path)
      var status = stat()
      #expect(stat(path, &status) == 0)
      tick()
      #expect(FileStamp(status).isPast)
      var times = [timespec(), timespec()]
      for index in 0..<2 { times[index] = timespec(tv_sec: time(nil) + 100, tv_nsec: 5) }
      utimensat(AT_FDCWD, path, times, 0)
      tick()
      // Only the time of the change counts, which nobody can set.
      #expect(stat(path, &status) == 0)
      #expect(FileStamp(status).isPast)
    }
  }

  // MARK: Messages

  @Test func `text is kept until somebody is there`() {
    let text = KeptText()
    #expect(text.isEmpty)
    text.print("a\n")
    text.print("b\n")
    #expect(!text.isEmpty)
    #expect(text.take() == "a\nb\n")
    #expect(text.isEmpty)
  }
}
