#!/bin/bash
# Thread-local common symbols get space in the TLS segment.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl main
main:
  mov %fs:tc@tpoff, %eax
  movl $3, %fs:tc@tpoff
  add %fs:td@tpoff, %eax
  ret
.section .tdata,"awT",@progbits
td: .long 0
.section .note.GNU-stack,"",@progbits
.tls_common tc,4,4
END
sed -i 's/^.tls_common/.type tc,@tls_object\n.tls_common/' a.s
gcc -c a.s
$CC -no-pie a.o -o m
./m
shows ' TLS .* tc$' readelf -sW m
