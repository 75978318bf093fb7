#!/bin/bash
# A shared object gets the mode that the umask leaves.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >f.c
umask 077
$CC -shared -fPIC f.c -o f.so
[ "$(stat -c %a f.so)" = 700 ]
