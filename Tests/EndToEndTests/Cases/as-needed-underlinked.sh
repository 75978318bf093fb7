#!/bin/bash
# A library under --as-needed that only a library needs is recorded, unless a DT_NEEDED of another
# loads it: else the program would not start (GNU ld; lld leaves that to the user). The order of
# the libraries does not matter.
. "$(dirname "$0")/../prelude.sh"

library() { gcc -shared -fPIC -x c - -x none -o lib$1.so -Wl,-soname,lib$1.so -Wl,--no-as-needed "${@:2}"; }
echo 'int deep(void) { return 0; }' | library deep
echo 'int deep(void); int helper(void) { return deep(); }' | library help
echo 'int helper(void); int app(void) { return helper(); }' | library app
echo 'int helper(void) __attribute__((weak)); int app(void) { return 0; }' | library weak
echo 'int helper(void); int app(void) { return helper(); }' | library linked ./libhelp.so
echo 'int app(void); int main(void) { return app(); }' >m.c
gcc -c m.c
needed() { readelf -d m | sed -n 's/.*NEEDED.*\[lib\(.*\).so\].*/\1/p' | tr '\n' ' '; }
export LD_LIBRARY_PATH=.

for order in "-lapp -lhelp -ldeep" "-ldeep -lapp -lhelp" "-lhelp -ldeep -lapp"; do
  $CC m.o -L. -Wl,--as-needed $order -o m
  ./m
  [ "$(needed)" = "$(echo "$order" | sed 's/-l//g') " ] || [ "$(readelf -d m | grep -c 'NEEDED.*lib[adh]')" = 3 ]
done
$CC m.o -L. -Wl,--as-needed -lweak -lhelp -ldeep -o m
lacks 'NEEDED.*lib(help|deep)' readelf -d m
# libhelp.so is loaded anyway, but not what it lacks.
$CC m.o -L. -Wl,--as-needed -llinked -lhelp -ldeep -o m
./m
shows 'NEEDED.*libdeep' readelf -d m
lacks 'NEEDED.*libhelp' readelf -d m
# What nobody needs asks for nothing, archives included.
echo 'int helper(void) { return 0; }' | gcc -c -x c - -o h.o
ar rc libarchive.a h.o
echo 'int main(void) { return 0; }' | $CC -x c - -L. -Wl,--as-needed -lapp -lhelp -larchive -o m
lacks 'NEEDED.*lib[ah]' readelf -d m
lacks helper nm m
