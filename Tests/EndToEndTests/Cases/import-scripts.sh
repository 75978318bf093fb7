#!/bin/bash
# -T and a script on the command line: what is more than a library script is named, with the command that imports
# it; --import-scripts does it in memory, and links if the map says all that the script does.
# machines: x86_64 (one is enough: the importer knows no machine)
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl _start
.text
_start: call used
.data
.long 1, 2, 3
.bss
.zero 20
END
printf '.globl used\n.text\nused: ret\n' >b.s
as a.s -o a.o
as b.s -o b.o
ar rc libb.a b.o
cat >board.ld <<'END'
ENTRY(_start)
INCLUDE memory.ld
SEARCH_DIR(.)
GROUP(-lb)
_estack = ORIGIN(RAM) + LENGTH(RAM);
SECTIONS {
    .text : { *(.text .text.*) _etext = .; } > FLASH
    .data : { _sdata = .; *(.data) . = ALIGN(8); _edata = .; } > RAM AT> FLASH
    .bss : { _sbss = .; *(.bss) _ebss = .; } > RAM
}
END
echo 'MEMORY { FLASH : ORIGIN = 0x08000000, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }' >memory.ld
ld.bfd a.o -T board.ld -o reference
for script in '-T board.ld' board.ld; do
  "$SWOLD" --import-scripts a.o $script -o out
  for name in _start used _estack _etext _sdata _edata _sbss _ebss; do
    [ "$(address out $name)" = "$(address reference $name)" ] || fail "$name is elsewhere"
  done
  [ "$(contents out .data)" = "$(contents reference .data)" ]
done

expect_fail "$SWOLD" -T board.ld a.o -o other
says "^swold: error: board.ld:2:1: INCLUDE is not read by swold"
says "help: 'swold-map import board.ld -o layout.smap' makes a section map of the script; --import-scripts links"

sed 's/ENTRY.*/NOCROSSREFS(.text .data)/' board.ld >hard.ld
expect_fail "$SWOLD" --import-scripts -T hard.ld a.o -o other
says 'hard.ld: no section map can say all of this script:'
says '^  hard.ld:1:1: a map has no check of references between sections'
printf 'SECTIONS { .text : { *(.text)\n' >broken.ld
expect_fail "$SWOLD" --import-scripts -T broken.ld a.o -o other
says "broken.ld:2:1: expected '}' at the end"
[ ! -e other ]
