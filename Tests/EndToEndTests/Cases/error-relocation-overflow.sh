#!/bin/bash
# A 32-bit reference that cannot reach its target names both.
# machines: x86_64 aarch64 riscv64 (addresses of 64 bits)
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl main
main: return 0
.data
.long far
.section .note.GNU-stack,"",@progbits
END
as m.s -o m.o
expect_fail $CC -no-pie m.o -Wl,--defsym=far=0x123456789ab -o m
says "${R}(ABS)?32"
says 'far'
says 'm\.o'
