#!/bin/bash
# --unique=PATTERN keeps input sections apart that would be joined.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
__attribute__((section(".text.one"))) int one(void) { return 1; }
__attribute__((section(".text.two"))) int two(void) { return 2; }
__attribute__((section("mine"))) int a = 1;
int main(void) { return one() + two() - 3; }
END
echo '__attribute__((section("mine"))) int b = 1;' >n.c
gcc -c m.c n.c
$CC m.o n.o -Wl,--unique='.text.o*' -o m
./m
has_section m .text.one
has_no_section m .text.two
sane m
# Without a pattern: what no rule takes.
$CC m.o n.o -o plain
[ "$(count '\] mine ' readelf -SW plain)" = 1 ]
$CC m.o n.o -Wl,--unique -o orphans
./orphans
[ "$(count '\] mine ' readelf -SW orphans)" = 2 ]
