#!/bin/bash
# --warn-common tells about merged common symbols.
. "$(dirname "$0")/../prelude.sh"

echo 'int shared_name; int main(void) { return 0; }' >a.c
echo 'int shared_name;' >b.c
gcc -fcommon -c a.c b.c
$CC a.o b.o -Wl,--warn-common -o m 2>err
grep -q 'shared_name' err
$CC a.o b.o -o m 2>err
[ ! -s err ]
