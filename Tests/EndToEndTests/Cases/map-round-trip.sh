#!/bin/bash
# Linking with the printed map gives the same bytes as linking without.
. "$(dirname "$0")/../prelude.sh"

cat >hello.c <<'END'
#include <stdio.h>
_Thread_local int counter = 7;
int main(void) { return printf("hello %d\n", counter) != 8; }
END
cat >hello.cc <<'END'
#include <iostream>
#include <stdexcept>
int main() {
  try { throw std::runtime_error("hello"); } catch (const std::exception &e) { std::cout << e.what() << '\n'; }
}
END
round() {
  "$@" -o plain
  "$@" -Wl,--print-section-map -o printed >printed.smap
  cmp plain printed
  "$@" -Wl,--section-map=printed.smap -o again
  cmp plain again
  "$@" -Wl,--section-map=printed.smap -Wl,--print-section-map -o twice >twice.smap
  cmp printed.smap twice.smap
  cmp plain twice
}
round $CC hello.c
./again
round $CC -no-pie hello.c
round $CC -static hello.c
! supports -static-pie || round $CC -static-pie hello.c
round $CC -fPIC -shared -Wl,-z,now hello.c
round $CC -fPIC -shared -Wl,-z,norelro hello.c
round $CXX -O1 hello.cc
./again
round $CC -static -Wl,--gc-sections hello.c
[ $MACHINE != x86_64 ] || round musl-gcc -B"$LD_DIR" hello.c
# A writable .rodata needs a segment of its own, which the printed map may not refuse.
printf '.globl main\n.text\nmain: return 0\n.section .rodata, "aw"\n.quad 1\n' >odd.s
echo '.section .note.GNU-stack, "", @progbits' >>odd.s
as odd.s -o odd.o
round $CC -no-pie odd.o
# -r: the printed map has rules only.
gcc -c hello.c
$SWOLD -r hello.o -o plain.o
$SWOLD -r hello.o -o printed.o --print-section-map >relocatable.smap
cmp plain.o printed.o
$SWOLD -r hello.o -o again.o --section-map relocatable.smap
cmp plain.o again.o
# Without inputs it only prints.
$SWOLD --print-section-map >default.smap
shows '^smap 1;' cat default.smap
