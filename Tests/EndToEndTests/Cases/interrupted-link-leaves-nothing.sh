#!/bin/bash
# A link that is ended by a signal leaves no temporary file.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
python3 - <<'END'
with open("m.s", "w") as f:
    f.write('.globl _start\n_start: exit 0\n.data\n.space 60000000, 1\n')
END
as m.s -o m.o
mkdir out
for i in $(seq 20); do
  $SWOLD m.o --build-id -o out/m &
  sleep 0.0$((i % 10))
  kill -TERM $! 2>/dev/null || true
  wait $! || true
done
sleep 0.3
[ -z "$(ls -A out | grep -v '^m$')" ] || { ls -lA out; fail "files left"; }
[ ! -e out/m ] || out/m
