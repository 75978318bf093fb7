#!/bin/bash
# A refused fork or thread is no error: the link goes on without.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
cat >m.s <<'END'
.globl _start
_start: exit 0
END
as m.s -o m.o
cp -L "$SWOLD" ld
mkdir out
chmod 755 . ld m.o
chmod 777 out
as=()
[ "$(id -u)" != 0 ] || as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
${as[@]+"${as[@]}"} prlimit --nproc=1 ./ld m.o -o out/m
out/m
