#!/bin/bash
# Nodes, patterns and extern blocks end with a semicolon, as GNU ld and lld want it.
. "$(dirname "$0")/../prelude.sh"

echo 'void a(void) {} void b(void) {}' >l.c
gcc -fPIC -c l.c
accepts() {
  printf "$1" >map
  $SWOLD -shared l.o --version-script map -o libl.so
}
refuses() {
  printf "$1" >map
  expect_fail $SWOLD -shared l.o --version-script map -o libl.so
  says "$2"
}
accepts 'V1 { global: a; local: *; };\n'
accepts 'V1 { extern "C" { a; b }; };'
refuses 'V1 { global: a; local: *; }\n' "map:2:1: expected ';'"
refuses 'V1 { a; }; V2 { b; } V1' "map:1:24: expected ';'"
refuses '{ global: a; local: *; }' "expected ';'"
refuses 'V1 { global: a; local: * };' "map:1:26: expected ';' after '\*'"
refuses 'V1 { a };' "expected ';' after 'a'"
refuses 'V1 { extern "C" { a; } b; };' "expected ';'"
# So it is in a VERSION command.
echo 'VERSION { V1 { a; } }' >v.t
expect_fail $SWOLD -shared l.o v.t -o libl.so
says "v.t:1:21: expected ';'"
# And in dynamic lists, where all other linkers want it.
echo 'int main(void) { return 0; }' >m.c
for list in '{ a; }' '{ a };'; do
  echo "$list" >list
  expect_fail $CC m.c l.o -Wl,--dynamic-list=list -o m
  says "expected ';'"
done
