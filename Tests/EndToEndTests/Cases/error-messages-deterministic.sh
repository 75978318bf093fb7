#!/bin/bash
# Messages come in the same order and words with 1, 2 and 8 threads.
. "$(dirname "$0")/../prelude.sh"

for i in $(seq 30); do echo "int lost$i(void), gone$i(void); int f$i(void) { return lost$i() + gone$i(); }" >f$i.c; done
gcc -g -O0 -c f*.c
round=0
for n in 1 2 8 8; do
  expect_fail $SWOLD -shared -z defs --threads=$n f*.o -o out 2>/dev/null
  cp "$ERR" err.$((++round))
done
for e in err.*; do cmp "$e" err.1; done
[ -s err.1 ]
