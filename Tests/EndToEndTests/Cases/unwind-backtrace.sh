#!/bin/bash
# backtrace() walks through functions of a program and of a library.
# machines: -riscv64 -arm (backtrace() finds no frames there, with GNU ld either)
. "$(dirname "$0")/../prelude.sh"

echo 'void back(void (*f)(void)) { f(); __asm__ volatile(""); }' >l.c
cat >m.c <<'END'
#include <execinfo.h>
void back(void (*)(void));
static int depth;
static void count(void) { void *frames[50]; depth = backtrace(frames, 50); }
__attribute__((noinline)) static void through(void) { back(count); __asm__ volatile(""); }
int main(void) { through(); return depth < 5; }
END
$CC -O1 -shared -fPIC l.c -o libl.so
$CC -O1 m.c ./libl.so -o m
./m
