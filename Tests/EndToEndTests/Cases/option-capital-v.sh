#!/bin/bash
# -V lists the emulations.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
$SWOLD -V >out
sed 1q out | grep '^swold-'
grep -q 'Supported emulations:' out
grep -q elf_x86_64 out
grep -q elf_i386 out
