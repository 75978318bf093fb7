#!/bin/bash
# What cannot be prepared is an error of -preload, and no daemon is left.
. "$(dirname "$0")/../prelude.sh"

export XDG_RUNTIME_DIR=$PWD/run
mkdir -m 700 run
echo 'int missing(void); int main(void) { return missing(); }' >bad.c
echo 'int main(void) { return 0; }' >good.c
gcc -c bad.c good.c
expect_fail "$SWOLD" -preload good.o nowhere.o -e main -o m
says 'nowhere.o'
expect_fail "$SWOLD" -preload bad.o -e main -o m
says 'undefined symbol: missing'
for option in --stats --perf --trace --print-gc-sections --why-extract=why; do
  expect_fail "$SWOLD" -preload $option good.o -e main -o m
  says "cannot be prepared: with ${option%=*} "
done
[ ! -e why ]
mkfifo pipe
cat good.o >pipe &
expect_fail "$SWOLD" -preload pipe -e main -o m
says 'pipe is no regular file'
expect_fail "$SWOLD" -preload --preload-timeout=0 good.o -e main -o m
says 'preload-timeout=0: bad value'
[ -z "$(ls run/swold)" ]
[ ! -e m ]
# A folder that others can reach, or that a link leads to, is not used.
chmod 755 run/swold
expect_fail "$SWOLD" -preload good.o -e main -o m
says 'not a folder of this user alone'
mv run/swold elsewhere
chmod 700 elsewhere
ln -s ../elsewhere run/swold
expect_fail "$SWOLD" -preload good.o -e main -o m
says 'not a folder of this user alone'
[ -z "$(ls elsewhere)" ]
