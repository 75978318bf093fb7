#!/bin/bash
# Thousands of constants, regions, symbols or sizes, each of which asks for the next one in the text: neither the stack
# nor the patience ends. A circle of them is one error. An expression has an end, though.
. "$(dirname "$0")/../prelude.sh"

as -o a.o <<<'.globl _start; _start: ret'
n=5000
# chain FORMAT: a line for each number from 0 to n-1, which stands for #, and the next one for @.
chain() { awk -v n=$n -v f="$1" 'BEGIN { for (i = 0; i < n; i++) { t = f; gsub(/@/, i + 1, t); gsub(/#/, i, t); print t } }'; }
{ echo 'smap 1; pages none;'; chain 'let a# = a@ + 1;'; echo "let a$n = 1;"
  echo 'place at 0x1000 { section .text { take .text; } section .x { reserve a0; length x; } }'; } >lets.smap
{ echo 'smap 1; pages none;'; chain 'region r# { at end(r@); size 16; start r#; }'
  echo "region r$n { at 0x1000; size 16; } place in r0 { section .text; }"; } >regions.smap
{ echo 'smap 1; pages none; place at 0x1000 { section .text; }'; chain 'symbol s# = sym(s@) + 1;'
  echo "symbol s$n = 1;"; } >symbols.smap
{ echo 'smap 1; pages none; place at 0x1000 { section .text;'; chain 'section .z# { reserve size(.z@); start z#; }'
  echo "section .z$n { reserve 2; } }"; } >sizes.smap
for map in lets regions symbols sizes; do
  timeout 60 "$SWOLD" --section-map $map.smap a.o -o $map
done
[ "$(address lets x) $(address regions r0)" = "$(printf '%016x %016x' $((n + 1)) $((0x1000 + 16 * n)))" ]
[ "$(address symbols s0) $(address sizes z1)" = "$(printf '%016x %016x' $((n + 1)) $((0x1002 + 0x$(section sizes .text size))))" ]

sed "s/^let a$n = 1/let a$n = a0/" lets.smap >circle.smap
expect_fail timeout 60 "$SWOLD" --section-map circle.smap a.o -o circle
[ "$(grep -c error "$ERR")" = 1 ]
says 'SM103.*is defined by itself'

# Parentheses on parentheses are a tree as deep as there are operators.
e=1
for _ in $(seq 100); do e="($e$(printf -- '+1%.0s' $(seq 100)))"; done
echo "smap 1; place at 0x1000 { section .text { take .text; reserve $e; } }" >deep.smap
expect_fail "$SWOLD" --section-map deep.smap a.o -o deep
says 'error\[SM001\]: more than 500 operators in one expression'
