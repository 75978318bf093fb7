// Rows: input files, where they are searched, the switches that hold for those that follow.

extension OptionTable {
  @OptionRows static var inputs: [OptionRow] {
    custom(
      "library", "l", for: "NAME", form: .required,
      help: "Link with libNAME.so or libNAME.a; :FILE names the file itself"
    ) { parser, use in
      parser.addInput(.library(use.text))
    }
    value("library-path", "L", for: "DIR", help: "Search DIR for libraries") {
      $0.libraryPaths.append($1)
    }
    inputSwitch("as-needed", help: "Record only those shared libraries that are used") {
      $0.asNeeded = $1
    }
    inputSwitch("whole-archive", help: "Take all members of archives") { $0.wholeArchive = $1 }
    custom(
      "push-state", form: .none, help: "Remember --as-needed, --whole-archive and -Bstatic"
    ) { parser, _ in parser.pushState() }
    custom("pop-state", form: .none, help: "Return to what --push-state remembered") {
      parser, use in parser.popState(use)
    }
    custom(
      "Bstatic", "dn", "non_shared", form: .none,
      help: "Let -l find archives only, and refuse shared libraries"
    ) { parser, _ in parser.switches.isStatic = true }
    custom(
      "static", form: .none,
      help: "As -Bstatic; a program without shared libraries needs no dynamic linker"
    ) { parser, _ in
      parser.switches.isStatic = true
      parser.options.isStatic = true
    }
    custom(
      "Bdynamic", "dy", "call_shared", form: .none, help: "Let -l find shared libraries (default)"
    ) { parser, _ in parser.switches.isStatic = false }
    custom("start-group", "(", form: .none, help: "Accepted; archives need no order") {
      parser, _ in parser.addInput(.startGroup)
    }
    custom("end-group", ")", form: .none, help: "Accepted; archives need no order") {
      parser, _ in parser.addInput(.endGroup)
    }
    custom(
      "start-lib", form: .none, help: "Treat the objects that follow as members of an archive"
    ) { parser, use in
      if parser.switches.inLibrary { parser.error(.nestedStartLib(use.spelling)) }
      parser.switches.inLibrary = true
    }
    custom("end-lib", form: .none, help: "End --start-lib") { parser, use in
      if !parser.switches.inLibrary { parser.error(.endLibWithoutStart(use.spelling)) }
      parser.switches.inLibrary = false
    }
    custom(
      "format", "b", for: "elf|binary|default", form: .required,
      help: "Take the files that follow as objects or as raw data"
    ) { parser, use in
      parser.setInputFormat(use)
    }
    custom(
      "script", "T", for: "FILE", form: .required,
      help: "Read a linker script; for layout see --section-map and --import-scripts"
    ) { parser, use in parser.addInput(.script(use.text)) }
    custom(
      "mri-script", "c", for: "FILE", form: .required, help: "Obey a script for the linker of MRI"
    ) { parser, use in parser.readMRIScript(use) }
    value("default-script", "dT", for: "FILE", help: "As --script, unless there is one") {
      $0.defaultScript = $1
    }
    custom(
      "just-symbols", for: "FILE", form: .required, help: "Take only the symbols of FILE"
    ) { parser, use in parser.addInput(.justSymbols(use.text)) }
    custom(
      "R", for: "DIR", form: .required, help: "As --rpath; with a file: as --just-symbols"
    ) { parser, use in parser.addRpathOrSymbols(use) }
    custom(
      "exclude-libs", for: "LIB,...|ALL", form: .required,
      help: "Do not export the symbols of these archives"
    ) { parser, use in
      let names = use.text.split { $0 == "," || $0 == ":" }
      parser.options.excludeLibs += names.map(String.init)
    }
    value("sysroot", for: "DIR", help: "What = and $SYSROOT stand for in paths of libraries") {
      $0.sysroot = $1
    }
    custom("directory", "C", for: "DIR", form: .required, help: "Change to DIR first") {
      parser, use in
      parser.options.directory = use.text
      parser.leaveOutOfReplay()
    }
    custom(
      "chroot", for: "DIR", form: .required, help: "Let absolute paths of inputs begin in DIR"
    ) { parser, use in
      parser.options.chroot = use.text
      parser.leaveOutOfReplay()
    }
    flag("nostdlib", help: "Search only the -L directories") { $0.noStandardLibraryPaths = true }
    custom(
      "remap-inputs", for: "PATTERN=FILE", form: .required,
      help: "Read FILE where the link asks for a path that matches PATTERN"
    ) { parser, use in parser.addRemap(use) }
    custom(
      "remap-inputs-file", for: "FILE", form: .required, help: "The same, a line each, from FILE"
    ) { parser, use in parser.addRemaps(use) }
    flag("copy-dt-needed-entries", "add-needed", help: "Link with what libraries need") {
      $0.copyDTNeeded = true
    }
    flag(
      "no-copy-dt-needed-entries", "no-add-needed",
      help: "Link only with the libraries that are named (default)"
    ) { $0.copyDTNeeded = false }
    toggle(
      "dependent-libraries", help: "Link with the libraries that objects name (default)",
      negatedHelp: "Take no notice of them"
    ) { $0.dependentLibraries = $1 }
    choice("rsp-quoting", help: "Quoting in response files", among: [("posix", true)]) { _, _ in }
  }

  /// A toggle for the inputs that follow it.
  private static func inputSwitch(
    _ name: String, help: String,
    _ set: @escaping @Sendable (inout InputSwitches, Bool) -> Void
  ) -> [OptionRow] {
    [
      custom(name, form: .none, help: help) { parser, _ in set(&parser.switches, true) },
      custom("no-" + name, form: .none, help: "The opposite of --\(name) (default)") { parser, _ in
        set(&parser.switches, false)
      },
    ]
  }
}
