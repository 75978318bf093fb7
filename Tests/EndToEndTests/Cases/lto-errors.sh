#!/bin/bash
# What can be wrong around a plugin is one message each, and leaves nothing behind.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
export TMPDIR=$PWD/tmp && mkdir tmp
echo 'int main(void) { return 0; }' >m.c
gcc -flto -c m.c -o gimple.o
clang-19 -flto -c m.c -o bitcode.o
one() { expect_fail "$@"; [ "$(grep -c ^swold: "$ERR")" = 1 ] || fail "not one error: $*"; }
one $SWOLD gimple.o -o m
says 'gimple\.o.*GIMPLE.*liblto_plugin'
one $SWOLD -plugin /nowhere/plugin.so gimple.o gimple.o -o m
says 'gimple\.o.*/nowhere/plugin\.so.*cannot be loaded'
one $SWOLD -plugin /lib/x86_64-linux-gnu/libz.so.1 gimple.o -o m
says 'no plugin'
echo 'void abort(void); int onload(void *list) { abort(); }' >crash.c
gcc -shared -fPIC crash.c -o crash.so
expect_fail $SWOLD -plugin ./crash.so gimple.o -o m
says 'crashed: Aborted'
head -c 600 bitcode.o >broken.o
one $SWOLD broken.o -o m
says 'broken\.o.*LTO module'
one $CC -flto gimple.o -o m -Wl,-plugin-opt=/nowhere/lto-wrapper
says 'lto'
# What is wrong with the program is told as always.
echo 'int two(void) { return 2; }' >two.c
gcc -flto -c two.c -o two.o && clang-19 -flto -c two.c -o also.o
one $CC -flto gimple.o two.o also.o -o m
says 'duplicate symbol: two'
shows '^>>> defined at also\.o$' cat "$ERR"
echo 'int two(void); int main(void) { return two(); }' >u.c
one $CC -flto -g u.c -o m
says 'undefined symbol: two'
says 'u\.c:1'
# Without its other half swold says what is missing.
cp $SWOLD alone
one ./alone bitcode.o -o m
says 'bitcode\.o.*swold-lto'
[ ! -e m ]
[ -z "$(ls tmp)" ] || fail "left behind: $(ls tmp)"
