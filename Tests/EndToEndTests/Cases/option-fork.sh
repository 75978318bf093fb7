#!/bin/bash
# With and without a child process that does the work, the output can be run as soon as the linker
# has returned, and a failure is told by the exit code.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
for mode in --fork --no-fork; do
  for i in 1 2 3 4 5 6 7 8 9 10; do
    $CC -Wl,$mode m.o -o m
    ./m
  done
done
echo 'int f(void); int main(void) { return f(); }' >u.c
for mode in --fork --no-fork; do
  expect_fail $CC -Wl,$mode u.c -o u
  says 'undefined symbol: f'
done
