#!/bin/bash
# -r --gc-sections keeps what -u or -e needs, groups and unwind tables included.
# machines: -i386 -arm (functions and tables that other machines do not have)
. "$(dirname "$0")/../prelude.sh"

cat >a.cc <<'END'
inline int shared_part(int x) { static int calls; if (x > 5) throw x; return ++calls; }
inline int dead_inline(int x) { static int dead_calls; return dead_calls += x; }
__attribute__((section("list"))) int item = 1;
extern int __start_list[];
int used(int x) { try { return shared_part(x) + __start_list[0]; } catch (int e) { return e; } }
int unused(int x) { return dead_inline(x); }
END
printf 'int used(int);\nint main() { return used(6) != 6 || used(1) != 2; }\n' >m.cc
g++ -g -ffunction-sections -fdata-sections -c a.cc m.cc
$SWOLD -r --gc-sections -u _Z4usedi a.o -o r.o
sane r.o
has_section r.o list
has_section r.o .text._Z11shared_parti
has_no_section r.o .text._Z6unusedi
lacks 'dead_inline|unused' readelf -gW r.o
[ "$(count ' FDE ' readelf --debug-dump=frames r.o)" = 2 ]
$CXX r.o m.o -o m
./m
$SWOLD -r --gc-sections -e _Z4usedi a.o -o r2.o
cmp r.o r2.o
expect_fail $SWOLD -r --gc-sections a.o -o r.o
says '-e or -u'
