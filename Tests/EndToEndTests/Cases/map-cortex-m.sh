#!/bin/bash
# Firmware for a Cortex-M3 with newlib boots in QEMU from an Intel HEX file: .data and functions copied
# from flash, constructors, heap and stack by regions, version and checksum by swold-edit; GNU ld with
# the equivalent script gives the same addresses, symbols and bytes.
# machines: x86_64 (firmware; it has a machine of its own)
. "$(dirname "$0")/../prelude.sh"
. "$CASES/../firmware.sh"

example=$EXAMPLES/cortex-m
gcc="arm-none-eabi-gcc -mcpu=cortex-m3 -mthumb --specs=nano.specs"
for source in startup syscalls main; do
  # GNU ld puts merged strings where their section stood, swold behind the sections that are not merged.
  $gcc -O1 -ffreestanding -fno-merge-constants -ffunction-sections -c "$example/$source.c"
done
$gcc -B"$LD_DIR" -nostartfiles -Wl,--section-map="$example/firmware.smap",--gc-sections,-t \
  startup.o syscalls.o main.o -o firmware.elf >trace
sane_image firmware.elf
$gcc -nostartfiles -nostdlib -Wl,-T,"$example/firmware.ld",--gc-sections,--no-warn-rwx-segments \
  startup.o syscalls.o main.o $(members trace) -o gnu.elf
NM=arm-none-eabi-nm OBJDUMP=arm-none-eabi-objdump
same_image firmware.elf gnu.elf .vectors .text .rodata .data .fast .slot.crc
# So does the script itself.
$gcc -B"$LD_DIR" -nostartfiles -nostdlib -Wl,--import-scripts,-T,"$example/firmware.ld",--gc-sections \
  startup.o syscalls.o main.o $(members trace) -o imported.elf
HAS_SLOTS=1 same_image imported.elf gnu.elf .vectors .text .rodata .data .fast .slot.crc

"$EDIT" apply -D VERSION=1.4.2 -f "$example/release.sedit" -o release.elf firmware.elf
"$EDIT" export ihex -o release.hex release.elf
qemu="qemu-system-arm -M mps2-an385 -semihosting"
boot 0 $qemu -device loader,file=release.hex
cat >expected <<'END'
version 1.4.2
data    1234 at 0x20000000
bss     0
built   123
heap    61 KiB, from the heap
crc     right
fast    in RAM
END
diff expected serial
# The firmware does check: with one other byte it says no.
sed 's/1\.4\.2/1.4.3/' release.elf >changed.elf
boot 1 $qemu -kernel changed.elf
