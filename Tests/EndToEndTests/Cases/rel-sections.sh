#!/bin/bash
# Relocations without addends (SHT_REL) have them in the bytes that they patch, in x86-64 files, too
# (lld; GNU ld reads them as 0). clang's call-graph profile comes with such.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl _start, v
_start: call g
  lea v+4(%rip), %rax
  mov v@GOTPCREL(%rip), %rax
  mov $v+8, %edi
.section .text.g, "ax"
g: ret
.data
.quad 0x11
v: .quad v+3, g, v-5
.section .dbg, ""
.quad v+5
.long g+1
.byte 7
.section .note.GNU-stack,"",@progbits
END
as a.s -o rela.o
cat >rel.py <<'END'
import struct
WIDTH = {1: 8, 2: 4, 4: 4, 9: 4, 10: 4, 11: 4, 41: 4, 42: 4}
d = bytearray(open("rela.o", "rb").read())
table, = struct.unpack_from("<Q", d, 0x28)
count, = struct.unpack_from("<H", d, 0x3C)
headers = [list(struct.unpack_from("<IIQQQQIIQQ", d, table + 64 * i)) for i in range(count)]
for i, h in enumerate(headers):
    if h[1] != 4: continue
    out = b""
    for k in range(h[5] // 24):
        offset, info, addend = struct.unpack_from("<QQq", d, h[4] + 24 * k)
        out += struct.pack("<QQ", offset, info)
        at, width = headers[h[7]][4] + offset, WIDTH[info & 0xFFFFFFFF]
        d[at:at + width] = (addend & (1 << 8 * width) - 1).to_bytes(width, "little")
    d[h[4]:h[4] + len(out)] = out
    h[1], h[5], h[9] = 9, len(out), 16
    struct.pack_into("<IIQQQQIIQQ", d, table + 64 * i, *h)
open("rel.o", "wb").write(d)
END
python3 rel.py
shows '\.rela\.data +REL ' readelf -SW rel.o
$SWOLD rela.o -o rela
$SWOLD rel.o -o rel
cmp rela rel
$SWOLD -r rel.o -o again.o
$SWOLD again.o -o again
for s in .text .data .dbg; do [ "$(contents again $s)" = "$(contents rela $s)" ] || fail "$s"; done

printf '.globl _start, f\n_start: call f\n ret\nf: ret\n.cg_profile _start, f, 10\n' >p.s
clang-19 -c p.s -o p.o
shows 'call-graph-profile.* REL ' readelf -SW p.o
$SWOLD p.o -o p
lacks call-graph readelf -SW p
$SWOLD -r p.o -o q.o
$SWOLD q.o -o q
