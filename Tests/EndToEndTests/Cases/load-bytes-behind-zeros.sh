#!/bin/bash
# A section with bytes may stand behind one without; what has none is zero at run time all the same.
# Of the orphans, those without bytes go behind the others, as in GNU ld and lld.
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.section .bss.full,"aw",@progbits
.fill 9000,1,0xaa
.section .zeros,"aw",@nobits
.globl zeros
zeros: .skip 5000
.section mix,"aw",@progbits
.globl mixed
mixed: .quad 5
.section .note.GNU-stack,"",@progbits
END
as a.s -o a.o
cat >m.c <<'END'
extern char zeros[5000];
extern long mixed;
int main(void) {
  for (int i = 0; i < 5000; i++)
    if (zeros[i]) return 4;
  return mixed != 5;
}
END
gcc -fPIC -c m.c
for kind in -pie -no-pie -static -static-pie -Wl,-z,norelro '-static -Wl,-N' '-static -Wl,-n'; do
  supports $kind || continue
  $CC $kind m.o a.o -o m
  ./m
  [ $((0x$(section m .zeros address))) -gt $((0x$(section m mix address))) ]
  sane_image m  # eu-elflint wants .bss to be NOBITS
done
# A map may want the other order; the file then holds zeros, and the section says so.
printf 'smap 1; extends default; section mix after .bss { take mix; }\n' >m.smap
gcc -fPIC -c -x c - -o z.o <<<'int many[1000]; int one(void) { return many[999]; }'
$CC -Wl,--section-map,m.smap m.o a.o z.o -o m
./m
$CC -Wl,--section-map,m.smap -x c - -o n <<<'int z[5000]; __attribute__((section("mix"))) int five = 5;
int main(void) { for (int i = 0; i < 5000; i++) if (z[i]) return 4; return five - 5; }'
./n
[ "$(section n .bss type)" = PROGBITS ]
strip n
./n
