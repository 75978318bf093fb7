#!/bin/bash
# -r with more than 65279 sections: symbols keep their sections in .symtab_shndx, groups theirs.
. "$(dirname "$0")/../prelude.sh"

python3 - <<'END'
with open("a.s", "w") as f:
    for i in range(66000):
        f.write(f'.section .data.d{i},"aw"\n.globl v{i}\nv{i}: .byte {i % 251}\n')
with open("b.s", "w") as f:
    f.write('.section .late,"aw"\n.globl late\nlate: local: .quad v65999, v3\n')
    f.write('.section .text.g,"axG",@progbits,g,comdat\n.weak g\n.type g, @function\ng: load_address v65998\n ret\n')
for n in "ab":
    with open(f"{n}.s", "a") as f:
        f.write('.section .note.GNU-stack,"",@progbits\n')
END
as a.s -o a.o
as b.s -o b.o
cat >m.c <<'END'
extern unsigned char *late[], *g(void);
int main(void) { return *late[0] - *g() != 65999 % 251 - 65998 % 251; }
END
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
  gcc -B. -no-pie m.c ab.o -o m
  ./m
done
