#!/bin/bash
# An undefined symbol is an error with function, file and line of each reference.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
int missing(void);
int first(void) {
  return missing();
}
int main(void) {
  return missing() + first();
}
END
gcc -g -c m.c
expect_fail $CC m.o -o m
says 'undefined.*missing'
says 'm\.c:3'
says 'm\.c:6'
[ ! -e m ]
