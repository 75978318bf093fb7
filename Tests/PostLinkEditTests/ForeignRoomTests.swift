// Strings and tables that outgrow their place in what other linkers made. Nobody reserved room there, so
// each kind of it is shown: bytes of .dynstr that nothing reads any more, zeros behind a segment, a
// program header that another one makes needless, a moved .dynamic, a moved program header table.

import Testing

@Suite struct ForeignRoomTests {
  static let linkers = ["bfd", "gold", "lld", "mold"]
  static let path = "/opt/store/" + String(repeating: "0123456789abcdef", count: 12)

  /// A library `libfoo.so` and a program `app` that prints 7 with it.
  private func build(
    _ box: Sandbox, _ linker: String, flags: String = "", program: String = ""
  ) -> Bool {
    guard linker != "mold" || box.run("which mold").status == 0 else { return false }
    let use =
      linker == "lld" ? "-B/usr/lib/llvm-19/bin -fuse-ld=lld" : "-B/usr/bin -fuse-ld=\(linker)"
    box.write("foo.c", "int foo(void) { return 7; }\n")
    box.write(
      "app.c",
      "#include <stdio.h>\nint foo(void);\nint main(void) { printf(\"%d\\n\", foo()); return 0; }\n"
    )
    box.check(
      "gcc \(use) \(flags) -shared -fPIC -o libfoo.so foo.c && "
        + "gcc \(use) \(flags) \(program) -o app app.c ./libfoo.so && test \"$(./app)\" = 7")
    return true
  }

  /// What eu-elflint says, without numbers.
  private func complaints(_ box: Sandbox, _ file: String) -> Set<String> {
    let lines = box.run("eu-elflint --gnu-ld \(file) | sed 's/ *[0-9][0-9a-fx]*/ #/g'").output
    return Set(lines.split(separator: "\n").map(String.init)).subtracting(["No errors"])
  }

  /// The program runs, lint tools have nothing new to say, and old tools leave it running.
  private func survives(_ box: Sandbox, _ file: String, was old: String, shows wanted: String) {
    #expect(box.run("readelf -dlW \(file)").output.contains(wanted))
    let run = box.run("./app")
    #expect(run.output == "7\n", "\(run)")
    let new = complaints(box, file).subtracting(complaints(box, old))
    #expect(new.isEmpty, "\(new)")
    box.check("cp \(file) edited")
    let tools = [
      "strip", "eu-strip", "llvm-strip-19", "objcopy", "llvm-objcopy-19", "patchelf --set-rpath /x",
    ]
    // Where those of GNU and elfutils look for the program headers.
    #expect(box.run("readelf -h \(file)").output.contains("64 (bytes into file)"))
    for tool in tools {
      // Some fail on what the linker made.
      guard box.run("cp \(old) t && \(tool) t").status == 0 else { continue }
      box.check("cp edited \(file) && \(tool) \(file)")
      let run = box.run("./app")
      #expect(run.output == "7\n", "\(tool): \(run)")
    }
    box.check("cp edited \(file)")
  }

  @Test(arguments: linkers)
  func firstRunPath(_ linker: String) {
    let box = Sandbox()
    guard build(box, linker) else { return }
    for file in ["app", "libfoo.so"] {
      box.check("cp \(file) old")
      let outcome = box.edit("rpath set '\(Self.path)' -i \(file)")
      #expect(outcome.status == 0, "\(outcome)")
      survives(box, file, was: "old", shows: Self.path)
    }
  }

  @Test(arguments: linkers)
  func longerInterpreter(_ linker: String) {
    let box = Sandbox()
    guard build(box, linker) else { return }
    let name = "a-dynamic-loader-with-a-name-that-is-longer-than-its-place.so.2"
    box.check("cp -L /lib64/ld-linux-x86-64.so.2 \(name) && cp app old")
    let outcome = box.edit("interp \"$PWD/\(name)\" -i app")
    #expect(outcome.status == 0, "\(outcome)")
    survives(box, "app", was: "old", shows: name)
  }

  /// What the old value frees takes the new one, wherever it is, and the file keeps its size.
  @Test(arguments: linkers)
  func shorterRunPath(_ linker: String) {
    let box = Sandbox()
    guard build(box, linker, program: "-Wl,-rpath,\(Self.path)") else { return }
    box.check("cp app old")
    let size = box.read("app").count
    let outcome = box.edit("rpath set /usr/share/none -i app")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(box.read("app").count == size)
    survives(box, "app", was: "old", shows: "[/usr/share/none]")
  }

  /// The new name takes the bytes of the old one, by which the entry is not found any more then.
  @Test(arguments: linkers)
  func shorterNameOfALibrary(_ linker: String) {
    let box = Sandbox()
    guard build(box, linker) else { return }
    let name = "libfoo-\(String(repeating: "x", count: 60)).so"
    box.check(
      "gcc -shared -fPIC -Wl,-soname,\(name) -o \(name) foo.c && gcc -o app app.c ./\(name)")
    let outcome = box.edit("needed replace \(name) libfoo.so -i app")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(box.run("readelf -dW app").output.contains("[libfoo.so]"))
    #expect(box.run("LD_LIBRARY_PATH=$PWD ./app").output == "7\n")
  }

  /// More tags than any linker leaves room for, and more strings than a tail has.
  @Test(arguments: linkers)
  func manyLibraries(_ linker: String) {
    let box = Sandbox()
    guard build(box, linker) else { return }
    for file in ["app", "libfoo.so"] {
      box.check("cp \(file) old")
      var edits = ""
      for number in 0..<60 {
        let name = "lib\(number)-\(String(repeating: "x", count: 100)).so"
        box.check("gcc -shared -fPIC -Wl,-soname,\(name) -o \(name) foo.c")
        edits += " -e 'needed add \(name)'"
      }
      let outcome = box.edit("apply \(edits) -i \(file)")
      #expect(outcome.status == 0, "\(outcome)")
      #expect(box.run("LD_LIBRARY_PATH=$PWD ./app").output == "7\n")
      #expect(box.edit("lint \(file)").status == 0, "\(box.edit("lint \(file)"))")
      let moved = box.run("readelf -sW \(file) | awk '$NF==\"_DYNAMIC\"{print $2; exit}'").output
      if !moved.isEmpty {
        let place = box.run("readelf -lW \(file) | awk '$1==\"DYNAMIC\"{print $3}'").output
        #expect(place.trimmed.hasSuffix(moved.trimmed.drop { $0 == "0" }.lowercased()))
      }
      box.check("cp old \(file)")
    }
  }
}
