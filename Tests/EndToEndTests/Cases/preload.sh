#!/bin/bash
# swold -preload makes the link ahead without a word; the same command line without it then gets the output,
# messages and exit code of an ordinary link, as often as it likes, and the rights that the caller wants.
. "$(dirname "$0")/../prelude.sh"

mkdir -m 700 run
cat >m.c <<'E'
#include <stdio.h>
int both[10];
int main(void) { puts("linked"); return 0; }
E
echo 'int both[20];' >b.c
gcc -fcommon -c m.c b.c
$CC m.o b.o -Wl,--warn-common -o m -### 2>&1 | grep collect2 >line
# What gcc calls, without its wrapper; the arguments in quotes are read by eval.
arguments() { eval "set -- $(sed 's/^.*collect2//' line)"; printf '%s\n' "$@"; }
arguments >response
link() { XDG_RUNTIME_DIR=$PWD/run "$SWOLD" "$@" @response; }
XDG_RUNTIME_DIR=/nonexistent "$SWOLD" @response 2>cold.err
cp m cold
[ -s cold.err ]

link -preload --preload-timeout=20 >out 2>&1
[ ! -s out ]
[ "$(stat -c %a run/swold)" = 700 ]
[ "$(stat -c %a run/swold/*)" = 600 ]
for i in 1 2 3; do
  rm -f m
  link 2>err
  cmp m cold
  cmp err cold.err
  [ "$(./m)" = linked ]
done
(umask 077 && rm -f m && link 2>err)
[ "$(stat -c %a m)" = 700 ]
# Errors of the part that is left to do.
rm m && mkdir m
expect_fail link
says 'cannot write m'
rmdir m
# Another command line is another link.
expect_fail link --no-such-option
XDG_RUNTIME_DIR=$PWD/run "$SWOLD" -o other @response 2>/dev/null
link 2>err
cmp m cold
# One daemon for a command line: a second takes the place of the first.
link -preload --preload-timeout=1
[ "$(ls run/swold | wc -l)" = 1 ]
link 2>err
cmp m cold
# And none when its time is over.
for i in $(seq 100); do
  [ -n "$(ls run/swold)" ] || exit 0
  sleep 0.1
done
fail "the daemon is still there"
