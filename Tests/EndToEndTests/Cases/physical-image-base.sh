#!/bin/bash
# --physical-image-base: the image is stored elsewhere than it runs: as far away for all segments.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

printf '.globl _start\n_start: ret\n.data\n.quad 1\n.bss\n.skip 100\n' >s.s && as s.s -o s.o
$SWOLD s.o --image-base=0x400000 --physical-image-base=0x100000 -o s
ld.mold -m elf_x86_64 s.o --image-base=0x400000 --physical-image-base=0x100000 -o by-mold
[ "$(count ' LOAD ' readelf -lW s)" -gt 1 ]
readelf -lW s | while read -r type _ run stored _; do
  [ "$type" != LOAD ] || [ $((run - stored)) = $((0x300000)) ]
done
shows 'LOAD +0x000000 0x0*400000 0x0*100000 ' readelf -lW s
shows 'LOAD +0x000000 0x0*400000 0x0*100000 ' readelf -lW by-mold
$SWOLD s.o --image-base=0x400000 -o plain
[ "$(contents s .data)" = "$(contents plain .data)" ]
[ "$(section s .data address)" = "$(section plain .data address)" ]
printf 'smap 1;\nplace at 0x1000 { section .text; section .data; section .bss; }\n' >own.smap
expect_fail $SWOLD s.o --section-map own.smap --physical-image-base=0x100000 -o no
says 'physical-image-base sets an address'
