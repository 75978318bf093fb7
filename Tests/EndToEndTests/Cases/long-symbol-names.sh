#!/bin/bash
# Symbol names of many kilobytes.
. "$(dirname "$0")/../prelude.sh"

name=$(head -c 30000 /dev/zero | tr '\0' x)
echo "int $name(void) { return 0; }" >a.c
echo "int $name(void); int main(void) { return $name(); }" >b.c
$CC -rdynamic a.c b.c -o m
./m
shows "^[0-9a-f]+ T $name\$" nm m
