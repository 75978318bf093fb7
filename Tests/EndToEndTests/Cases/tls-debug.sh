#!/bin/bash
# gdb finds a thread-local variable by its debug information.
# machines: x86_64 i386 (runs gdb)
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
__thread int first = 1;
__thread int second = 4711;
int main(void) { return first + second - 4712; }
END
$CC -g m.c -o m
gdb -batch -nx -ex 'break main' -ex run -ex 'print second' m >out 2>&1
grep -q '= 4711' out
