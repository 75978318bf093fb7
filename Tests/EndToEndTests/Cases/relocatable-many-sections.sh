#!/bin/bash
# -r writes more sections than 16 bits can count.
. "$(dirname "$0")/../prelude.sh"

python3 - <<'END'
for n in "ab":
    with open(f"{n}.s", "w") as f:
        for i in range(33000):
            f.write(f'.section .d.{n}{i},"aw"\n.globl v{n}{i}\nv{n}{i}: .byte {i % 256}\n')
        f.write('.section .note.GNU-stack,"",@progbits\n')
END
as a.s -o a.o
as b.s -o b.o
echo 'extern unsigned char va32999; int main(void) { return va32999 != 231; }' >m.c
$CC -r a.o b.o -o ab.o
shows 'section headers: *0 \(6' readelf -hW ab.o
$CC m.c ab.o -o m
./m
