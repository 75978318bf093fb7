#!/bin/bash
# Each number of an object's tables that points nowhere is an error that names the file, for -r too.
# machines: x86_64 aarch64 riscv64 (damages records of 64-bit files)
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
cat >m.s <<'END'
.globl _start
_start: load_got _start
.section .text.g,"axG",@progbits,_start,comdat
 .quad _start
.bss
buffer: .space 8
END
as m.s -o m.o
cat >set.py <<'END'
# set.py TABLE INDEX FIELD VALUE: TABLE is section, symbol, or the name of a section with records
import struct, sys
table, index, field, value = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4], 0)
data = bytearray(open("m.o", "rb").read())
offset, = struct.unpack_from("<Q", data, 40)
count, = struct.unpack_from("<H", data, 60)
header = lambda i: struct.unpack_from("<IIQQQQIIQQ", data, offset + 64 * i)
names = header(struct.unpack_from("<H", data, 62)[0])[4]
name = lambda i: bytes(data[names + header(i)[0]:]).split(b"\0")[0].decode()
find = lambda n: next(i for i in range(count) if name(i) == n)
fields = {"name": (0, "I"), "type": (4, "I"), "link": (40, "I"), "info": (44, "I"), "entry": (56, "Q")}
if table in ("symbol", "member", "relocation"):
    start, size, fields = {
        "symbol": (".symtab", 24, {"name": (0, "I"), "section": (6, "H")}),
        "member": (".group", 4, {"index": (0, "I")}),
        "relocation": (".rela.text", 24, {"offset": (0, "Q"), "type": (8, "I"), "symbol": (12, "I")}),
    }[table]
    at = header(find(start))[4] + size * index
else:
    at = offset + 64 * find(table)
place, form = fields[field]
struct.pack_into("<" + form, data, at + place, value)
open("bad.o", "wb").write(data)
END
refuse() {
  python3 set.py "$@"
  expect_fail $SWOLD bad.o -o out
  says 'bad\.o'
  expect_fail $SWOLD -r bad.o -o out
  says 'bad\.o'
  [ ! -e out ]
}
refuse .text 0 name 0xffffff
refuse .rela.text 0 info 99
refuse .rela.text 0 link 1
refuse .rela.text 0 entry 16
refuse .rela.text.g 0 info "$(readelf -SW m.o | sed -n 's/^ *\[ *\([0-9]*\)\] \.text .*/\1/p')"  # two for .text
refuse .rela.text 0 info "$(readelf -SW m.o | sed -n 's/^ *\[ *\([0-9]*\)\] \.bss .*/\1/p')"
refuse .group 0 info 99
refuse member 1 index 99
refuse symbol 1 section 99
refuse symbol 1 section 0xffff  # SHN_XINDEX, and there is no table of indices
refuse symbol "$(readelf -sW m.o | awk '/ _start/ { sub(":", "", $1); print $1 }')" name 0xffffff
refuse relocation 0 offset 0xffffffffffffffff
refuse relocation 0 symbol 99

# Elf64_Chdr: the alignment of the content, which is that of the output.
echo 'int main(void) { return 0; }' >z.c
gcc -g -gz=zlib -c z.c
python3 - <<'END'
import struct
data = bytearray(open("z.o", "rb").read())
offset, = struct.unpack_from("<Q", data, 40)
count, = struct.unpack_from("<H", data, 60)
for i in range(count):
    header = struct.unpack_from("<IIQQQQIIQQ", data, offset + 64 * i)
    if header[2] & 0x800:
        struct.pack_into("<Q", data, header[4] + 16, 1 << 63)
open("bad.o", "wb").write(data)
END
expect_fail $SWOLD -shared bad.o -o out
says 'bad\.o.*alignment'
