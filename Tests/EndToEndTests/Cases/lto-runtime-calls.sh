#!/bin/bash
# Calls that only generated code makes: archive members with machine code are pulled for them then,
# those that have to be compiled are there before.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'E'
struct big { int n[2000]; };
volatile int zero;
struct big one, two;
void _start(void) {
  struct big *from = &one, *to = &two;
  __asm__ volatile("" : "+r"(from), "+r"(to));
  *to = *from;
  unsigned __int128 x = (unsigned __int128)zero + 7, y = (unsigned __int128)zero + 3;
  int code = to->n[zero] || (int)(x / y) != 2;
  __asm__ volatile("and $-16,%%rsp; syscall" :: "a"(60), "D"(code));
}
E
cat >memcpy.c <<'E'
void *memcpy(void *to, const void *from, unsigned long n) {
  for (char *t = to, *f = (char *)from; n--;) { *t++ = *f++; __asm__(""); }
  return to;
}
void *memset(void *to, int c, unsigned long n) {
  for (char *t = to; n--;) { *t++ = c; __asm__(""); }
  return to;
}
E
for compiler in gcc clang-19; do
  [ $compiler = gcc ] && { link=$CC; ar=gcc-ar; } || { link=$CLANG; ar=llvm-ar-19; }
  # gcc copies inline by itself, if it is not told otherwise.
  [ $compiler = gcc ] && call=-mmemcpy-strategy=libcall:-1:noalign || call=
  $compiler -O2 -flto -ffreestanding -fno-stack-protector $call -c m.c
  for flags in '-flto' ''; do
    $compiler -O2 $flags -ffreestanding -fno-stack-protector -c memcpy.c
    rm -f libm.a && $ar rcs libm.a memcpy.o
    $link -O2 -flto -nostdlib -static m.o libm.a -lgcc -o m && ./m || fail "$compiler '$flags'"
    shows ' memcpy$' nm m
    shows ' __udivti3$' nm m
  done
done
