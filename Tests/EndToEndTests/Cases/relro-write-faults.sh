#!/bin/bash
# Writing to a relocated constant after start is a segmentation fault.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
#include <signal.h>
#include <unistd.h>
static int target;
int *const pointer = &target;
static void caught(int s) { _exit(42); }
int main(int n, char **v) {
  signal(SIGSEGV, caught);
  int **volatile where = (int **)&pointer;
  *where = 0;
  return 0;
}
END
for now in lazy now; do
  $CC -fPIE -pie -Wl,-z,relro,-z,$now m.c -o m
  r=0; ./m || r=$?
  [ $r = 42 ] || fail "ends with $r"
  sane m
done
$CC -fPIE -pie -Wl,-z,norelro m.c -o m
./m
lacks 'GNU_RELRO' readelf -lW m
