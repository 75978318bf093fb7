#!/bin/bash
# --noinhibit-exec makes undefined symbols warnings.
. "$(dirname "$0")/../prelude.sh"

echo 'int gone(void); int main(int n, char **v) { return n > 1 ? gone() : 0; }' >m.c
$CC m.c -Wl,--noinhibit-exec -o m 2>err
./m
grep -q 'warning.*gone' err
