#!/bin/bash
# gcc --coverage registers its data from constructors.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(int n, char **v) { return n > 1 ? 3 : 0; }' >m.c
$CC --coverage m.c -o m
./m
ls *.gcda >/dev/null
shows 'Lines executed' gcov -n *.gcda
