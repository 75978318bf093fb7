#!/bin/bash
# A copied constant lies in memory that is read-only after start.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'END'
#include <stddef.h>
const int table[1000] = {7};
const char *const names[2] = {"a", "b"};
END
cat >m.c <<'END'
#include <signal.h>
#include <unistd.h>
extern const int table[1000];
static void caught(int s) { _exit(0); }
int main(void) {
  if (table[0] != 7) return 1;
  signal(SIGSEGV, caught);
  *(volatile int *)table = 8;
  return 2;
}
END
gcc -shared -fPIC l.c -o libl.so
$CC -fno-pic -no-pie m.c ./libl.so -o m
shows "${R}COPY" readelf -rW m
./m
sane m
