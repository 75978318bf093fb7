#!/bin/bash
# An output that exists is untouched when the link fails.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >good.c
echo 'int missing(void); int main(void) { return missing(); }' >bad.c
gcc -c good.c bad.c
$CC good.o -o m
cp -p m before
expect_fail $CC bad.o -o m
cmp m before
./m
[ "$(stat -c %Y m)" = "$(stat -c %Y before)" ]
[ -z "$(ls -A | grep -E '^\.(swold|ld|mold)-')" ]
