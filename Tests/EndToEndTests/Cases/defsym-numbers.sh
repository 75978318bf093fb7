#!/bin/bash
# The difference of two addresses is a number, which does not move with a PIE; an address plus a number
# is an address, which does. (LLVM's linker. GNU ld takes `base+8` for a number, and a PIE is wrong.)
. "$(dirname "$0")/../prelude.sh"

cat >x.s <<'END'
.data
.globl start, end
start: .skip 40
end:
.section .note.GNU-stack,"",@progbits
END
as x.s -o x.o
cat >m.c <<'END'
extern char start[], length[], forty[], inside[], page[], constant[];
char *number = length, *other = forty, *place = inside, *low = page, *fixed = constant;
int main(void) {
  char *volatile s = start;
  return (long)number != 40 || (long)length != 40 || (long)other != 40 || place != s + 8 ||
         inside != s + 8 || low != (char *)((long)s & ~4095) || (long)fixed != 0x1234;
}
END
set -- -Wl,--defsym=length=end-start -Wl,--defsym='forty=ABSOLUTE(length) * 1' \
  -Wl,--defsym=inside=start+8 -Wl,--defsym='page=start&~0xfff' -Wl,--defsym=constant=0x1234
gcc -fPIC -O1 -c m.c
for kind in -no-pie -pie -static-pie "-pie -Wl,-z,pack-relative-relocs" "-pie -Wl,--no-relax"; do
  supports $kind || continue
  $CC $kind m.o x.o "$@" -o m
  ./m
done
lacks " ${R}RELATIVE .* (28|1234)\$" readelf -rW m
shows ' ABS length' readelf -sW m
lacks ' ABS inside' readelf -sW m

# Code that expects an address nearby cannot have a number instead. (Peers let it move.)
echo 'extern char length[] __attribute__((visibility("hidden")));
int main(void) { return (long)length != 40; }' >n.c
gcc -fPIE -O1 -c n.c
expect_fail $CC -pie n.o x.o -Wl,--defsym=length=end-start -o n
says "$R[A-Z0-9_]+ against length"
gcc -fno-pie -O1 -c n.c
$CC -no-pie n.o x.o -Wl,--defsym=length=end-start -o n
./n
