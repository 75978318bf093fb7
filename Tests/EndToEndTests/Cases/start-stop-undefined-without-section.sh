#!/bin/bash
# A weak __start_ without such a section is null.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
__attribute__((weak)) extern int __start_nothing[];
int main(void) { return __start_nothing != 0; }
END
$CC -fno-pie -no-pie m.c -o m
./m
