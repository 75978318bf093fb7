#!/bin/bash
# --help prints what CMake and libtool look for, to standard output.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
$SWOLD --help >out 2>err
[ ! -s err ]
for text in --push-state --pop-state no-whole-archive; do grep -q -e "$text" out; done
grep -qE ': supported targets:.* elf' out
grep -q '^swold: supported targets: elf64-x86-64 elf32-i386' out
