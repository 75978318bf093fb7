#!/bin/bash
# A 32-bit reference that cannot reach its target names both.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl main
main: mov far, %eax
  ret
.section .note.GNU-stack,"",@progbits
END
gcc -c m.s
expect_fail $CC -no-pie m.o -Wl,--defsym=far=0x123456789ab -o m
says 'R_X86_64_32S'
says 'far'
says 'm\.o'
