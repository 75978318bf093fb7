#!/bin/bash
# RISC-V: calling conventions must agree, and the message names both files; instruction sets add up,
# in the flags and in the attributes; functions of another convention are marked for the loader.
. "$(dirname "$0")/../prelude.sh"

make() { llvm-mc-19 -filetype=obj --riscv-add-build-attributes -triple="riscv$1" -mattr="$2" "$3.s" -o "$4.o" ${5:+-target-abi $5}; }
printf '.globl _start, f\n_start: call f\n' >a.s
printf '.globl f\nf: ret\n' >b.s
make 64 +m,+d a a lp64
make 64 +c,+zba b b lp64
$SWOLD a.o b.o -o ab
shows 'Flags: .*0x1, RVC, soft-float ABI' readelf -h ab
shows 'Value: rv64i2p1_m2p0_f2p2_d2p2_c2p0_zicsr2p0_(zmmul1p0_)?(zca1p0_)?zba1p0' llvm-readelf-19 -A ab
shows 'RISCV_ATTRIBUT' readelf -lW ab
$SWOLD -r a.o b.o -o r.o
shows 'Flags: .*0x1, RVC, soft-float ABI' readelf -h r.o

make 64 +m,+d a double lp64d
expect_fail $SWOLD double.o b.o -o none
  says 'error: b.o and double.o do not fit together: the first has the calling convention for soft float, the second that for double floats'
make 32 +m b word
expect_fail $SWOLD a.o word.o -o none
  says 'word.o: is 32-bit little-endian RISC-V, and the output is 64-bit little-endian RISC-V'

printf '.globl f\n.variant_cc f\nf: ret\n.globl g\ng: call f\ncall h\n.variant_cc h\n' >v.s
make 64 +m v v
$SWOLD -shared v.o -o v.so
shows RISCV_VARIANT_CC readelf -d v.so
[ "$(count 'VARIANT_CC' readelf --dyn-syms -W v.so)" = 2 ]
$SWOLD -shared b.o -o b.so
lacks RISCV_VARIANT_CC readelf -d b.so

# The first word of the GOT leads to .dynamic.
printf '.option pic\n.globl g\ng: lla a0, _GLOBAL_OFFSET_TABLE_\n la a1, f\n' >got.s
make 64 +m got got
$SWOLD -shared got.o -o got.so
llvm-objcopy-19 --dump-section .got=got got.so
[ "$(od -An -tx8 -N8 got | tr -d ' ')" = "$(section got.so .dynamic address)" ]
