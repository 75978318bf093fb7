#!/bin/bash
# The map lists the input sections that are not in the output.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
int unused(void) { return 1; }
int main(void) { return 0; }
END
gcc -ffunction-sections -c m.c
$CC m.o -Wl,--gc-sections -Wl,-Map=m.map -o m
./m
sed -n '/Discarded/,$p' m.map | grep -q 'm\.o:(\.text\.unused)'
sed '/Discarded/,$d' m.map >kept
grep -q 'm\.o:(\.text\.main)' kept
if grep -q unused kept; then fail 'a section that was removed is in the map'; fi
# Equal for any number of threads.
$CC m.o -Wl,--gc-sections -Wl,--threads=1 -Wl,-Map=m1.map -o m
cmp m.map m1.map
