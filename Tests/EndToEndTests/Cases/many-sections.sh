#!/bin/bash
# More sections than 16 bits can count, in one object, use SHN_XINDEX.
. "$(dirname "$0")/../prelude.sh"

python3 - <<'END'
with open("m.s", "w") as f:
    for i in range(66000):
        f.write(f'.section .d.{i},"aw"\n.byte {i % 256}\n')
    f.write('.globl last\n.section .d.last,"aw"\n.balign 4\nlast: .long 12345\n.text\n.globl value\n.type value, @function\n'
            'value: load_int last\n ret\n'
            '.section .note.GNU-stack,"",@progbits\n')
END
as m.s -o m.o
echo 'int value(void); int main(void) { return value() != 12345; }' >n.c
shows 'section headers: *0 \(660' readelf -hW m.o
$CC -Wl,--gc-sections n.c m.o -o m
./m
