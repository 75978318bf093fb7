#!/bin/bash
# Options that ask something print it and stop, whatever else the line has: as GNU ld.
# machines: x86_64 (the linker of the host answers)
. "$(dirname "$0")/../prelude.sh"

[ "$($SWOLD --print-sysroot)" = '' ]
[ "$($SWOLD --print-sysroot missing.o --sysroot=/some/root)" = /some/root ]
[ "$($SWOLD --print-output-format)" = "$(ld --print-output-format)" ]
[ "$($SWOLD -m elf_i386 --print-output-format)" = "$(ld -m elf_i386 --print-output-format)" ]
[ "$($SWOLD --oformat=binary --print-output-format)" = binary ]
shows 'elf_x86_64' $SWOLD --target-help
shows '^  -z now ' $SWOLD --target-help
expect_fail $SWOLD --print-sysroot --nonsense
[ ! -e a.out ]
