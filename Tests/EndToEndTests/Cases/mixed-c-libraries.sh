#!/bin/bash
# Where the C libraries musl and glibc meet in one link, both sides are named.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
command -v musl-gcc >/dev/null || { echo "musl-gcc is missing (musl-tools)"; exit 1; }
echo 'int printf(const char *, ...); int f(void) { return printf("library\n"); }' >f.c
echo 'int f(void); int main(void) { return f() < 0; }' >m.c
echo 'int main(void) { return 0; }' >alone.c
gcc -c f.c m.c alone.c
MUSL="musl-gcc -B$LD_DIR"
WARNING='a program with two C libraries does not run'

# Each with its own kind: no word.
mkdir musl gnu
$MUSL -shared -fPIC f.c -o musl/libf.so
$CC -shared -fPIC f.c -o gnu/libf.so
quiet() { "$@" 2>err; ! grep "$WARNING" err; }
quiet $MUSL m.c musl/libf.so -o out
quiet $MUSL -static alone.c -o out
./out
quiet $CC m.c gnu/libf.so -o out
LD_LIBRARY_PATH=gnu ./out
quiet $CC -static alone.c -o out
quiet $CC -static-pie -fPIE alone.c -o out

# A library of the one in a program of the other.
warns() { # PATTERN COMMAND…
  local pattern=$1
  shift
  "$@" 2>err || { cat err; fail "fails: $*"; }
  grep -qE -- "$pattern" err || { cat err; fail "no line matches '$pattern': $*"; }
  [ "$(grep -c "$WARNING" err)" = 1 ]
}
warns 'musl/libf.so needs libc.so' $CC m.c musl/libf.so -o out
grep -q '/libc.so.6 is libc.so.6' err
warns 'gnu/libf.so needs libc.so.6' $MUSL m.c gnu/libf.so -o out
# … where nobody needs it: no word.
quiet $CC alone.c -Wl,--as-needed musl/libf.so -o out
# Fatal, if warnings are.
expect_fail $CC m.c musl/libf.so -Wl,--fatal-warnings -o fatal
says "$WARNING"
[ ! -e fatal ]

# Start files and libc.a of different kinds.
lib=/usr/lib/x86_64-linux-gnu musl=/usr/lib/x86_64-linux-musl
warns 'crt1.o belongs to glibc.*libc.a\(__libc_start_main.lo\) belongs to musl' \
  $SWOLD -static $lib/crt1.o alone.o $musl/libc.a -o out
# A dynamic linker of the other kind.
warns 'the dynamic linker is /lib/ld-musl-x86_64.so.1.*musl.*glibc' \
  $CC alone.c -Wl,-dynamic-linker=/lib/ld-musl-x86_64.so.1 -o out
