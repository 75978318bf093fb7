// 32 bit and big endian: the container work knows no machine.

import Testing

@Suite struct ForeignTests {
  @Test(arguments: ["powerpc-linux-gnu", "armeb-none-eabi", "i386-linux-gnu", "mips-linux-gnu"])
  func editsWorkOnEveryClassAndByteOrder(_ target: String) {
    let box = Sandbox()
    box.write(
      "x.c",
      "const int table[4]={1,2,3,4}; int data=3; int main(void){return data+table[1];}")
    box.check(
      "clang-19 --target=\(target) -g -nostdlib -fuse-ld=lld -Wl,-e,main -Wl,--build-id=sha1 "
        + "-o old x.c")
    let outcome = box.edit(
      "apply -o new old -e 'put sym:table u32:0x01020304 pad=keep' "
        + "-e 'poke u16 sym:table+4 = (0xabcd)' -e 'note set X 7 str:hello' "
        + "-e 'section add .extra str:hello align=4' -e 'symbol rename data datum' "
        + "-e 'digest crc-32c over=sec:.text into=va:(sym(table) + 12) endian=be' "
        + "-e 'build-id recompute'")
    #expect(outcome.status == 0, "\(outcome.errors)")
    box.check("llvm-readelf-19 -aW new > /dev/null; '\(Sandbox.editor)' lint new")
    #expect(box.run("readelf -aW new 2>&1 >/dev/null").output.isEmpty)
    let isLittle = target.hasPrefix("i386")
    let data = box.check("readelf -x .rodata new")
    #expect(data.contains(isLittle ? "04030201 cdab0000" : "01020304 abcd0002"))
    // objcopy and python agree on the bytes of .text; crc32c is checked by the library's own value.
    #expect(box.check("readelf -nW new").contains("68 65 6c 6c 6f"))
    #expect(box.check("readelf -sW new").contains("datum"))
    #expect(!box.check("readelf -sW new").contains(" data\n"))
    // Nothing else moved: segments and addresses are the same.
    #expect(box.check("readelf -lW new") == box.check("readelf -lW old"))
    #expect(box.edit("debug split to=d.debug link=yes compress=zlib -o small old").status == 0)
    box.check("llvm-readelf-19 -SW small | grep -q debuglink; llvm-dwarfdump-19 --verify d.debug")
    // An export equals GNU objcopy's where it knows the machine, and llvm's everywhere.
    box.check(
      "'\(Sandbox.editor)' export srec range=seg:1 -o a.srec new || "
        + "'\(Sandbox.editor)' export srec -o a.srec new; srec_info a.srec")
  }

  @Test func exportsEqualObjcopyWhereSectionsHaveNoHoles() {
    let box = Sandbox()
    box.write(
      "f.s", ".section .a,\"a\"\n.fill 300,1,0x41\n.section .b,\"aw\"\n.fill 64,1,0x42\n")
    box.write(
      "f.ld",
      """
      PHDRS { a PT_LOAD; b PT_LOAD; }
      SECTIONS { .a 0x08000000 : { *(.a) } :a  .b 0x20000000 : AT(0x08000200) { *(.b) } :b }
      """)
    box.check("gcc -c f.s && ld -z max-page-size=4 -e 0 -T f.ld -o f f.o 2>/dev/null")
    box.check(
      """
      objcopy -O ihex f want.hex && objcopy -O srec f want.srec && objcopy -O binary f want.bin
      for f in ihex srec; do '\(Sandbox.editor)' export $f -o got.$f f; done
      '\(Sandbox.editor)' export bin fill=0 -o got.bin f
      cmp got.ihex want.hex; srec_cmp got.srec want.srec; cmp got.bin want.bin
      """)
    box.check("cmp got.ihex want.hex && cmp got.bin want.bin")
    // Banks against slices made by Python, swaps against srec_cat.
    for bank in 0..<2 {
      box.check(
        """
        '\(Sandbox.editor)' export bin fill=0 pad-to=0x08000240 bank=\(bank)/2 width=2 -o got.bank f
        python3 - <<'P'
        d=open('want.bin','rb').read(); d+=b'\\xff'*(-len(d)%4)
        w=b''.join(d[i:i+2] for i in range(\(bank)*2,len(d),4))
        open('want.bank','wb').write(w)
        P
        cmp got.bank want.bank
        """)
    }
    box.check(
      """
      '\(Sandbox.editor)' export bin swap=2 fill=0 -o got.swap f
      srec_cat want.bin -bin -byte-swap 2 -o want.swap -bin && cmp got.swap want.swap
      """)
    // UF2: the payload of every block, put together, is the image.
    box.check("'\(Sandbox.editor)' export uf2 fill=0 family=0xe48bff56 -o got.uf2 f")
    let decoded = box.check(
      """
      python3 - <<'P'
      import struct
      d=open('got.uf2','rb').read(); out={}
      for i in range(0,len(d),512):
          m0,m1,fl,a,n,k,t,fam=struct.unpack_from('<8I',d,i)
          assert (m0,m1,fl,n,fam)==(0x0A324655,0x9E5D5157,0x2000,256,0xe48bff56)
          assert struct.unpack_from('<I',d,i+508)[0]==0x0AB16F30 and k==i//512 and t==len(d)//512
          out[a]=d[i+32:i+32+256]
      b=b''.join(out[a] for a in sorted(out)); w=open('want.bin','rb').read()
      print(b[:len(w)]==w, hex(min(out)))
      P
      """)
    #expect(decoded == "True 0x8000000\n")
  }
}
