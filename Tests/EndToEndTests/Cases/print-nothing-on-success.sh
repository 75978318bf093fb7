#!/bin/bash
# A link without trouble is silent.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
$CC m.o -o m >out 2>&1
[ ! -s out ]
