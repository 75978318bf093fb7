#!/bin/bash
# -Ttext, -Tdata, -Tbss and --section-start set addresses.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl _start, zero, other
_start: load_int data
  exit_result
zero: load_int bss
  exit_result
other: load_int mine_value
  exit_result
.data
data: .long 5
.bss
bss: .long 0
.section mine,"aw"
mine_value: .long 3
END
as m.s -o m.o
# What the three references find.
link() {
  local entry code
  for entry in _start:5 zero:0 other:3; do
    $SWOLD "$@" -e ${entry%:*} m.o -o m
    code=0
    ./m || code=$?
    [ $code = ${entry#*:} ] || fail "$entry gives $code"
  done
}
link -Ttext=0x600000 -Tdata=0x800000 -Tbss 0xa00000 --section-start=mine=0xc00000
[ $((0x$(section m .text address))) = $((0x600000)) ]
[ $((0x$(section m .data address))) = $((0x800000)) ]
[ $((0x$(section m .bss address))) = $((0xa00000)) ]
[ $((0x$(section m mine address))) = $((0xc00000)) ]
# Below the headers, which stay the beginning of the file.
link --section-start=.text=0x123000 --section-start=.data=0x200010
[ $((0x$(section m .text address))) = $((0x123000)) ]
[ $((0x$(section m .data address))) = $((0x200010)) ]
sane m
