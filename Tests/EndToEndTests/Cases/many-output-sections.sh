#!/bin/bash
# An output with more than 65280 sections is itself extended.
. "$(dirname "$0")/../prelude.sh"

python3 - <<'END'
with open("m.s", "w") as f:
    for i in range(65400):
        f.write(f'.section out{i},"aw"\n.byte {i % 256}\n')
    f.write('.globl main\n.text\nmain: return 0\n.section .note.GNU-stack,"",@progbits\n')
END
as m.s -o m.o
$CC m.o -o m
./m
shows 'section headers: *0 \(65' readelf -hW m
shows ' main$' nm m
