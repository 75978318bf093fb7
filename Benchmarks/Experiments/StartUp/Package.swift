// swift-tools-version: 6.2
import PackageDescription

// E7: what a build-id hash costs at start-up, in size, and what it delivers in speed.
let package = Package(
  name: "StartUp",
  dependencies: [.package(url: "https://github.com/apple/swift-crypto", from: "4.5.2")],
  targets: [
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .executableTarget(name: "plain", swiftSettings: [.swiftLanguageMode(.v6)]),
    .executableTarget(
      name: "crypto", dependencies: [.product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: [.swiftLanguageMode(.v6)]),
    .executableTarget(
      name: "openssl", dependencies: ["COpenSSL"], swiftSettings: [.swiftLanguageMode(.v6)]),
  ]
)
