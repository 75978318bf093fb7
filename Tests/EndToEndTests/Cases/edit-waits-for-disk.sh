#!/bin/bash
# Who edits a file in place, under whatever name, waits until the result is on the disk before the old file goes; who writes
# another file does not, unless told.
. "$(dirname "$0")/../prelude.sh"
edit=$(realpath "$CASES/../../../.build/release/swold-edit")
[ -x "$edit" ] || skip "no swold-edit"
type strace >/dev/null || skip "no strace"
strace -f -e trace=none true 2>/dev/null || skip "no right to trace"

printf 'int main(void) { return 0; }\n' >m.c
$CC m.c -o m
ln -s m link
mkdir sub
# waits WORD... : how often the run waits for a file
waits() {
  strace -f -o log -e trace=fsync "$edit" apply -e "note set TEST 1 str:$RANDOM$RANDOM replace=yes" "$@"
  grep -c '^[0-9]* *fsync' log || true
}
[ "$(waits -i m)" = 2 ]  # the file and its folder
[ "$(waits -o m m)" = 2 ]
[ "$(waits -o sub/../link m)" = 2 ]
[ "$(waits -i --no-fsync m)" = 0 ]
[ "$(waits -o other m)" = 0 ]
[ "$(waits -o other m)" = 0 ]
[ "$(waits -o other --fsync m)" = 2 ]
./m
./other
