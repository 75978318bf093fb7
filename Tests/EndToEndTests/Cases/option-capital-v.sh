#!/bin/bash
# -V lists the emulations.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
$SWOLD -V >out
head -1 out | grep -q '^swold-'
grep -q 'Supported emulations:' out
grep -q elf_x86_64 out
grep -q elf_i386 out
