import Testing

@testable import Linker

@Suite struct JobServerTests {
  @Test(arguments: [
    (" -j8 --jobserver-auth=3,4", JobServer.Place.pipe(reader: 3, writer: 4)),
    ("--jobserver-fds=5,6 -j", .pipe(reader: 5, writer: 6)),
    ("ks -j8 --jobserver-auth=fifo:/tmp/GMfifo12", .fifo("/tmp/GMfifo12")),
    // The last one counts, and what stands behind -- are variables.
    ("--jobserver-auth=3,4 --jobserver-auth=fifo:/f -- A=--jobserver-auth=7,8", .fifo("/f")),
  ])
  func serversOfMakeAreFound(flags: String, place: JobServer.Place) {
    #expect(JobServer(flags: flags)?.place == place)
  }

  @Test(arguments: [
    "", "k", "-j8", "--jobserver-auth=", "--jobserver-auth=3", "--jobserver-auth=-2,-2",
    "--jobserver-auth=3,4,5", "--jobserver-auth=a,b", "--jobserver-auth=99999999999,4",
    "-- --jobserver-auth=3,4", "x--jobserver-auth=3,4",
    // A pair of negative numbers takes an earlier server back.
    "--jobserver-auth=3,4 --jobserver-auth=-2,-2",
  ])
  func whatNamesNoServerIsNone(flags: String) {
    #expect(JobServer(flags: flags) == nil)
  }

  @Test func threadsThatTheUserCountsAskNobody() {
    let environment = CommandLineEnvironment.madeUp(
      variables: ["MAKEFLAGS": "--jobserver-auth=3,4", "SWOLD_JOBS": "2"])
    let asked = CommandLineParser.parse(["a.o"], in: environment).options
    #expect(asked.jobServer?.place == .pipe(reader: 3, writer: 4))
    #expect(asked.linkLimit?.count == 2)
    #expect(
      CommandLineParser.parse(["--threads=4", "a.o"], in: environment).options.jobServer == nil)
  }

  @Test(arguments: ["0", "-1", "1025", "two", "1.5"])
  func limitsAreNumbers(value: String) {
    #expect(LinkLimit(value) == nil)
  }
}
