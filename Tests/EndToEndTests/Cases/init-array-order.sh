#!/bin/bash
# Constructors run by priority, then in the order of files.
. "$(dirname "$0")/../prelude.sh"

for f in a b; do
  cat >$f.c <<END
#include <stdio.h>
__attribute__((constructor(300))) static void late(void) { printf("${f}300 "); }
__attribute__((constructor)) static void plain(void) { printf("$f "); }
__attribute__((constructor(150))) static void early(void) { printf("${f}150 "); }
__attribute__((destructor(150))) static void d1(void) { printf("${f}d150 "); }
__attribute__((destructor)) static void d2(void) { printf("${f}d "); fflush(stdout); }
END
done
echo 'int main(void) { return 0; }' >m.c
both gcc -O0 m.c a.c b.c
[ "$(cat both.out)" = "a150 b150 a300 b300 a b bd ad bd150 ad150 " ]
