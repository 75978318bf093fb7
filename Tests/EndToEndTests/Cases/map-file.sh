#!/bin/bash
# -Map writes where each input section went; -M prints it.
. "$(dirname "$0")/../prelude.sh"

echo 'int in_map(void) { return 0; } int main(void) { return in_map(); }' >m.c
gcc -ffunction-sections -fasynchronous-unwind-tables -c m.c
$CC m.o -Wl,-Map=m.map -o m
./m
grep -q '\.text\.in_map' m.map
grep -q 'm\.o' m.map
grep -q 'in_map' m.map
grep -q '\.eh_frame\|\.ARM\.exidx' m.map
address m in_map | sed 's/^0*//' >where
grep -q "$(cat where)" m.map
shows 'm\.o' $CC m.o -Wl,-M -o m
