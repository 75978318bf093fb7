#!/bin/bash
# Behind -n and -N, -lNAME means libNAME.a and shared libraries are refused, as in GNU ld and lld.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl _start
_start: call f
  exit_result
END
printf '.globl f\nf: return 0\n' >f.s
as m.s -o m.o
as f.s -o f.o
ar rc libf.a f.o
gcc -shared -nostdlib f.o -o libf.so
for option in -n -N "-N --no-omagic"; do
  $SWOLD m.o $option -L. -lf -o m
  ./m
  lacks 'Dynamic section' readelf -d m
  expect_fail "$SWOLD" m.o $option libf.so -o m
  says 'libf.so.*shared library.*-n'
done
rm libf.a
expect_fail "$SWOLD" -n m.o -L. -lf -o m
says 'looked for libf.a'
says './libf.so is a shared library'
expect_fail $CC -no-pie -Wl,-N -x c - -o m <<<'int main(void) { return 0; }'
says 'gcc_s'
