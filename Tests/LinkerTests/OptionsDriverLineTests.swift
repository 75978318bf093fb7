import Testing

@testable import Linker

/// The lines that compiler drivers send on every link. None may cause an error or a warning: build
/// systems probe with --fatal-warnings.
@Suite struct OptionsDriverLineTests {
  static let gcc =
    """
    -plugin /usr/lib/gcc/x86_64-linux-gnu/12/liblto_plugin.so \
    -plugin-opt=/usr/lib/gcc/x86_64-linux-gnu/12/lto-wrapper -plugin-opt=-fresolution=/tmp/c.res \
    -plugin-opt=-pass-through=-lgcc -plugin-opt=-pass-through=-lgcc_s \
    -plugin-opt=-pass-through=-lc -plugin-opt=-pass-through=-lgcc -plugin-opt=-pass-through=-lgcc_s \
    --build-id --eh-frame-hdr -m elf_x86_64 --hash-style=gnu --as-needed \
    -dynamic-linker /lib64/ld-linux-x86-64.so.2
    """
  static let gccEnd =
    "-o a -L/usr/lib crt1.o a.o -lgcc --push-state --as-needed -lgcc_s --pop-state -lc crtn.o"
  static let clang =
    "--hash-style=gnu --build-id --eh-frame-hdr -m elf_x86_64 -pie -dynamic-linker /lib64/ld.so"
  static let clangEnd = "-o a a.o -lgcc --as-needed -lgcc_s --no-as-needed -lc"

  static let lines: [String] = [
    "\(gcc) -pie \(gccEnd)",
    "\(gcc) \(gccEnd)",
    "-plugin p.so -plugin-opt=x -m elf_x86_64 -static a.o --start-group -lgcc -lgcc_eh -lc --end-group",
    "-plugin p.so -static -pie --no-dynamic-linker -z text -pie a.o --start-group -lc --end-group",
    "\(gcc) -shared \(gccEnd)",
    "-plugin p.so -m elf_x86_64 -dynamic-linker /lib64/ld.so -r a.o",
    "\(gcc) -pie -export-dynamic \(gccEnd)",
    "\(gcc) -pie a.o --push-state --no-as-needed -lasan --pop-state -lc",
    "\(gcc) a.o -lstdc++ -lm -lgcc_s -lgcc -lc",
    "\(clang) \(clangEnd)",
    "-static -pie --no-dynamic-linker -z text --build-id --eh-frame-hdr a.o",
    "\(clang) --whole-archive rt.a --no-whole-archive --export-dynamic --no-as-needed \(clangEnd)",
    "\(clang) -u__llvm_profile_runtime \(clangEnd)",
    "\(clang) -plugin LLVMgold.so -plugin-opt=mcpu=x86-64 -plugin-opt=thinlto \(clangEnd)",
    "\(clang) --compress-debug-sections=zlib \(clangEnd)",
    "\(clang) --compress-debug-sections=zstd \(clangEnd)",
    "\(gcc) -pie a.o --as-needed -Bstatic -lstd -Bdynamic -lc --eh-frame-hdr -z noexecstack "
      + "--gc-sections -z relro -z now -O1 --strip-all --strip-debug",
    "\(gcc) -shared --version-script=list --no-undefined-version -soname=libx.so \(gccEnd)",
    "\(clang) swiftrt.o -L/usr/lib/swift -lswiftCore --build-id -rpath /usr/lib/swift \(clangEnd)",
    "\(clang) --start-group -lswiftCore -lstdc++ --end-group -export-dynamic --exclude-libs ALL a.o",
    "-static -undefined=pthread_self -undefined=pthread_once -undefined=pthread_key_create a.o",
    // libtool, meson, CMake, distributions.
    "-shared -soname libx.so.1 --whole-archive a.a --no-whole-archive -rpath /x --export-dynamic a.o",
    "--fatal-warnings --as-needed --no-undefined --allow-shlib-undefined -rpath-link /x a.o",
    "-O1 --sort-common --hash-style=gnu -z pack-relative-relocs --defsym=__gentoo_check_ldflags__=0 a.o",
    "-Bsymbolic-functions --no-keep-memory --no-copy-dt-needed-entries --no-add-needed -EL a.o",
    "--no-warn-rwx-segments --no-warn-execstack --warn-common --no-warn-mismatch a.o",
  ]

  @Test(arguments: lines)
  func `passes without error or warning`(line: String) {
    let result = parse(line)
    #expect(result.errors == [])
    #expect(result.warnings == [])
    #expect(result.action == .link)
  }

  @Test func `gcc's line means what gcc means`() {
    let options = parse("\(Self.gcc) -pie \(Self.gccEnd)").options
    #expect(options.outputKind == .pie)
    #expect(options.outputPath == "a")
    #expect(options.buildID == .tree)
    #expect(options.ehFrameHeader)
    #expect(options.machine == .x86_64)
    #expect(options.hashStyle == .gnu)
    #expect(options.dynamicLinker == "/lib64/ld-linux-x86-64.so.2")
    #expect(options.plugins.map(\.options.count) == [7])
    #expect(options.inputs.allSatisfy { $0.switches == InputSwitches(asNeeded: true) })
  }
}
