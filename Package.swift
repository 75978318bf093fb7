// swift-tools-version: 6.2
import PackageDescription

// Every target is compiled in the Swift 6 language mode. `any` blocks specialisation, so it has
// to be visible in the source; imports are internal, so a library shows only what it means to.
let common: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// The libraries that read untrusted files and have no hot path say `unsafe` where they mean it
// (SE-0458). Linker keeps its pointers in Storage/ instead; docs/Experiments.md, E9, says why.
let strict: [SwiftSetting] = common + [.strictMemorySafety()]

let package = Package(
  name: "swold",
  products: [
    .executable(name: "swold", targets: ["swold"]),
    .executable(name: "swold-lto", targets: ["swold-lto"]),
    .executable(name: "swold-edit", targets: ["swold-edit"]),
    .executable(name: "swold-map", targets: ["swold-map"]),
    .library(name: "PostLinkEdit", targets: ["PostLinkEdit"]),
    .library(name: "MapLang", targets: ["MapLang"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
  ],
  targets: [
    // System libraries.
    .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    // Header only: file system calls that Glibc's Swift module lacks.
    .systemLibrary(name: "CFileSystem"),
    // What C can say and Swift cannot: the C++ demangler's declaration, prefetches.
    .target(name: "CShims", linkerSettings: [.linkedLibrary("stdc++")]),
    // The interface of compilers' plugins, and what of it needs C.
    .target(name: "CLinkerPlugin"),

    // Libraries.
    .target(name: "ELF", swiftSettings: strict),
    // swold -run: the C part is shared with the library that LD_PRELOAD brings into other programs,
    // which the makefile builds.
    .target(name: "ExecInterpose", exclude: ["Hooks"]),
    .target(
      name: "CommandRunner", dependencies: ["ELF", "ExecInterpose"], swiftSettings: common),
    .target(name: "MapLang", dependencies: ["Parallel", "Text"], swiftSettings: strict),
    .target(name: "Parallel", dependencies: ["CShims"], swiftSettings: common),
    // Section maps as GNU ld scripts, and the other way round.
    .target(name: "ScriptExport", dependencies: ["MapLang"], swiftSettings: strict),
    .target(name: "ScriptImport", dependencies: ["MapLang", "Text"], swiftSettings: strict),
    .target(name: "Text", swiftSettings: strict),
    // Pictures of memories: HTML, SVG and JSON.
    .target(name: "MemoryPicture", dependencies: ["MapLang", "Text"], swiftSettings: strict),
    .target(
      name: "Linker",
      dependencies: [
        "ELF", "MapLang", "MemoryPicture", "Parallel", "Text", "CFileSystem", "COpenSSL", "CXXHash",
        "CZlib", "CZstd", "CShims",
      ],
      swiftSettings: common),
    .target(
      name: "PostLinkEdit",
      dependencies: [
        "ELF", "MapLang", "Parallel", "Text", "CFileSystem", "COpenSSL", "CXXHash", "CZlib",
        "CZstd",
      ],
      swiftSettings: strict),

    // --post: joins the linker and the post-link editor, which do not know each other.
    .target(name: "PostEditing", dependencies: ["Linker", "PostLinkEdit"], swiftSettings: common),
    // --import-scripts: joins the linker and the importer of scripts.
    .target(name: "LayoutImport", dependencies: ["Linker", "ScriptImport"], swiftSettings: common),

    // Programs.
    .executableTarget(
      name: "swold", dependencies: ["CommandRunner", "LayoutImport", "Linker", "PostEditing"],
      swiftSettings: common),
    // The linker as a program that can load plugins. It has to be dynamic: `make` links it again.
    .executableTarget(
      name: "swold-lto",
      dependencies: ["CLinkerPlugin", "ELF", "LayoutImport", "Linker", "PostEditing"],
      swiftSettings: common),
    .executableTarget(
      name: "swold-edit",
      dependencies: [
        "PostLinkEdit", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: common),
    // The edits of Tests/Robustness/foreign_edits.py, in one process.
    .executableTarget(
      name: "edit-server", dependencies: ["PostLinkEdit"], path: "Tests/Robustness/EditServer",
      swiftSettings: common),
    .executableTarget(
      name: "swold-map",
      dependencies: [
        "MapLang", "MemoryPicture", "ScriptExport", "ScriptImport", "Text",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: common),

    // Tests.
    .target(
      name: "_TestSupport",
      dependencies: ["ELF", .product(name: "Subprocess", package: "swift-subprocess")],
      path: "Tests/_TestSupport", swiftSettings: common),
    .testTarget(
      name: "CommandRunnerTests", dependencies: ["CommandRunner", "ExecInterpose"],
      swiftSettings: common),
    .testTarget(name: "ELFTests", dependencies: ["ELF"], swiftSettings: common),
    .testTarget(
      name: "MapLangTests", dependencies: ["MapLang", "Text", "_TestSupport"], swiftSettings: common
    ),
    .testTarget(
      name: "MemoryPictureTests", dependencies: ["MapLang", "MemoryPicture", "Text"],
      swiftSettings: common),
    .testTarget(name: "ParallelTests", dependencies: ["Parallel"], swiftSettings: common),
    .testTarget(
      name: "ScriptExportTests",
      dependencies: ["ScriptExport", "ScriptImport", "MapLang", "_TestSupport"],
      swiftSettings: common),
    .testTarget(
      name: "ScriptImportTests", dependencies: ["ScriptImport", "MapLang", "Text", "_TestSupport"],
      swiftSettings: common),
    .testTarget(name: "TextTests", dependencies: ["Text"], swiftSettings: common),
    .testTarget(
      name: "LinkerTests",
      dependencies: ["Linker", "ELF", "Text", "CZlib", "CZstd", "_TestSupport"],
      swiftSettings: common),
    .testTarget(
      name: "PostLinkEditTests", dependencies: ["PostLinkEdit", "ELF", "_TestSupport"],
      swiftSettings: common),
    .testTarget(
      name: "EndToEndTests", dependencies: ["_TestSupport", "ELF"],
      exclude: ["Cases", "Machines", "firmware.sh", "prelude.sh"],
      swiftSettings: common),
    .testTarget(
      name: "TidyTests", dependencies: ["_TestSupport"], exclude: ["AllowList.txt"],
      swiftSettings: common),
  ]
)
