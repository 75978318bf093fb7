#!/bin/bash
# --no-define-common: a shared library leaves its common symbols to the program, as with GNU ld.
. "$(dirname "$0")/../prelude.sh"

cat >c.c <<'END'
int common_a, *pointer = &common_a, common_array[100], here = 4;
int get(void) { return common_a + common_array[3] + *pointer + here; }
END
echo 'int common_a = 5, common_array[100] = {1, 2, 3, 4}; int get(void); int main(void) { return get() - 18; }' >m.c
gcc -fcommon -fPIC -c c.c && gcc -c m.c
symbols() { readelf --dyn-syms -W "$1" | awk '$8 ~ /common|here|pointer/ { print $3, $4, $5, $6, $7 == "UND", $8 }' | sort -k6; }
$CC -shared c.o -Wl,--no-define-common -o c.so
gcc -shared c.o -Wl,--no-define-common -o peer.so
diff <(symbols c.so) <(symbols peer.so)
[ "$(count ' UND common_a(rray)?$' readelf --dyn-syms -W c.so)" = 2 ]
$CC m.o ./c.so -o m && ./m && sane m
# -d is about -r, and does not undo it.
$CC -shared c.o -Wl,--no-define-common,-d -o d.so && cmp c.so d.so
$CC -shared c.o -Wl,--define-common -o e.so && lacks ' UND common' readelf --dyn-syms -W e.so
# A definition in the library itself serves.
echo 'int common_a = 9;' >a.c && gcc -fPIC -c a.c
$CC -shared c.o a.o -Wl,--no-define-common -o f.so
[ "$(count ' UND common_a$' readelf --dyn-syms -W f.so)" = 0 ]
expect_fail $CC m.o c.o -Wl,--no-define-common -o n
says '--no-define-common may not be used without -shared'
