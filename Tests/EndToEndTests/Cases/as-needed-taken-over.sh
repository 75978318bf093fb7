#!/bin/bash
# A library and an archive member behind it define the same. Where the member takes part for another
# name, it is the definition, and a library under --as-needed is not needed for it (lld; GNU ld
# if it meets the member first); nor are libraries that only this one would have needed.
. "$(dirname "$0")/../prelude.sh"

asm() { as -o $1.o; }
echo '.globl _start; _start: load_int foo; exit_result; .section .data; .quad bar' | asm main
echo '.globl _start; _start: load_int foo; exit_result' | asm only
echo '.globl foo, bar; .data; foo: .long 5; bar: .long 6' | asm member
echo '.globl foo; .type foo, @object; .size foo, 4; .data; foo: .long 7; .quad deep' | asm library
echo '.globl foo, deep; .type foo, @object; .size foo, 4; .data; foo: .long 8; deep: .long 9' | asm deep
echo '.globl user; .data; user: .quad foo' | asm user
for name in library deep user; do gcc -shared -nostdlib $name.o -Wl,-soname,$name.so -o $name.so; done
ar rc member.a member.o
code() { local r=0; "./$1" || r=$?; [ $r = "$2" ] || fail "$1 gave $r"; }

for inputs in "main.o --as-needed library.so deep.so" "main.o user.so --as-needed deep.so library.so"; do
  $SWOLD $inputs member.a -rpath . -o m
  code m 5
  lacks 'NEEDED.*\[(library|deep)' readelf -d m
done
# Whoever is needed for another name stays, and who is asked for a name of no such member.
$SWOLD only.o --as-needed library.so deep.so member.a -o m
shows 'NEEDED.*\[library' readelf -d m
lacks ' bar$' nm m
echo '.section .data; .quad deep' | asm more
$SWOLD main.o more.o --as-needed deep.so member.a -o m
shows 'NEEDED.*\[deep' readelf -d m
shows ' D foo$' nm m
# The member that the needless library itself asks for stays, for it is the definition then.
echo '.globl foo, deep; .data; foo: .long 5; deep: .long 6' | asm circle
ar rc circle.a circle.o
$SWOLD only.o --as-needed library.so circle.a -o m
code m 5
lacks 'NEEDED' readelf -d m
# What the member defines in a COMDAT group that loses, and its kept copy does not have, is the
# library's.
group='.section .data.g,"awG",%progbits,group,comdat'
echo ".globl _start; _start: load_int foo; exit_result; .section .data; .quad bar; $group; .long 1" | asm keeps
echo ".globl foo, bar; .data; bar: .long 6; $group; foo: .long 5" | asm loses
ar rc loses.a loses.o
$SWOLD keeps.o --as-needed library.so deep.so loses.a -rpath . -o m
code m 7
shows 'NEEDED.*\[library' readelf -d m
