#!/bin/bash
# -r with more than 65279 sections: symbols keep their sections in .symtab_shndx, groups theirs.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

python3 - <<'END'
with open("a.s", "w") as f:
    for i in range(66000):
        f.write(f'.section .data.d{i},"aw"\n.globl v{i}\nv{i}: .byte {i % 251}\n')
with open("b.s", "w") as f:
    f.write('.section .late,"aw"\nlocal: .quad v65999, v3\n')
    f.write('.section .text.g,"axG",@progbits,g,comdat\n.weak g\ng: movzbl v65998(%rip), %eax\n ret\n')
    f.write('.text\n.globl main\nmain: mov local(%rip), %rax\n movzbl (%rax), %ecx\n call g\n')
    f.write(f' sub %ecx, %eax\n add ${65999 % 251 - 65998 % 251}, %eax\n ret\n')
for n in "ab":
    with open(f"{n}.s", "a") as f:
        f.write('.section .note.GNU-stack,"",@progbits\n')
END
gcc -c a.s b.s
$SWOLD -r a.o b.o -o ab.o
has_section ab.o .symtab_shndx
shows ' SYMTAB SECTION INDICES ' readelf -SW ab.o
shows " local$" readelf -sW ab.o
index=$(section ab.o .late index)
[ "$index" -gt 65279 ]
shows " $index local$" readelf -sW ab.o
shows 'COMDAT group section .*\[g\] contains' readelf -gW ab.o
for linker in "$SWOLD" ld ld.lld-19; do
  printf '#!/bin/sh\nexec %s "$@"\n' "$linker" >ld
  chmod +x ld
  gcc -B. -no-pie ab.o -o m
  ./m
done
