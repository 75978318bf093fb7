#!/bin/bash
# More sections than 16 bits can count, in one object, use SHN_XINDEX.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

python3 - <<'END'
with open("m.s", "w") as f:
    for i in range(66000):
        f.write(f'.section .d.{i},"aw"\n.byte {i % 256}\n')
    f.write('.globl last\n.section .d.last,"aw"\nlast: .long 12345\n.text\n.globl main\n'
            'main: mov last(%rip), %eax\n sub $12345, %eax\n ret\n'
            '.section .note.GNU-stack,"",@progbits\n')
END
gcc -c m.s
shows 'section headers: *0 \(660' readelf -hW m.o
$CC -Wl,--gc-sections m.o -o m
./m
