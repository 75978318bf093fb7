#!/bin/bash
# Section headers with impossible sizes, links and offsets give an error.
# machines: x86_64 aarch64 riscv64 (sizes of 64-bit records and words)
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
cat >damage.py <<'END'
import struct, sys
n, field = int(sys.argv[1]), int(sys.argv[2])
data = bytearray(open("m.o", "rb").read())
shoff, = struct.unpack_from("<Q", data, 40)
count, = struct.unpack_from("<H", data, 60)
if n >= count: sys.exit(3)
offset, size = [(24, 8), (32, 8), (40, 4), (44, 4), (48, 8), (56, 8), (0, 4)][field]
data[shoff + 64 * n + offset:][:0]
data[shoff + 64 * n + offset:shoff + 64 * n + offset + size] = b"\xf1" * size
open("bad.o", "wb").write(data)
END
for n in $(seq 1 15); do
  for field in 0 1 2 3 4 5 6; do
    python3 damage.py $n $field || break
    code=0
    timeout 20 $SWOLD -shared bad.o -o out >log 2>&1 || code=$?
    [ $code = 0 ] || [ $code = 1 ] || { cat log; fail "section $n field $field: $code"; }
    [ $code = 0 ] || grep -q 'bad\.o' log || fail "section $n field $field: no name"
  done
done
