#!/bin/bash
# --oformat=binary writes the loaded bytes from the lowest load address to the highest, with zeros between
# and without headers, as GNU ld does; .bss is not written. lld would pack .text and .data without options.
# machines: x86_64 (addresses and machine words of x86-64 images)
. "$(dirname "$0")/../prelude.sh"

# bytes FILE [OFFSET] : its bytes from there on, as one string.
bytes() { od -An -v -tx1 -j "${2:-0}" "$1" | tr -d ' \n'; }

cat >a.s <<'END'
.text
.globl _start
_start: .byte 1,2,3,4
.data
.long _start
.bss
.skip 100
END
as a.s -o a.o
$SWOLD --oformat binary -Ttext=0x1000 -Tdata=0x1100 a.o -o a.bin
[ "$(stat -c %s a.bin)" = 260 ]
[ "$(bytes a.bin)" = "01020304$(printf '00%.0s' {1..252})00100000" ]
$SWOLD --oformat=binary -N -g a.o -o n.bin
[ "$(bytes n.bin)" = 0102030400004000 ]
$SWOLD --oformat binary -Ttext=0x1000 -Tdata=0x800 a.o -o low.bin
[ "$(stat -c %s low.bin)" = 2052 ]
[ "$(bytes low.bin 2048)" = 01020304 ]
[ -x low.bin ]

# What objcopy makes of the same ELF file.
printf 'smap 1; pages 4 KiB; place at 0x400000 { section .text; section .data; section .bss; }' >m.smap
for options in '' --build-id '-n -z norelro'; do
  $SWOLD $options --orphan-handling=place --section-map m.smap a.o -o m.elf
  objcopy -O binary m.elf m.bin
  $SWOLD $options --orphan-handling=place --section-map m.smap --oformat binary a.o -o m2.bin
  cmp <(sed 's/GNU.*//' m.bin) <(sed 's/GNU.*//' m2.bin)
done

# A section map decides where bytes are stored, and what is between them in a region.
cat >f.smap <<'END'
smap 1; pages none;
region flash { at 0x0800_0000; size 64 KiB; fill 0xff; }
region ram { at 0x2000_0000; size 64 KiB; }
place in flash { segment s rx { section .text; section .more { align 8; take .more; } } }
place in ram { section .data { load in flash; take .data; } section .bss; }
END
printf '.section .more,"ax"\n.byte 5\n' >b.s
as b.s -o b.o
$SWOLD --section-map f.smap --oformat binary a.o b.o -o f.bin
[ "$(bytes f.bin)" = 01020304ffffffff0500000008 ]
sed -i 's/load in flash; //' f.smap
expect_fail $SWOLD --section-map f.smap --oformat binary a.o b.o -o g.bin
says 'g\.bin: --oformat=binary would write .* MiB of zeros between \.more, .* and \.data, '
[ ! -e g.bin ]

# Nothing that has bytes; and what cannot be.
printf '.bss\n.globl _start\n_start: .skip 9\n' | as -o z.o
$SWOLD --oformat binary z.o -o z.bin
[ -e z.bin ] && [ ! -s z.bin ]
expect_fail $SWOLD -r --oformat binary a.o -o r.bin
says '-r and --oformat=binary may not be used together'
