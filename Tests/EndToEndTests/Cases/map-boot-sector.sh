#!/bin/bash
# A flat image: a boot sector made by a section map and objcopy runs in QEMU.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

example=$CASES/../../../Examples/boot-sector
gcc -c "$example/boot.S" -o boot.o
$SWOLD --section-map "$example/boot.smap" boot.o -o boot.elf
sane_image boot.elf
objcopy -O binary boot.elf boot.img
[ "$(stat -c %s boot.img)" = 512 ]
[ "$(tail -c 3 boot.img | od -An -tx1)" = ' 90 55 aa' ]
# GNU ld with the equivalent script makes the same, and so does the script itself.
ld.bfd -T "$example/boot.ld" --no-warn-rwx-segments boot.o -o gnu.elf
objcopy -O binary gnu.elf gnu.img
cmp boot.img gnu.img
$SWOLD --import-scripts -T "$example/boot.ld" boot.o -o imported.elf
objcopy -O binary imported.elf imported.img
cmp boot.img imported.img
code=0
timeout 60 qemu-system-x86_64 -drive format=raw,file=boot.img -display none -serial file:serial \
  -no-reboot -m 16 -device isa-debug-exit,iobase=0xf4,iosize=4 || code=$?
[ $code = 33 ] || fail "QEMU ends with $code"
shows '^boot sector placed by a section map' cat serial
# One byte too many is an error, and nothing is written.
sed 's/placed/placed exactly and with many more words than there is room for/' "$example/boot.S" |
  sed 's/^greeting:/.space 450\ngreeting:/' >long.S
gcc -c long.S -o long.o
expect_fail $SWOLD --section-map "$example/boot.smap" long.o -o long.elf
says 'SM304|SM306'
[ ! -e long.elf ]
