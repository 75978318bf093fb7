#!/bin/bash
# -N makes text writable; -N and -n need no page alignment. What shares a page is then one PT_LOAD with
# all rights, as in GNU ld; every PT_LOAD is where the kernel can map it; RELRO would take rights from
# what is beside it on a page, so there is none. GNU ld cannot link the C library so (__ehdr_start).
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl _start
_start: load_int zero
  store_int value
  load_int value
  exit_result
zero: .long 0
value: .long 7
END
as m.s -o m.o
$SWOLD -N m.o -o m
./m
shows '^ *LOAD .* RWE ' readelf -lW m

cat >n.c <<'END'
#include <stdio.h>
#include <string.h>
char big[9000];
_Thread_local int t = 3;
_Thread_local char many[100];
_Alignas(8192) int aligned = 1;
int array[3000] = {1};
const char *const names[] = {"a", "b"};
int main(int n, char **v) {
  big[n] = many[n] = 1;
  char text[9];
  sprintf(text, "%s%d%d", names[n], t, aligned + array[0]);
  return strcmp(text, "b32") || (long)&aligned % 8192;
}
END
for kind in -static -static-pie; do
  supports $kind || continue
  for option in -N -n -N,-z,norelro -n,-z,max-page-size=65536; do
    $CC $kind n.c -o n -Wl,$option
    ./n
    sane n
    lacks GNU_RELRO readelf -lW n
    readelf -lW n | awk '$1 == "LOAD" { print $2, $3 }' | while read -r offset address; do
      [ $(((address - offset) % 4096)) = 0 ] || fail "$option $kind: $offset $address"
    done
    strip n
    ./n
  done
done
# Read-only data of which no page is shared stays read-only with -n.
printf '.globl _start\n_start: exit 0\n.data\n.balign 4096\n.quad 1\n' >p.s
as p.s -o p.o
$SWOLD -n p.o -o p
./p
shows '^ *LOAD .* R E ' readelf -lW p
shows '^ *LOAD .* RW ' readelf -lW p
