#!/bin/bash
# .tbss lies in no segment but PT_TLS; .data is not moved by it.
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
__thread char zero[100000];
int data = 4;
int main(void) { return zero[99999] + data - 4; }
END
$CC a.c -o m
./m
has_section m .tbss
[ "$(section m .tbss type)" = NOBITS ]
span=$((0x$(address m _end) - 0x$(address m data)))
[ $span -lt 50000 ] || fail "$span bytes between data and _end"
sane m
