#!/bin/bash
# -r writes more sections than 16 bits can count.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

python3 - <<'END'
for n in "ab":
    with open(f"{n}.s", "w") as f:
        for i in range(33000):
            f.write(f'.section .d.{n}{i},"aw"\n.globl v{n}{i}\nv{n}{i}: .byte {i % 256}\n')
        if n == "b":
            f.write(".text\n.globl main\nmain: movzbl va32999(%rip), %eax\n sub $231, %eax\n ret\n")
        f.write('.section .note.GNU-stack,"",@progbits\n')
END
gcc -c a.s b.s
$CC -r a.o b.o -o ab.o
shows 'section headers: *0 \(6' readelf -hW ab.o
$CC ab.o -o m
./m
