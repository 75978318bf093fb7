#!/bin/bash
# i386: code that is not position-independent calls imported functions without the address of the GOT
# in %ebx, which entries of the PLT of PIEs and libraries want. So the dynamic linker changes the call,
# as with GNU ld; lld refuses. An indirect function has only such an entry: an error.
# machines: x86_64 i386 (names its machine itself)
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'C'
#include <stdio.h>
int twice(int n);
int main(void) { puts("here"); printf("%d\n", twice(4)); return 0; }
C
cat >l.c <<'C'
#include <stdlib.h>
int twice(int n) { return abs(n) * 2; }
C
gcc -m32 -fno-pic -fno-pie -c a.c -o a.o
gcc -m32 -fno-pic -fno-pie -fno-builtin -c l.c -o l.o
$CC -m32 -shared l.o -o libl.so 2>err
grep -q 'relocation R_386_PC32 against abs in a read-only section' err
shows 'R_386_PC32 .* abs@' readelf -rW libl.so
$CC -m32 -pie a.o ./libl.so -o main 2>err
[ "$(./main)" = $'here\n8' ]
shows TEXTREL readelf -dW main
[ "$(count R_386_JUMP_SLOT readelf -rW main)" = 1 ]  # __libc_start_main
# In a program at a fixed place entries of the PLT have addresses.
$CC -m32 -no-pie a.o ./libl.so -o fixed
[ "$(./fixed)" = $'here\n8' ]
lacks TEXTREL readelf -dW fixed

cat >i.c <<'C'
static int one(void) { return 1; }
static int (*choose(void))(void) { return one; }
__attribute__((ifunc("choose"))) int f(void);
int main(void) { return f() - 1; }
C
gcc -m32 -fno-pic -fno-pie -c i.c -o i.o
expect_fail $CC -m32 -pie i.o -o i
says 'R_386_PC32 calls the indirect function f without'
$CC -m32 -no-pie i.o -o i
./i

# The address of a function is not that of an entry of the PLT either.
cat >d.s <<'S'
.globl main
main: call 1f
1: popl %eax
  addl $puts - 1b, %eax
  pushl $text
  call *%eax
  popl %ecx
  xorl %eax, %eax
  ret
.data
text: .asciz "distance"
.section .note.GNU-stack, "", @progbits
S
/usr/bin/as --32 d.s -o d.o
for kind in -pie -no-pie; do
  $CC -m32 $kind d.o -o d 2>err
  [ "$(./d)" = distance ]
done
sed 's/addl .puts - 1b/leal puts@GOTOFF(%ebx)/' d.s >g.s
/usr/bin/as --32 g.s -o g.o
expect_fail $CC -m32 -pie g.o -o g
says 'R_386_GOTOFF against puts cannot be used'
