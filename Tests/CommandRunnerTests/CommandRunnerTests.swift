// What swold -run reads, and which names are linkers.

import ExecInterpose
import Testing

@testable import CommandRunner

struct CommandRunnerTests {
  @Test(arguments: [
    "ld", "/usr/bin/ld", "ld.bfd", "/opt/llvm/bin/ld.lld", "ld.lld-19", "ld.bfd-2.40", "ld.gold",
    "ld.mold", "x86_64-linux-gnu-ld", "/usr/bin/aarch64-linux-gnu-ld.bfd", "arm-none-eabi-ld",
    "riscv64-unknown-elf-ld", "i686-linux-gnu-ld.gold", "x86_64-linux-gnu-ld.lld-19",
  ]) func isLinker(name: String) { #expect(swold_is_linker_name(name) != 0) }

  @Test(arguments: [
    "", "/", "ld/", "-ld", "ldd", "old", "ld-linux-x86-64.so.2", "ld64.lld", "wasm-ld", "lld",
    "mips-linux-gnu-ld", "aarch64_be-linux-gnu-ld", "x86_64-w64-mingw32-ld", "swold", "ld.swold",
    "x86_64-apple-darwin-ld", "ld.", "ld-", "as", "gcc",
  ]) func isNoLinker(name: String) { #expect(swold_is_linker_name(name) == 0) }

  @Test func optionsEndWithTheCommand() throws {
    let options = try RunOptions(["--run-log", "x", "-run", "--run-in-namespace", "make", "-j2"])
    #expect(options?.log == "x")
    #expect(options?.usesNamespace == true)
    #expect(options?.command == ["make", "-j2"])
    #expect(try RunOptions(["--run", "--run-log=y", "--", "-odd"])?.command == ["-odd"])
  }

  @Test(arguments: [
    [], ["a.o"], ["-o", "-run"], ["--run-log"], ["--run-log=x", "a.o"], ["--runs", "x"],
  ])
  func otherLinesAreLinks(arguments: [String]) throws {
    #expect(try RunOptions(arguments[...]) == nil)
  }

  @Test(arguments: [
    ["-run"], ["-run", "--"], ["-run", "--verbose", "make"], ["--run", "--run-log=x"],
  ])
  func wrongLinesAreErrors(arguments: [String]) {
    #expect(throws: RunFailure.self) { try RunOptions(arguments[...]) }
  }

  @Test func loadersAreTold() {
    #expect(swold_loader_of("/no/such/file") == SWOLD_LOADER_UNKNOWN)
    #expect(swold_loader_of("/bin/sh") == SWOLD_LOADER_GLIBC)
    #expect(swold_loader_of("/etc/passwd") == SWOLD_LOADER_UNKNOWN)
  }
}
