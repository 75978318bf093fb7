#!/bin/bash
# Assignments are executed in the order of the command line, scripts among the options: the last one
# to a symbol counts, and an expression sees the latest one before it, else the last one behind it.
# (GNU ld. LLVM's linker agrees, but for `foo = foo + 1` of a defined symbol, which it refuses.)
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl _start, foo, bar
.text
_start: ret
foo: nop
bar: nop
END
as a.s -o a.o
value() { printf '%d\n' "0x$(address "$1" "$2")"; }

$SWOLD a.o --defsym=x=1 --defsym=y=x --defsym=x=7 --defsym=z=x -o t
[ "$(value t x)" = 7 ] && [ "$(value t y)" = 1 ] && [ "$(value t z)" = 7 ]

# Forward, and through others.
$SWOLD a.o --defsym=x=y --defsym=y=z --defsym=z=foo -o t
[ "$(address t x)" = "$(address t foo)" ]

echo 'x = 2; w = x; x += 3;' >s.ld
$SWOLD a.o --defsym=x=1 --defsym=v=x s.ld --defsym=z=x -o t
[ "$(value t v)" = 1 ] && [ "$(value t w)" = 2 ] && [ "$(value t x)" = 5 ] && [ "$(value t z)" = 5 ]
$SWOLD a.o s.ld --defsym=x=1 -o t
[ "$(value t x)" = 1 ]

# A definition of the inputs is replaced, and can be asked for by the statement that does so.
$SWOLD a.o --defsym=foo=foo+1 --defsym='bar=DEFINED(bar)?bar:0' --defsym='new=DEFINED(new)?new:9' -o t
[ "$(address t foo)" = "$(address t bar)" ] && [ "$(value t new)" = 9 ]

# Nothing has a value in a cycle. (Peers make it 0.)
expect_fail $SWOLD a.o --defsym=p=q --defsym=q=r+1 --defsym=r=p -o t
says '^swold: error: --defsym=p=q: symbols p, q, r are defined by each other'
expect_fail $SWOLD a.o --defsym=p=p -o t
says "no symbol 'p' is defined"

# Where the value of the name itself is taken, the member that defines it is pulled. (GNU ld if the
# option stands in front, or an object refers to the name; lld makes it 0 or refuses.)
echo '.globl _start; _start: load_int far; exit_result' | as -o user.o
echo '.globl far; .data; far: .long 5; .long 6' | as -o far.o
ar rc far.a far.o
for change in far:5 far+4:6; do
  $SWOLD --defsym=far=${change%:*} user.o far.a -o t
  code=0; ./t || code=$?
  [ $code = ${change#*:} ]
  $SWOLD --defsym=far=${change%:*} a.o far.a -o t
  [ "$(($(value t far) - 0x$(section t .data address)))" = $((${change#*:} * 4 - 20)) ]
done
