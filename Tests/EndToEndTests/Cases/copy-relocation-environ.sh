#!/bin/bash
# environ and its aliases in libc stay one variable.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
#include <stdlib.h>
extern char **environ, **__environ;
int main(void) {
  putenv("SWOLD_CASE=1");
  return environ != __environ || &environ != &__environ || !environ[0];
}
END
$CC -fno-pic -no-pie m.c -o m
./m
sane m
