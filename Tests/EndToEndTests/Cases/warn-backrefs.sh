#!/bin/bash
# --warn-backrefs: members of archives that a linker would miss that looks at each archive once, as GNU ld
# does; what lld warns about.
. "$(dirname "$0")/../prelude.sh"

echo 'int foo(void); int main(void) { return foo(); }' >main.c
echo 'int bar(void); int foo(void) { return bar(); }' >foo.c
echo 'int bar(void) { return 0; }' >bar.c
gcc -c main.c foo.c bar.c
ar rcs foo.a foo.o && ar rcs bar.a bar.o && ar rcs both.a foo.o bar.o && cp foo.a late.a
warnings() {
  $CC "$@" -Wl,--warn-backrefs -o main 2>err || { cat err; fail "does not link"; }
  ./main
  grep -c 'warning: backward reference' err || true
}
[ "$(warnings main.o foo.a bar.a)" = 0 ]
[ "$(warnings foo.a bar.a main.o)" = 1 ]  # bar is behind foo.a, and comes with it
grep -q 'foo in main.o is defined by foo.a(foo.o), which stands before it' err
[ "$(warnings bar.a main.o foo.a)" = 1 ]
grep -q 'bar in foo.a(foo.o) is defined by bar.a(bar.o)' err
[ "$(warnings both.a main.o)" = 1 ]
[ "$(warnings -Wl,--start-group foo.a bar.a main.o -Wl,--end-group)" = 0 ]
[ "$(warnings bar.a foo.a main.o late.a)" = 1 ]
lacks 'foo in main' cat err
[ "$(warnings foo.a bar.a main.o -Wl,--warn-backrefs-exclude='*oo.a')" = 0 ]
$CC foo.a bar.a main.o -Wl,--warn-backrefs,--no-warn-backrefs -o main 2>err && [ ! -s err ]
[ "$(warnings -Wl,-u,foo foo.a bar.a main.o)" = 0 ]
$CC bar.a foo.a main.o -o main 2>err && [ ! -s err ]
expect_fail $CC foo.a bar.a main.o -Wl,--warn-backrefs,--fatal-warnings -o no
if [ "$MACHINE" = x86_64 ]; then
  for line in 'main.o foo.a bar.a' 'foo.a bar.a main.o' 'bar.a main.o foo.a' 'both.a main.o' 'bar.a foo.a main.o late.a'; do
    gcc -fuse-ld=lld -Wl,--warn-backrefs $line -o by-lld 2>err.lld
    [ "$(warnings $line)" = "$(grep -c 'warning: backward' err.lld || true)" ] || fail "unlike lld: $line"
  done
fi
