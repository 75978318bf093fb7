#!/bin/bash
# A kernel in the higher half boots in QEMU by its PVH note and says where it runs and was stored.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

example=$CASES/../../../Examples/higher-half-kernel
gcc -c "$example/boot.S" -o boot.o
gcc -c -O1 -ffreestanding -mcmodel=kernel -mno-red-zone -mgeneral-regs-only -fno-pic \
  -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables "$example/main.c" -o main.o
$SWOLD --section-map "$example/kernel.smap" boot.o main.o -o kernel.elf
sane_image kernel.elf
shows 'LOAD +0x[0-9a-f]+ 0xffffffff80200000 0x0000000000200000 .* R E' readelf -lW kernel.elf
lacks 'LOAD.*0xffffffff8.*RWE' readelf -lW kernel.elf
code=0
timeout 60 qemu-system-x86_64 -kernel kernel.elf -display none -serial file:serial -no-reboot \
  -m 64 -device isa-debug-exit,iobase=0xf4,iosize=4 || code=$?
[ $code = 33 ] || fail "QEMU ends with $code: $(cat serial)"
cat >expected <<'END'
runs at   ffffffff80200000
stored at 0000000000200000
offset    ffffffff80000000
END
diff expected <(tr -d '\r' <serial | head -n 3)
shows '^code at   ffffffff802' cat serial
shows '^data      0000000000001234' cat serial
