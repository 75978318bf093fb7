#!/bin/bash
# An absolute symbol keeps its value, whatever it is: no number means something else to the linker.
# machines: x86_64 aarch64 riscv64 (words of 8 bytes)
. "$(dirname "$0")/../prelude.sh"

values='0x8002000000000000 0x8003000000000000 0x8003000000000001 0xffffffffffffffff 0x7fffffffffffffff'
{ echo '.globl _start'; echo '_start: ret'; echo '.data'
  n=0
  for value in $values; do
    echo ".globl a$n"; echo ".set a$n, $value"; echo ".set l$n, $value"; echo ".quad a$n, l$n"
    n=$((n + 1))
  done; } >m.s
as m.s -o m.o
echo '.globl u; u: .quad a0, a1, a2, a3, a4' >u.s
sed -i 's/^/.data\n/' u.s
as u.s -o u.o
for style in -no-pie -pie -shared; do
  $SWOLD $style m.o u.o -o out
  n=0
  for value in $values; do
    [ "$(address out a$n)" = "${value#0x}" ] || fail "$style: a$n is $(address out a$n)"
    n=$((n + 1))
  done
done
$SWOLD m.o u.o -o out
python3 - $values <<'END'
import re, struct, subprocess, sys
values = [int(v, 16) for v in sys.argv[1:]]
subprocess.run(["objcopy", "--dump-section", ".data=data", "out", "/dev/null"], check=True)
words = [w for w, in struct.iter_unpack("<Q", open("data", "rb").read())]
assert words == [v for v in values for _ in (0, 1)] + values, [hex(w) for w in words]
END
