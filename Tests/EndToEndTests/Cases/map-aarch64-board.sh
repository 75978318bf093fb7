#!/bin/bash
# An AArch64 image boots on QEMU's board `virt`: vectors, constructors, and a version and a checksum
# that swold-edit put in; GNU ld with the equivalent script gives the same addresses, symbols and bytes.
# machines: x86_64 (firmware; it has a machine of its own)
. "$(dirname "$0")/../prelude.sh"
. "$CASES/../firmware.sh"

example=$EXAMPLES/aarch64-virt
gcc=aarch64-linux-gnu-gcc
$gcc -c "$example/boot.S" -o boot.o
# GNU ld puts merged strings where their section stood, swold behind the sections that are not merged.
$gcc -c -O1 -ffreestanding -fno-pic -fno-stack-protector -mgeneral-regs-only \
  -fno-asynchronous-unwind-tables -fno-merge-constants "$example/main.c" -o main.o
$SWOLD --section-map "$example/image.smap" boot.o main.o -o image.elf
sane_image image.elf
# GNU ld leaves pairs of instructions alone that one could replace.
$SWOLD --no-relax --section-map "$example/image.smap" boot.o main.o -o long.elf
aarch64-linux-gnu-ld.bfd -T "$example/image.ld" -z noexecstack -z max-page-size=4096 \
  --no-warn-rwx-segments boot.o main.o -o gnu.elf
NM=aarch64-linux-gnu-nm OBJDUMP=aarch64-linux-gnu-objdump
same_image long.elf gnu.elf .vectors .text .rodata .slot.crc .data
# So does the script itself.
$SWOLD --no-relax --import-scripts -T "$example/image.ld" boot.o main.o -o imported.elf
HAS_SLOTS=1 same_image imported.elf gnu.elf .vectors .text .rodata .slot.crc .data

"$EDIT" apply -D VERSION=1.4.2 -f "$example/release.sedit" -o release.elf image.elf
qemu="qemu-system-aarch64 -M virt -cpu cortex-a53 -m 64 -semihosting"
boot 0 $qemu -kernel release.elf
cat >expected <<'END'
version 1.4.2
begins at 0000000040080000
data      0000000000001234
bss       0000000000000000
built     000000000000007b
calls     0000000000000002
END
diff expected <(head -n 6 serial)
# The image does check: with one other byte it says no.
sed 's/1\.4\.2/1.4.3/' release.elf >changed.elf
boot 1 $qemu -kernel changed.elf
# As a flat file, which is what boards start from.
"$EDIT" export bin fill=0 -o release.bin release.elf
boot 0 $qemu -kernel release.bin
