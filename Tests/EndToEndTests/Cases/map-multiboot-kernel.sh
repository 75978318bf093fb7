#!/bin/bash
# An i386 kernel boots in QEMU by its Multiboot header, with a version and a checksum that swold-edit
# put in; GNU ld with the equivalent script gives the same addresses, symbols and bytes.
# machines: x86_64 (firmware; it has a machine of its own)
. "$(dirname "$0")/../prelude.sh"
. "$CASES/../firmware.sh"

example=$EXAMPLES/multiboot-kernel
gcc -m32 -c "$example/boot.S" -o boot.o
# GNU ld puts merged strings where their section stood, swold behind the sections that are not merged.
gcc -m32 -c -O1 -ffreestanding -fno-pic -fno-stack-protector -mgeneral-regs-only -fcf-protection=none \
  -fno-asynchronous-unwind-tables -fno-merge-constants "$example/main.c" -o main.o
$SWOLD --section-map "$example/kernel.smap" boot.o main.o -o kernel.elf
sane_image kernel.elf
/usr/bin/ld.bfd -m elf_i386 -T "$example/kernel.ld" -z noexecstack --no-warn-rwx-segments boot.o main.o \
  -o gnu.elf
same_image kernel.elf gnu.elf .text .rodata .slot.crc .data
# So does the script itself.
$SWOLD -m elf_i386 --import-scripts -T "$example/kernel.ld" boot.o main.o -o imported.elf
HAS_SLOTS=1 same_image imported.elf gnu.elf .text .rodata .slot.crc .data

expect_fail "$EDIT" apply -e seal -i kernel.elf  # without a checksum it is not ready
"$EDIT" apply -D VERSION=1.4.2 -f "$example/release.sedit" -o release.elf kernel.elf
qemu="qemu-system-i386 -m 16 -device isa-debug-exit,iobase=0xf4,iosize=4"
boot 33 $qemu -kernel release.elf
cat >expected <<'END'
version 1.4.2
loader    2badb002
begins at 00100000
data      00001234
bss       00000000
built     0000007b
END
diff expected <(head -n 6 serial)
# The kernel does check: with one other byte it says no.
sed 's/1\.4\.2/1.4.3/' release.elf >changed.elf
boot 35 $qemu -kernel changed.elf
