#!/bin/bash
# An output with more than 65280 sections is itself extended.
# machines: x86_64 i386 (x86 assembly)
. "$(dirname "$0")/../prelude.sh"

python3 - <<'END'
with open("m.s", "w") as f:
    for i in range(65400):
        f.write(f'.section out{i},"aw"\n.byte {i % 256}\n')
    f.write('.globl main\n.text\nmain: xor %eax, %eax\n ret\n.section .note.GNU-stack,"",@progbits\n')
END
gcc -c m.s
$CC m.o -o m
./m
shows 'section headers: *0 \(65' readelf -hW m
shows ' main$' nm m
