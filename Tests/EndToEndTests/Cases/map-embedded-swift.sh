#!/bin/bash
# Embedded Swift for a Cortex-M4 boots in QEMU: metadata of classes in .data that is copied from flash,
# a heap between the map's bounds, version and checksum by swold-edit; GNU ld with the equivalent script
# gives the same addresses, symbols and bytes.
# machines: x86_64 (firmware; it has a machine of its own)
. "$(dirname "$0")/../prelude.sh"
. "$CASES/../firmware.sh"

command -v swiftc >/dev/null || skip "no swiftc"
example=$EXAMPLES/embedded-swift
target=armv7em-none-none-eabi
[ -e "$(dirname "$(readlink -f "$(command -v swiftc)")")/../lib/swift/embedded/Swift.swiftmodule/$target.swiftmodule" ] ||
  skip "this swiftc has no $target"
swiftc -target $target -enable-experimental-feature Embedded -enable-experimental-feature Volatile \
  -wmo -parse-as-library -Osize -Xfrontend -function-sections -Xfrontend -disable-stack-protector \
  -import-bridging-header "$example/board.h" -module-name Firmware -c "$example"/{Board,Main}.swift -o swift.o
gcc="arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb"
$gcc -c "$example/boot.S" -o boot.o
# GNU ld puts merged strings where their section stood, swold behind the sections that are not merged.
arm-none-eabi-objcopy --set-section-flags '.rodata.str*=alloc,readonly,data,contents' swift.o
$gcc -B"$LD_DIR" -nostartfiles -Wl,--section-map="$example/firmware.smap",--gc-sections,-t,--no-enum-size-warning \
  boot.o swift.o -o firmware.elf >trace
sane_image firmware.elf
$gcc -nostartfiles -nostdlib -Wl,-T,"$example/firmware.ld",--gc-sections,--no-warn-rwx-segments,--no-enum-size-warning \
  boot.o swift.o $(members trace) -o gnu.elf
NM=arm-none-eabi-nm OBJDUMP=arm-none-eabi-objdump
same_image firmware.elf gnu.elf .vectors .text .rodata .data .slot.crc
# So does the script itself.
$gcc -B"$LD_DIR" -nostartfiles -nostdlib -Wl,--import-scripts,-T,"$example/firmware.ld",--gc-sections \
  boot.o swift.o $(members trace) -o imported.elf
HAS_SLOTS=1 same_image imported.elf gnu.elf .vectors .text .rodata .data .slot.crc

"$EDIT" apply -D VERSION=1.4.2 -f "$example/release.sedit" -o release.elf firmware.elf
qemu="qemu-system-arm -M mps2-an386 -semihosting"
boot 0 $qemu -kernel release.elf
cat >expected <<'END'
version 1.4.2
data    1234 at 0x20000000
bss     0
areas   24
says    a bark
heap    55 KiB, in use
crc     right
END
diff expected serial
# The firmware does check: with one other byte it says no.
sed 's/1\.4\.2/1.4.3/' release.elf >changed.elf
boot 1 $qemu -kernel changed.elf
