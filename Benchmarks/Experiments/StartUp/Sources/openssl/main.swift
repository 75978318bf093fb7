// The same with libcrypto of OpenSSL behind a second branch, as a build-id would be.
import COpenSSL
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
  // The low-level functions, not SHA1() and SHA256(): in OpenSSL 3 those bring the whole library.
  rate("SHA-1 OpenSSL") {
    var digest = [UInt8](repeating: 0, count: 20)
    var state = SHA_CTX()
    _ = SHA1_Init(&state)
    _ = SHA1_Update(&state, bytes.baseAddress, size)
    _ = SHA1_Final(&digest, &state)
    return digest[0]
  }
  rate("SHA-256 OpenSSL") {
    var digest = [UInt8](repeating: 0, count: 32)
    var state = SHA256_CTX()
    _ = SHA256_Init(&state)
    _ = SHA256_Update(&state, bytes.baseAddress, size)
    _ = SHA256_Final(&digest, &state)
    return digest[0]
  }
}
