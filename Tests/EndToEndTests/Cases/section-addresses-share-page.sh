#!/bin/bash
# Options may put code and data on one page. As in GNU ld they are then one PT_LOAD with all rights;
# lld makes several, and the program ends with a signal.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl _start
_start: load_int data
  store_int bss
  load_int bss
  exit_result
.data
data: .long 7
.bss
bss: .skip 16
END
as m.s -o m.o
for options in '-Ttext=0x401000 -Tdata=0x401100' '-Ttext=0x401000 -Tdata=0x401100 -Tbss=0x401080' \
  '-Ttext=0x401100 -Tdata=0x401000' '-n -Ttext=0x401000 -Tdata=0x401ff8 -Tbss=0x402100' \
  '-N -Tdata=0x600008' '-n -Tdata=0x600ffc'; do
  $SWOLD $options m.o -o m
  code=0
  ./m || code=$?
  [ $code = 7 ] || fail "$options"
  sane_image m  # eu-elflint wants .bss to be NOBITS
done
# RELRO that something else stands in the middle of protects nothing.
$CC -no-pie -o n -Wl,--section-start=.data=0x800000,-Tbss=0x800400 -x c - <<<'int d = 1, z; int main(void) { return z++; }'
./n
