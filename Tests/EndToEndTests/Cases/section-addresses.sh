#!/bin/bash
# -Ttext, -Tdata, -Tbss and --section-start set addresses.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl _start
_start: mov $60, %eax
  mov data, %edi
  add bss, %edi
  add mine_value, %edi
  syscall
.data
data: .long 5
.bss
bss: .long 0
.section mine,"aw"
mine_value: .long -5
END
as m.s -o m.o
$SWOLD -Ttext=0x600000 -Tdata=0x800000 -Tbss 0xa00000 --section-start=mine=0xc00000 m.o -o m
./m
[ $((0x$(section m .text address))) = $((0x600000)) ]
[ $((0x$(section m .data address))) = $((0x800000)) ]
[ $((0x$(section m .bss address))) = $((0xa00000)) ]
[ $((0x$(section m mine address))) = $((0xc00000)) ]
# Below the headers, which stay the beginning of the file.
$SWOLD --section-start=.text=0x123000 --section-start=.data=0x200010 m.o -o m
./m
[ $((0x$(section m .text address))) = $((0x123000)) ]
[ $((0x$(section m .data address))) = $((0x200010)) ]
sane m
