#!/bin/bash
# PLT entries start with endbr64 when indirect branches are tracked.
# machines: x86_64 (Control-flow Enforcement of x86)
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 1; }' >l.c
echo 'int f(void); int main(void) { return f() - 1; }' >m.c
gcc -shared -fPIC l.c -o libl.so
$CC -Wl,-z,ibtplt -Wl,-z,lazy m.c ./libl.so -o m
./m
# The instruction that the call in main reaches:
target=$(objdump -d --no-show-raw-insn --disassemble=main m | awk '$2 == "call" { print $3 }')
objdump -d --no-show-raw-insn m | grep -E "^ *$target:" >first
grep -q endbr64 first
sane m
