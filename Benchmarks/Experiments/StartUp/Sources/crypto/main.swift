// The same with swift-crypto behind a second branch, as a build-id would be.
import Crypto
import Glibc

let arguments = CommandLine.arguments
if arguments.count > 1 && arguments[1] == "--version" {
  let text = "version 1\n"
  text.utf8.withContiguousStorageIfAvailable { _ = write(1, $0.baseAddress, $0.count) }
} else {
  let size = 64 << 20
  let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 4096)
  for index in 0..<size { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
  func rate(_ name: String, _ body: () -> UInt8) {
    var times: [Double] = []
    for _ in 0..<5 {
      var begin = timespec(), end = timespec()
      clock_gettime(CLOCK_MONOTONIC, &begin)
      _ = body()
      clock_gettime(CLOCK_MONOTONIC, &end)
      times.append(Double(end.tv_sec - begin.tv_sec) + Double(end.tv_nsec - begin.tv_nsec) / 1e9)
    }
    print(name, Int(Double(size) / times.sorted()[2] / 1e6), "MB/s")
  }
  let view = UnsafeRawBufferPointer(bytes)
  rate("SHA-1 swift-crypto") {
    var hash = Insecure.SHA1()
    hash.update(bufferPointer: view)
    return hash.finalize().withUnsafeBytes { $0[0] }
  }
  rate("SHA-256 swift-crypto") {
    var hash = SHA256()
    hash.update(bufferPointer: view)
    return hash.finalize().withUnsafeBytes { $0[0] }
  }
}
