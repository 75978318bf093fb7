#!/bin/bash
# An i386 kernel boots in QEMU by its Multiboot header, with a version and a checksum that swold-edit
# put in; GNU ld with the equivalent script gives the same addresses, symbols and bytes.
. "$(dirname "$0")/../prelude.sh"

example=$CASES/../../../Examples/multiboot-kernel
edit=$CASES/../../../.build/release/swold-edit
gcc -m32 -c "$example/boot.S" -o boot.o
# GNU ld puts merged strings where their section stood, swold behind the sections that are not merged.
gcc -m32 -c -O1 -ffreestanding -fno-pic -fno-stack-protector -mgeneral-regs-only -fcf-protection=none \
  -fno-asynchronous-unwind-tables -fno-merge-constants "$example/main.c" -o main.o
$SWOLD --section-map "$example/kernel.smap" boot.o main.o -o kernel.elf
sane_image kernel.elf

/usr/bin/ld.bfd -m elf_i386 -T "$example/kernel.ld" -z noexecstack --no-warn-rwx-segments boot.o main.o \
  -o gnu.elf
for file in kernel gnu; do
  nm $file.elf | awk '{ print $3, $1 }' | sort >$file.symbols
  objdump -h $file.elf | awk '/ALLOC/ { print name, size, run, load } { name = $2; size = $3; run = $4; load = $5 }' \
    >$file.sections
  readelf -lW $file.elf | awk '$1 == "LOAD" { $2 = ""; print }' >$file.segments
done
diff gnu.symbols kernel.symbols
diff gnu.sections kernel.sections
diff gnu.segments kernel.segments
for name in .text .rodata .slot.crc .data; do
  [ "$(contents kernel.elf $name)" = "$(contents gnu.elf $name)" ] || fail "other bytes in $name"
done

expect_fail "$edit" apply -e 'seal' -i kernel.elf  # without a checksum it is not ready
"$edit" apply -D VERSION=1.4.2 -f "$example/release.sedit" -o release.elf kernel.elf
boot() {
  code=0
  timeout 60 qemu-system-i386 -kernel $1 -display none -serial file:serial -no-reboot -m 16 \
    -device isa-debug-exit,iobase=0xf4,iosize=4 || code=$?
}
boot release.elf
cat serial
[ $code = 33 ] || fail "QEMU ends with $code"
cat >expected <<'END'
version 1.4.2
loader    2badb002
begins at 00100000
data      00001234
bss       00000000
built     0000007b
END
diff expected <(tr -d '\r' <serial | head -n 6)
# The kernel does check: with one other byte it says no.
sed 's/1\.4\.2/1.4.3/' release.elf >changed.elf
boot changed.elf
[ $code = 35 ] || fail "QEMU ends with $code"
