#!/bin/bash
# A kernel in the higher half boots in QEMU by its PVH note and says where it runs and was stored.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

example=$CASES/../../../Examples/higher-half-kernel
gcc -c "$example/boot.S" -o boot.o
gcc -c -O1 -ffreestanding -mcmodel=kernel -mno-red-zone -mgeneral-regs-only -fno-pic \
  -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables -fno-merge-constants "$example/main.c" -o main.o
$SWOLD --section-map "$example/kernel.smap" boot.o main.o -o kernel.elf
sane_image kernel.elf
shows 'LOAD +0x[0-9a-f]+ 0xffffffff80200000 0x0000000000200000 .* R E' readelf -lW kernel.elf
lacks 'LOAD.*0xffffffff8.*RWE' readelf -lW kernel.elf
# GNU ld with the equivalent script makes the same, and so does the script itself.
ld.bfd -T "$example/kernel.ld" -z noexecstack --no-warn-rwx-segments boot.o main.o -o gnu.elf
$SWOLD --import-scripts -T "$example/kernel.ld" boot.o main.o -o imported.elf
loaded() { objdump -h "$1" | awk '/ALLOC/ && size !~ /^0*$/ { print name, size, run, load } { name = $2; size = $3; run = $4; load = $5 }'; }
for file in kernel imported; do
  diff <(loaded gnu.elf) <(loaded $file.elf)
  for name in kernel_run kernel_stored kernel_end kernel_offset bss_start bss_end stack_top; do
    [ "$(address $file.elf $name)" = "$(address gnu.elf $name)" ] || fail "$file: $name is elsewhere"
  done
done
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
