#!/bin/bash
# The output of -r has no execute bit, a program follows the umask.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >h.c
gcc -c h.c
umask 027
$SWOLD -r h.o -o r.o
$CC h.o -o h
[ "$(stat -c %a r.o)" = 640 ]
[ "$(stat -c %a h)" = 750 ]
