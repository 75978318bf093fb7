#!/bin/bash
# SWOLD_JOBS=N: no more than N links of a user at a time.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
mkdir runtime
export XDG_RUNTIME_DIR=$PWD/runtime
printf '.globl _start\n_start: ret\n' >a.s
gcc -c a.s
mkfifo one two

# A link that waits for its version script: nobody has written it yet.
SWOLD_JOBS=1 $SWOLD a.o --version-script one -o first &
first=$!
for i in $(seq 300); do [ ! -e runtime/swold/link.1 ] || break; sleep 0.1; done
flock -n runtime/swold/link.1 true && fail "the first link holds no lock"
[ "$(stat -c %a runtime/swold)" = 700 ]
# The next waits for it; with one more place, or without a limit, it does not.
SWOLD_JOBS=1 $SWOLD a.o -o second &
second=$!
SWOLD_JOBS=2 $SWOLD a.o -o third
$SWOLD a.o -o fourth
sleep 0.3
[ ! -e second ] || fail "the second link did not wait"
kill -0 $second
echo "{ global: *; };" >one
wait $first
wait $second
cmp second third
cmp second fourth

# A link that is killed leaves no lock behind.
SWOLD_JOBS=1 $SWOLD a.o --no-fork --version-script two -o fifth &
fifth=$!
for i in $(seq 300); do flock -n runtime/swold/link.1 true || break; sleep 0.1; done
kill -KILL $fifth
wait $fifth || true
SWOLD_JOBS=1 $SWOLD a.o -o sixth
cmp second sixth

for value in 0 -1 many 1e3 99999999999999999999; do
  SWOLD_JOBS=$value expect_fail $SWOLD a.o -o bad
  says 'SWOLD_JOBS: bad value; expected a number of links from 1 to 1024'
done
SWOLD_JOBS= $SWOLD a.o -o seventh

# A folder that others may enter is none to meet in; the link is made all the same.
chmod 777 runtime/swold
SWOLD_JOBS=1 $SWOLD a.o -o eighth 2>err
grep -q 'not a folder of this user alone' err
cmp second eighth
