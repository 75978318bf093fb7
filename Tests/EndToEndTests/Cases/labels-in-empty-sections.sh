#!/bin/bash
# A label in an empty section still has a sensible address.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl address
.type address, @function
address: load_address here
  ret
.section .mydata,"aw"
here:
.section .note.GNU-stack,"",@progbits
END
as m.s -o m.o
echo 'void *address(void); int main(void) { return !address(); }' >n.c
$CC n.c m.o -o m
./m
sane m
