#!/bin/bash
# Firmware for a 64-bit RISC-V with picolibc boots on QEMU's board `virt`: .data and thread-locals
# copied from flash, constructors, heap and stack by regions, version and checksum by swold-edit; GNU ld
# with the equivalent script gives the same addresses, symbols and bytes.
# machines: x86_64 (firmware; it has a machine of its own)
. "$(dirname "$0")/../prelude.sh"
. "$CASES/../firmware.sh"

example=$EXAMPLES/riscv-virt
gcc="riscv64-unknown-elf-gcc -march=rv64imac -mabi=lp64 -mcmodel=medany --specs=picolibc.specs"
for source in boot.S board.c main.c; do
  # GNU ld puts merged strings where their section stood, swold behind the sections that are not merged.
  $gcc -O1 -fno-merge-constants -ffunction-sections -c "$example/$source"
done
# The linker itself is called: the driver would hand it picolibc's linker script.
libraries="--start-group /usr/lib/picolibc/riscv64-unknown-elf/lib/rv64imac/lp64/libc.a
  $($gcc -print-libgcc-file-name) --end-group"
$SWOLD --section-map "$example/firmware.smap" --gc-sections -t boot.o board.o main.o $libraries \
  -o firmware.elf >trace
sane_image firmware.elf
gnu="riscv64-unknown-elf-ld -T $example/firmware.ld --gc-sections --no-warn-rwx-segments"
objects="boot.o board.o main.o $(members trace)"
$gnu $objects -o gnu.elf
[ $((0x$(section firmware.elf .text size))) -le $((0x$(section gnu.elf .text size))) ] ||
  fail "more code than GNU ld leaves"
# What they shorten differs a little; what they do not shorten is the same, if strings stay where they
# stood in the library's objects, too.
for member in members/*; do
  riscv64-unknown-elf-objcopy --set-section-flags '.rodata.str*=alloc,readonly,data,contents' $member
done
$SWOLD --section-map "$example/firmware.smap" --gc-sections --no-relax $objects -o long.elf
$gnu --no-relax $objects -o gnu.long.elf
NM=riscv64-unknown-elf-nm OBJDUMP=riscv64-unknown-elf-objdump
same_image long.elf gnu.long.elf .text .rodata .data .tdata .slot.crc
# So does the script itself.
$SWOLD --import-scripts -T "$example/firmware.ld" --gc-sections --no-relax $objects -o imported.elf
HAS_SLOTS=1 same_image imported.elf gnu.long.elf .text .rodata .data .tdata .slot.crc

"$EDIT" apply -D VERSION=1.4.2 -f "$example/release.sedit" -o release.elf firmware.elf
qemu="qemu-system-riscv64 -M virt -m 16"
boot 0 $qemu -bios release.elf
cat >expected <<'END'
version 1.4.2
data    1234 at 0x80100000
bss     0
thread  7
built   123
calls   2
heap    1007 KiB, from the heap
crc     right
END
diff expected serial
# The firmware does check: with one other byte it says no.
sed 's/1\.4\.2/1.4.3/' release.elf >changed.elf
boot 1 $qemu -bios changed.elf
# As a flat file, which is what boards start from.
"$EDIT" export bin fill=0xff -o release.bin release.elf
boot 0 $qemu -bios release.bin
