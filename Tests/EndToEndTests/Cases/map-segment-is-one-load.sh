#!/bin/bash
# A `segment` of a map is one PT_LOAD, whatever gaps alignment and pins leave in it; a gap that nobody can
# want in a file is refused at once, as is room for gigabytes among bytes.
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl _start
_start: load_int number
  exit_result
.data
number: .quad 7
.bss
.balign 0x200000
zero: .skip 16
.section .late,"aw"
.quad 2
END
as a.s -o a.o
for data in 'section .data; section .bss; section .late;' 'section .bss; section .data; section .late;' \
  'section .data; section .late { at 0x80_0000; take .late; } section .bss;'; do
  printf 'smap 1; pages 4 KiB; place at 4 MiB { segment text rx { headers; section .text; } segment data rw { %s } }' \
    "$data" >m.smap
  $SWOLD --section-map m.smap a.o -o m
  code=0
  ./m || code=$?
  [ $code = 7 ]
  [ "$(count '^ *LOAD ' readelf -lW m)" = 2 ]
  sane_image m
done

# A page of the file may serve two segments, but not if the second asks for an alignment of its own.
for align in 16 '4 KiB'; do
  printf 'smap 1; pages 4 KiB; place at 4 MiB { segment text rx { headers; section .text; }
    segment data rw { align %s; section .data; section .late; section .bss; } }' "$align" >m.smap
  $SWOLD -z noseparate-code --section-map m.smap a.o -o m
  code=0
  ./m || code=$?
  [ $code = 7 ]
  [ $((0x$(section m .data address) % $(echo "$align" | sed 's/4 KiB/4096/'))) = 0 ] || fail "align $align"
  sane_image m
done

refused() {
  printf '%s\n' "$1" >r.smap
  expect_fail timeout 5 $SWOLD --section-map r.smap a.o -o r
  says "$2"
  [ ! -e r ]
}
refused 'smap 1;
place at 0 { segment s rwx { section .text; section .data { at 8 GiB; take @data @bss; } } }' \
  'zeros would stand in the file between \.text and \.data'
refused 'smap 1;
place at 0 { section .t { access rwx; take @alloc; reserve 8 GiB; slot v { size 4; } } }' \
  'r\.smap:2:60: error\[SM306\]: 8 GiB without input'
refused 'smap 1;
place at 0 { section .t { access rwx; size 8 GiB; take @alloc; } }' 'r\.smap:2:44: error\[SM306\]'
refused 'smap 1;
place at 0 { section .t { access rwx; take @alloc; } slot v { size 8 GiB; } }' 'r\.smap:2:68: error\[SM306\]'
refused 'smap 1;
place at 0 { section .t { align 1 << 62; access rwx; take @alloc; } }' 'r\.smap:2:33: error\[SM004\]'
# Without bytes it is only memory.
[ $BITS = 64 ] || exit 0
printf 'smap 1; place at 0 { section .t { access rwx; take @code @data; }
  section .b { take @bss; reserve 8 GiB; } reserve r { size 8 GiB; } }' >n.smap
$SWOLD --section-map n.smap a.o -o n
