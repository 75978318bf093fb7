#!/bin/bash
# swold-edit's lint accepts what is rare and right: sections of `noload` in no segment, empty ones behind
# the end of the loaded bytes. And prelude.sh does look at what a case has linked.
. "$(dirname "$0")/../prelude.sh"
[ -n "${SWOLD_UNDER_TEST:-}" ] || [ -n "$LINT" ] || fail "no swold-edit: run make first"

cat >a.s <<'END'
.globl _start
_start: exit 0
.data
.quad 1
.bss
.skip 0x10000
.section .noinit,"aw",@nobits
.skip 0x800000
END
as a.s -o a.o
printf 'smap 1; pages none; place at 0x1000 { section .text; section .noinit { noload; take .noinit; }
  section .data; section .bss; section .late { always; start late; } }' >a.smap
printf 'smap 1; extends default; section .noinit after .bss { noload; take .noinit; }
  section .late after .noinit { always; }' >b.smap
for map in a b; do
  $SWOLD --section-map $map.smap a.o -o $map
  size=$(stat -c %s $map)
  [ $((0x$(section $map .late offset))) -le "$size" ]
  [ "$(section $map .noinit type)" = NOBITS ]
  sane_image $map
done
./b

cat >case.sh <<END
. $CASES/../prelude.sh
as $WORK/a.s -o a.o
\$SWOLD a.o -o m
printf '\\x01' | dd of=m bs=1 seek=101 conv=notrunc status=none
END
[ -n "$LINT" ] || exit 0
code=0
bash case.sh 2>err || code=$?
[ $code = 1 ]
grep -q 'lint complains' err
