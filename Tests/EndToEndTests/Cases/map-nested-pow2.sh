#!/bin/bash
# `align pow2` in `align pow2`, as deep as the language goes: the size of each block is found out once, and what is
# wrong inside is said once.
# machines: -riscv64 (the assembler fills .text up to 4 bytes)
. "$(dirname "$0")/../prelude.sh"

as -o a.o <<<'.globl _start; _start: .fill 5, 1, 0x90; .data; .fill 3, 1, 1'
# nest DEPTH TEXT: in so many groups.
nest() { printf 'group { align pow2; %.0s' $(seq "$1"); echo "$2"; printf '} %.0s' $(seq "$1"); }
{
  echo 'smap 1; pages none; orphans place;'
  echo 'place at 0x1001 { section .text {'; nest 150 'take .text; start inner; end inner_end;'; echo '}'
  nest 150 'section .data { align pow2; start data; }'; echo 'end all; }'
} >m.smap
timeout 30 "$SWOLD" --section-map m.smap a.o -o a
[ "$(address a inner) $(address a inner_end) $(address a data) $(address a all)" = \
  '0000000000001008 000000000000100d 0000000000001010 0000000000001013' ]

{
  echo 'smap 1; pages none; orphans place;'
  echo 'place at 0x1000 { section .text {'; nest 100 'size 2; take .text; reserve 1 / size(.none);'; echo '}'
  nest 100 'reserve r { size 1 / size(.none); }'; echo 'section .none { always; } }'
} >n.smap
expect_fail timeout 30 "$SWOLD" --section-map n.smap a.o -o n
[ "$(grep -c 'error\[SM306\].* 5 bytes, more' "$ERR") $(grep -c 'division by zero' "$ERR")" = '1 2' ]
[ "$(grep -c 'error' "$ERR")" = 3 ]
