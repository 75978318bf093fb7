#!/bin/bash
# A common symbol in an archive member defines a name, so the member is taken for an undefined
# reference. A common symbol of the program waits for data: a member with a strong definition is
# taken, one with a weak definition, a function or another common symbol is not. (GNU ld)
. "$(dirname "$0")/../prelude.sh"

asm() { as -o $1.o; }
echo '.globl _start; _start: load_int foo; exit_result' | asm user
echo '.globl _start; .comm foo, 4, 4; _start: load_int foo; exit_result' | asm owner
echo '.comm foo, 4, 4; .globl taken; .data; taken: .long 1' | asm common
echo '.globl foo, taken; .data; foo: .long 17; taken: .long 1' | asm data
echo '.weak foo; .globl taken; .data; foo: .long 18; taken: .long 1' | asm weak
echo '.globl foo, taken; .type foo, @function; foo: ret; .data; taken: .long 1' | asm function
for kind in common data weak function; do ar rc $kind.a $kind.o; done
code() { local r=0; "./$1" || r=$?; [ $r = "$2" ] || fail "$1 gave $r"; }

for inputs in "user.o common.a" "common.a user.o" "user.o --start-lib common.o --end-lib"; do
  $SWOLD $inputs -o m
  code m 0
  shows ' B foo$' nm m
  shows taken nm m
done
$SWOLD user.o common.a data.a -o m
code m 17
$SWOLD owner.o data.a -o m
code m 17
shows taken nm m
for kind in common weak function; do
  $SWOLD owner.o $kind.a -o m
  code m 0
  lacks taken nm m
done
# Nor is it for references of others to the common symbol, in objects or libraries.
echo '.globl other; .data; other: .quad foo' | asm reference
gcc -shared -nostdlib reference.o -o reference.so
gcc -shared -nostdlib weak.o -o useless.so
for user in reference.o reference.so; do
  for kind in common weak function; do
    $SWOLD owner.o $user $kind.a --as-needed useless.so -o m
    lacks taken nm m
    lacks 'NEEDED.*useless' readelf -d m
  done
done
# A member with a common symbol serves a reference, of an object or a library, before a library that
# stands behind does. (GNU ld, lld)
echo '.globl foo; .type foo, @object; .size foo, 4; .bss; foo: .long 0' | asm zeroed
gcc -shared -nostdlib zeroed.o -o zeroed.so
for inputs in "user.o common.a --as-needed zeroed.so" "user.o reference.so common.a --as-needed zeroed.so"; do
  $SWOLD $inputs -o m
  shows ' taken$' nm m
  lacks 'NEEDED.*\[zeroed' readelf -d m
done
$SWOLD user.o --as-needed zeroed.so common.a -o m
lacks taken nm m
