#!/bin/bash
# AArch64: BTI, PAC and GCS are promises of all inputs; the PLT has landing pads if all promise BTI, in
# programs, or checks pointers with -z pac-plt. Functions with a calling convention of their own are
# marked (DT_AARCH64_VARIANT_PCS), ILP32 is refused. As GNU ld and lld do.
. "$(dirname "$0")/../prelude.sh"

GCC='aarch64-linux-gnu-gcc -O2 -fPIC'
echo 'int f(int); int g(int x) { return f(x) + f(x + 1) + 1; }' >with.c
sed s/g/h/ with.c >without.c
$GCC -mbranch-protection=standard -c with.c
$GCC -c without.c
dump() { aarch64-linux-gnu-objdump -d -j .plt "$1"; }
$SWOLD -e g with.o -pie --unresolved-symbols=ignore-all -z dynamic-undefined-weak -o bti.pie
$SWOLD -shared with.o -o bti.so
shows 'AArch64 feature: BTI, PAC' readelf -nW bti.so
shows 'AARCH64_BTI_PLT' readelf -dW bti.so
shows 'bti.c' dump bti.so  # the first entry, which others jump to
[ "$(count 'bti.c' dump bti.so)" = 1 ]
$SWOLD -shared with.o without.o -o none.so
lacks 'feature|BTI_PLT' readelf -ndW none.so
lacks 'bti.c' dump none.so
$SWOLD -shared with.o without.o -z force-bti -z pac-plt -o forced.so 2>warnings
grep -q 'without.o: lacks the BTI property' warnings
! grep -q 'with.o: lacks' warnings
shows 'AARCH64_PAC_PLT' readelf -dW forced.so
shows 'AArch64 feature: BTI$' readelf -nW forced.so
shows 'autia1716' dump forced.so
expect_fail $SWOLD -shared with.o without.o -z bti-report=error -o no.so
says 'without.o: lacks the BTI property \(-z bti-report\)'
$SWOLD -shared without.o -z gcs=always -o gcs.so
shows '000000c0 04000000 04000000' readelf -x .note.gnu.property gcs.so

# A program calls its PLT entries, and may take their address: they begin with a landing pad.
echo 'int f(int x) { return x; }' >f.c
$GCC -mbranch-protection=standard -shared -nostdlib -B"$LD_DIR" f.c -o libf.so
printf '.section .note.gnu.property,"a"\n.balign 8\n.word 4,16,5\n.asciz "GNU"\n.word 0xc0000000,4,3,0\n
.text\n.globl _start\n_start: bl f\nldr x0, =f\n' >s.s
aarch64-linux-gnu-as s.s -o s.o
$SWOLD s.o libf.so -o main
[ "$(count 'bti.c' dump main)" = 2 ]

printf '.variant_pcs vec\n.globl _start\n_start: bl vec\nbl plain\n' >v.s
aarch64-linux-gnu-as v.s -o v.o
$SWOLD -shared v.o -o v.so
shows 'AARCH64_VARIANT_PCS' readelf -dW v.so
shows 'VARIANT_PCS.* vec$' readelf -W --dyn-syms v.so
lacks 'VARIANT_PCS.* plain$' readelf -W --dyn-syms v.so
lacks 'AARCH64_VARIANT_PCS' readelf -dW bti.so

aarch64-linux-gnu-as -mabi=ilp32 v.s -o ilp32.o
expect_fail $SWOLD ilp32.o -o no
says 'ilp32.o: .*32-bit little-endian AArch64'
expect_fail $SWOLD v.o ilp32.o -shared -o no
says 'ilp32.o: .*32-bit little-endian AArch64'
