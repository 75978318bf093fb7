// Signatures made by another program, and the record of what was edited.

import Testing

@testable import ELF
@testable import PostLinkEdit

@Suite struct SignTests {
  private let box = Sandbox()

  @Test func opensslSignsTheImage() {
    box.buildFirmware("fw.elf")
    box.check("openssl genrsa -out 'my key.pem' 2048 2>/dev/null")
    box.check("openssl rsa -in 'my key.pem' -pubout -out public.pem 2>/dev/null")
    let signer = "--signer 'openssl dgst -sha256 -sign \"my key.pem\"'"
    let signed = box.edit("sign \(signer) slot=sig holes=0xFF -o signed.elf fw.elf")
    #expect(signed.status == 0, "\(signed)")
    box.check("objcopy -O binary -j .slot.sig signed.elf sig.bin; test $(stat -c %s sig.bin) = 256")
    for file in ["fw.elf", "signed.elf"] {
      #expect(box.edit("export tbs over=rom except=slot:sig holes=0xFF -o tbs \(file)").status == 0)
      box.check("openssl dgst -sha256 -verify public.pem -signature sig.bin tbs")
    }
    // RSA of one key is the same every time: nothing to do, and no change after the signature.
    let again = box.edit("sign \(signer) slot=sig holes=0xFF -i signed.elf")
    #expect(again.status == 1 && again.errors.contains("SE-NO-EFFECT"), "\(again)")
    #expect(box.edit("sign \(signer) slot=sig holes=0xFF if-needed -i signed.elf").status == 0)
    #expect(box.edit("put sec:.rodata str:X pad=keep -i signed.elf").status == 0)
    box.check(
      "'\(Sandbox.editor)' export tbs over=rom except=slot:sig holes=0xFF -o tbs signed.elf")
    #expect(box.run("openssl dgst -sha256 -verify public.pem -signature sig.bin tbs").status != 0)
    #expect(box.edit("sign \(signer) slot=sig holes=0xFF -i signed.elf").errors.contains("REWRITE"))
    #expect(box.edit("sign \(signer) slot=sig holes=0xFF replace=yes -i signed.elf").status == 0)
    #expect(box.edit("seal -i signed.elf").status == 0)
    let sealed = box.edit("sign --signer 'touch ran' slot=sig holes=0 replace=yes -i signed.elf")
    #expect(sealed.errors.contains("SE-SEALED") && box.run("test -e ran").status != 0)
  }

  @Test func shortAndLongSignatures() {
    box.buildFirmware("fw.elf")
    let range = "slot=sig over=sec:.rodata"
    #expect(box.edit("sign --signer 'printf abc' \(range) -o out fw.elf").status == 0)
    box.check(
      "objcopy -O binary -j .slot.sig out sig; "
        + "python3 -c \"assert open('sig','rb').read() == b'abc' + b'\\xff' * 253\"")
    #expect(box.edit("sign --signer 'printf abc' \(range) pad=zero -o out fw.elf").status == 0)
    box.check(
      "objcopy -O binary -j .slot.sig out sig; "
        + "python3 -c \"assert open('sig','rb').read() == b'abc' + bytes(253)\"")
    // What the signer reads is the range, and no shell is between.
    #expect(box.edit("sign --signer cat slot=sig over=sec:.rodata -o out fw.elf").status == 0)
    box.check("objcopy -O binary -j .slot.sig out sig; head -c 29 sig | grep -q '^read-only data'")
    let before = box.sha("fw.elf")
    // Everything but the length is SE-SIGNER.
    for (signer, text) in [
      ("head -c 257 /dev/zero", "SE-SLOT-OVERFLOW"), ("true", "wrote nothing"),
      ("false", "failed with status 1"), ("no-such-program", "cannot be started"),
      ("sh -c \"kill -9 $$\"", "ended by signal 9"),
      ("head -c 2000000 /dev/zero", "wrote 2000000 bytes"),
    ] {
      let outcome = box.edit("sign --signer '\(signer)' \(range) -i fw.elf")
      #expect(outcome.status == 1 && outcome.errors.contains(text), "\(outcome)")
      #expect(outcome.errors.contains("SE-SIGNER") != text.hasPrefix("SE-"))
      #expect(box.sha("fw.elf") == before)
    }
    let holes = box.edit("sign --signer cat slot=ident -n fw.elf")
    #expect(holes.status == 1 && holes.errors.contains("SE-HOLE-DIGEST"), "\(holes)")
  }

  @Test func provenanceNamesTheScript() throws {
    box.buildProgram("app")
    box.write(
      "s.sedit", "sedit 1\nput slot:ident str:1.2 if-needed\nbuild-id recompute if-needed\n")
    #expect(box.edit("apply -f s.sedit --provenance -i app").status == 0)
    #expect(box.check("./app --version") == "1.2\n")
    let notes = box.check("'\(Sandbox.editor)' show notes --json app")
    box.write("notes.json", notes)
    let text = box.check(
      "python3 -c \"import json; n=[n for n in json.load(open('notes.json'))['notes'] "
        + "if n['section']=='.note.swold.edits']; assert len(n)==1 and n[0]['type']==2, n; "
        + "d=bytes.fromhex(n[0]['description']); assert d[:4]==bytes([1,0,0,0]); "
        + "print(d[4:36].hex()); print(d[36:].rstrip(bytes(1)).decode().replace(chr(0),'|'))\"")
    let sum = box.check("sha256sum s.sedit").split(separator: " ")[0]
    #expect(text == "\(sum)\nswold-edit \(postLinkEditVersion)|put build-id\n")
    // The same again changes nothing; another edit adds a record; two copies are equal.
    let once = box.sha("app")
    #expect(box.edit("apply -f s.sedit --provenance -i app").status == 0)
    #expect(box.sha("app") == once)
    box.check("cp app copy")
    for file in ["app", "copy"] {
      let outcome = box.edit("put slot:tag str:x --provenance --json -i \(file)")
      #expect(outcome.status == 0 && outcome.output.contains("\"provenance\""), "\(outcome)")
    }
    box.check("cmp app copy; test $(readelf -p .note.swold.edits app | grep -c swold-edit) = 2")
    #expect(box.edit("lint app").status == 0)
    box.check("./app")
    // Without section headers there is no place for it.
    box.check(
      "cp app bare; llvm-strip-19 --strip-sections bare || objcopy --strip-section-headers bare")
    let bare = box.edit("put va:0x2000 hex:00 --provenance -n bare")
    #expect(bare.status == 1 && bare.errors.contains("SE-UNSUPPORTED"), "\(bare)")
  }
}
