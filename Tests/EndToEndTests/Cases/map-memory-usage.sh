#!/bin/bash
# --print-memory-usage agrees with GNU ld on the same objects and regions.
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl _start
.text
_start: .space 5000, 0x90
.data
.balign 8
.space 3001, 1
.bss
.balign 8
.space 70000
END
as a.s -o a.o
cat >layout.ld <<'END'
MEMORY { FLASH (rx) : ORIGIN = 0x08000000, LENGTH = 512K   RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 128K
  SPARE : ORIGIN = 0x30000000, LENGTH = 3M }
SECTIONS { .text : { *(.text) } > FLASH .data : { *(.data) } > RAM AT> FLASH .bss : { *(.bss) } > RAM }
END
cat >layout.smap <<'END'
smap 1;
pages none; entry _start;
region FLASH { at 0x0800_0000; size 512 KiB; access rx; }
region RAM   { at 0x2000_0000; size 128 KiB; }
region SPARE { at 0x3000_0000; size 3 MiB; }
place in FLASH { section .text { take .text+; } }
place in RAM { section .data { load in FLASH; take .data+; } section .bss { take .bss+; } }
discard .comment .note+;
END
ld.bfd -z noexecstack --no-warn-rwx-segments -T layout.ld a.o -o gnu --print-memory-usage >gnu.text
$SWOLD --section-map layout.smap a.o -o own --print-memory-usage >own.text
diff gnu.text <(sed 's/  \[[#.]*\]$//' own.text)
shows 'RAM.*\[#{12}\.{8}\]$' cat own.text
$SWOLD --section-map layout.smap a.o -o own --print-memory-usage=json >own.json
python3 - <<'END'
import json
regions = {r["name"]: r for r in json.load(open("own.json"))["regions"]}
assert regions["RAM"]["used"] == 3008 + 70000, regions
assert regions["RAM"]["free"] == 128 * 1024 - 73008, regions
assert regions["FLASH"]["origin"] == 0x08000000, regions
END
