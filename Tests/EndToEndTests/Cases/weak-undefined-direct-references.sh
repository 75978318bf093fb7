#!/bin/bash
# Direct references to an undefined weak symbol. At a fixed address it is 0; in a PIE no distance and
# no 32 bits can say so for a symbol that a library may still bring (GNU ld, lld: an error).
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

echo 'int other;' | gcc -shared -fPIC -x c - -o libo.so
assemble() { printf '.globl _start\n.weak w\n_start: %b\n' "$1" | as -mrelax-relocations=yes -o a.o; }
for code in 'lea w(%rip), %rax' 'mov $w, %eax' 'mov $w, %rax' 'movabs $w@GOTOFF, %rax'; do
  assemble "$code"
  $SWOLD a.o -o m
  $SWOLD a.o libo.so -o m
  expect_fail $SWOLD -pie a.o libo.so -o n
  says 'against w cannot be used'
  expect_fail $SWOLD -shared a.o -o n.so
  says 'against w cannot be used'
done
for code in 'call w' 'call *w@GOTPCREL(%rip)' 'mov w@GOTPCREL(%rip), %rax' 'movabs $w@PLTOFF, %rax'; do
  assemble "$code"
  for style in -no-pie -pie -shared; do $SWOLD $style a.o libo.so -o m; done
done
# The address of a function in a library is not that of the library's PLT entry.
printf '.globl g\n.type f, @function\ng: lea f(%%rip), %%rax\n ret\n' | as -o g.o
echo 'void f(void) {}' | gcc -shared -fPIC -x c - -o libf.so
expect_fail $SWOLD -shared g.o libf.so -o n.so
says 'PC32 against f cannot be used .*-fPIC'
