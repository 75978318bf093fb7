#!/bin/bash
# If the link is killed, so is the child of the daemon that works for it, and the old output stays; the daemon
# goes on.
. "$(dirname "$0")/../prelude.sh"

export XDG_RUNTIME_DIR=$PWD/run
mkdir -m 700 run
echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
mkfifo m  # the child waits here until somebody reads
"$SWOLD" -preload --preload-timeout=30 m.o -e main -o m
real=$(readlink -f "${SWOLD_UNDER_TEST:-$SWOLD}")
# How many linkers run in this folder.
here() {
  local process count=0
  for process in $(find /proc -mindepth 2 -maxdepth 2 -name exe -lname "$real" -printf '%h\n' 2>/dev/null); do
    [ "$(readlink "$process/cwd")" != "$PWD" ] || count=$((count + 1))
  done
  echo $count
}
until_here() {
  for i in $(seq 100); do
    [ "$(here)" != "$1" ] || return 0
    sleep 0.1
  done
  fail "$(here) processes instead of $1"
}
[ "$(here)" = 1 ]
for signal in HUP TERM KILL; do
  "$SWOLD" m.o -e main -o m &
  client=$!
  until_here 3  # the client and the child as well
  kill -$signal $client
  wait $client || true
  until_here 1
done
# A file is the old one or the new one.
rm m
"$SWOLD" m.o -e main -o m
mv m new
for delay in 0 0.002 0.004 0.006 0.01 0.02; do
  echo old >m
  "$SWOLD" m.o -e main -o m &
  client=$!
  sleep $delay
  kill -KILL $client || true
  wait $client || true
  until_here 1
  [ "$(head -c 3 m)" = old ] || cmp m new
done
[ -z "$(find . -name '.swold-*')" ]
# The daemon is as it was, until an input changes.
"$SWOLD" m.o -e main -o m
cmp m new
[ "$(ls -A run/swold | wc -l)" = 1 ]
touch m.o
"$SWOLD" m.o -e main -o m
cmp m new
[ -z "$(ls -A run/swold)" ]
