#!/bin/bash
# swold-map explain: a page on every message; its example gives that message.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

map=$CASES/../../../.build/release/swold-map
cat >app.s <<'END_OF_INPUT'
 .globl _start
 .text
_start: lea word(%rip), %rax
 .space 0x5000
 .section .text.hot.render, "ax"
 ret
 .section .boot, "ax"
 .space 600
 .data
word: .quad 1
 .section .got, "aw"
 .quad 1
 .section .noinit, "aw", @progbits
 .quad 1
 .section .tdata, "awT"
 .quad 1
 .section .tbss, "awT", @nobits
 .quad 0
 .section .vectors, "a"
 .quad 1
 .section .isr_vector, "a"
 .quad 1
 .section .cfg, "a"
 .quad 1
END_OF_INPUT
as app.s -o app.o
echo '.section .slot.crc, "a"; .long 1' | as -o slot.o
printf '.globl _start\n_start: lea word(%%rip), %%rax\n.data\nword: .quad 1\n' | as -o small.o
echo no_such_function >hot.order
"$map" explain >codes
[ "$(wc -l <codes)" -ge 34 ]
while read -r code summary; do
  "$map" explain "$code" >page
  grep -qF "$code: $summary" page
  # The example stands at the end, indented.
  sed -n '/^Example/,$p' page | sed -n 's/^    //p' >example.smap
  [ -s example.smap ] || fail "$code has no example"
  options= object=app.o
  case $code in
    SM106) options=-r ;;
    SM204) object=small.o ;;
    SM205) options='--map-set stack_size=2048' ;;
    SM305) options=-pie ;;
    SM311) options=slot.o ;;
    SM410) options=--gc-sections ;;
  esac
  $SWOLD --section-map example.smap $object $options -o out >messages 2>&1 || true
  grep -q "^example.smap:.*\[$code\]\|^swold: error\[$code\]" messages || {
    cat example.smap messages
    fail "the example of $code does not give it"
  }
done <codes
shows '^SM201' "$map" explain sm201
code=0
"$map" explain SM210 2>message || code=$?
[ $code != 0 ]
grep -q "no message 'SM210'; did you mean SM" message
