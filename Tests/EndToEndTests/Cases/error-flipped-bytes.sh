#!/bin/bash
# An object with damaged bytes links or gives an error, but never crashes or hangs.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
#include <stdio.h>
__thread int t;
const char *s = "text";
int main(void) { printf("%s %d\n", s, t); return 0; }
END
gcc -g -c m.c
cat >damage.py <<'END'
import random, sys
data = bytearray(open("m.o", "rb").read())
draw = random.Random(int(sys.argv[1]))
for _ in range(1 + int(sys.argv[1]) % 4):
    data[draw.randrange(16, len(data))] = draw.choice([0, 1, 0x7f, 0x80, 0xff, draw.randrange(256)])
open("bad.o", "wb").write(data)
END
for seed in $(seq 120); do
  python3 damage.py $seed
  code=0
  timeout 20 $SWOLD -shared bad.o -o out >log 2>&1 || code=$?
  [ $code = 0 ] || [ $code = 1 ] || { cat log; fail "seed $seed: exit code $code"; }
  [ $code = 0 ] || [ -s log ] || fail "seed $seed: no message"
done
