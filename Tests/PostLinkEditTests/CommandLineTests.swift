// The options of the program, one by one: what they do, and what a wrong one is told.

import Testing

@Suite struct CommandLineTests {
  private let box = Sandbox()

  @Test func usageErrorsSayWhoWhatAndWhatNext() {
    box.buildFirmware("f")
    let lines: [(arguments: String, text: String)] = [
      ("put slot:ident str:y f", "say where the result of editing 'f' goes: -o FILE or -i"),
      ("apply -e seal f", "say where the result of editing 'f' goes"),
      ("put slot:ident str:y -o - f", "-o - is for export only"),
      ("frob slot:ident f", "there is no verb 'frob'"), ("--frob", "Unknown option '--frob'"),
      ("put --bogus f", "'--bogus'"), ("show", "Missing expected argument"),
      ("show sectoins f", "'sectoins' is no topic"), ("lint foo f", "unexpected 'foo'"),
      ("apply -o", "Missing value"), ("put slot:ident str:y -o out -i f", "either -o or -i"),
      ("put slot:ident str:y --hardlinks maybe -i f", "--hardlinks is refuse, break or rewrite"),
      ("put slot:ident str:y --overlay maybe -i f", "--overlay is keep or drop"),
      ("put slot:ident str:y --verify maybe -i f", "--verify is full"),
      ("put slot:ident str:y --diff-format maybe -i f", "--diff-format is text or json"),
      ("put slot:ident str:y --allow SE-SEALED -i f", "'SE-SEALED' cannot be waived"),
      ("put slot:ident str:y --backup .b -o out f", "--backup needs -i"),
      ("put slot:ident str:y --backup '' -i f", "--backup needs a suffix"),
      ("put slot:ident str:y --backup .b --hardlinks rewrite -i f", "choose one"),
      ("put slot:ident str:y -D X -i f", "-D takes NAME=VALUE"),
      ("apply -e seal -o out f f", "-o takes one input file"),
      ("export bin --json -o - f", "choose one"), ("export -o - f", "a format or a file"),
      ("sign slot=sig -i f", "--signer"),
      ("sign --signer \"'a\" slot=sig -i f", "a quote does not"),
      ("sign --signer '' slot=sig -i f", "the signer is empty"),
      ("sign --signer true -i f", "slot=NAME is missing"),
      ("put slot:ident -i f", "which is here 'f'"),
      ("soname x expect=str:y replace=yes -i f", "soname has no option"),
      ("fill rom holes=0 expect=hex:00 -i f", "fill has no option 'expect='"),
      ("export uf2 family=0x100000000 -o out f", "exceeds 32 bits"),
      ("digest sum8 over=rom holes=1,2 into=slot:crc -i f", "unexpected ',2'"),
      ("apply -e 'sign slot=sig' -i f", "'sign' is not allowed in scripts"),
      ("section replace .text str:x code=maybe -i f", "neither yes nor no"),
    ]
    let before = box.sha("f")
    for line in lines {
      let outcome = box.edit(line.arguments)
      #expect(
        outcome.status == 2 && outcome.errors.hasPrefix("swold-edit: error: ")
          && outcome.errors.contains(line.text) && outcome.errors.contains("hint: ")
          && outcome.output.isEmpty, "\(line.arguments): \(outcome)")
    }
    #expect(box.sha("f") == before)
    let missing = box.edit("show @nobody")
    #expect(missing.status == 3 && missing.errors.contains("'nobody'"))
    #expect(box.edit("--help").status == 0 && box.edit("sign --help").output.contains("--signer"))
  }

  @Test func messagesNameTheFile() {
    box.buildFirmware("fw")
    box.check("mv fw 'fw one.elf'")
    for arguments in [
      "put slot:nobody str:y -i", "assert '(0)' no", "entry '(0)' -n", "section remove .x -n",
      "interp /x -n", "lma all by=+0x20 remap=yes -n", "apply -e 'put sec:.bss hex:00' -n",
    ] {
      let outcome = box.edit("\(arguments) 'fw one.elf'")
      #expect(outcome.errors.contains("fw one.elf"), "\(arguments): \(outcome)")
    }
    box.write("text", "no program")
    for arguments in ["show", "lint", "seal -i", "export bin -o x"] {
      let outcome = box.edit("\(arguments) text")
      #expect(outcome.status == 3 && outcome.errors.contains("'text'"), "\(outcome)")
    }
  }

  @Test func responseFilesDiffsAndBackups() {
    box.buildFirmware("f")
    box.check("cp f old")
    box.write("words", "put\nslot:ident\nstr:two words\n--backup\n.orig\n-i\nf\n")
    #expect(box.edit("@words --diff-format json").status == 0)
    box.check("cmp old f.orig; strings f | grep -x 'two words'")
    // A second backup would hide the first.
    let again = box.edit("put slot:ident str:three replace=yes --backup .orig -i f")
    #expect(again.status == 3 && again.errors.contains("f.orig"))
    box.check("strings f | grep -x 'two words'")
    let diff = box.edit("put slot:ident str:three replace=yes --diff-format json -n f")
    box.write("json", diff.output)
    box.check("python3 -c 'import json; assert len(json.load(open(\"json\"))) > 0'")
    let both = box.edit("apply -e 'export bin to=- fill=0' --json f")
    #expect(both.status == 1 && both.errors.contains("both write to standard output"))
  }

  @Test func pipesAndDevicesStayWhatTheyAre() {
    box.buildFirmware("f")
    box.check(
      "mkfifo p; cat p > got & '\(Sandbox.editor)' export bin fill=0 -o p f; wait; test -p p")
    box.check("'\(Sandbox.editor)' export bin fill=0 -o want f; cmp got want")
    box.check("mkfifo q; cat q > got & '\(Sandbox.editor)' put slot:ident str:x -o q f; wait")
    box.check("test -p q; '\(Sandbox.editor)' put slot:ident str:x -o want f; cmp got want")
  }

  @Test func expectationsAreForEveryVerbThatReplaces() {
    box.buildProgram("app")
    for (good, bad) in [
      ("interp /x expect=str:/lib64/ld-linux-x86-64.so.2", "interp /x expect=str:/lib/other.so"),
      (
        "section replace .comment str:x expect=str:GCC",
        "section replace .comment str:x expect=str:X"
      ),
    ] {
      #expect(box.edit("\(good) -n app").status == 0, "\(box.edit("\(good) -n app"))")
      let refused = box.edit("\(bad) -n app")
      #expect(refused.status == 1 && refused.errors.contains("SE-EXPECT"), "\(refused)")
    }
    let refused = box.edit("build-id recompute expect=hex:00 -n app")
    #expect(refused.errors.contains("SE-EXPECT") || refused.status == 0)
  }
}
