#!/bin/bash
# -init and -fini name the functions behind DT_INIT and DT_FINI.
# machines: -riscv64 (no DT_INIT)
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'END'
#include <stdio.h>
void begin(void) { puts("begin"); }
void end(void) { puts("end"); fflush(stdout); }
END
echo 'int main(void) { return 0; }' >m.c
code=
[ $MACHINE != arm ] || code=-marm  # the address of a function in Thumb state is odd
$CC $code -shared -fPIC l.c -Wl,-init,begin -Wl,-fini,end -o libl.so
$CC -Wl,--no-as-needed m.c ./libl.so -o m
[ "$(./m | tr '\n' ' ')" = "begin end " ]
shows "\(INIT\) +0x0*$(address libl.so begin | sed 's/^0*//')" readelf -d libl.so
