#!/bin/bash
# DT_INIT, DT_FINI and the entry address are the library's own functions, although calls of the exported
# names go through PLT entries to whatever another library puts in their place.
# machines: -riscv64 (no DT_INIT)
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
#include <stdio.h>
void begin(void) { puts("begin A"); }
void end(void) { puts("end A"); fflush(stdout); }
void calls(void) { begin(); end(); }
END
# The address of a function in Thumb state is odd.
code=
[ $MACHINE != arm ] || code=-marm
sed 's/A"/B"/' a.c >b.c
for x in a b; do
  $CC -O0 $code -shared -fPIC $x.c -Wl,-init,begin -Wl,-fini,end -Wl,-e,calls -o lib$x.so
  shows "Entry point address: +0x$(address lib$x.so calls | sed 's/^0*//')$" readelf -hW lib$x.so
done
echo 'int main(void) { return 0; }' >m.c
gcc m.c -Wl,--no-as-needed -L. -la -lb -Wl,-rpath,. -o m
[ "$(./m | sort | tr '\n' ' ')" = "begin A begin B end A end B " ]
