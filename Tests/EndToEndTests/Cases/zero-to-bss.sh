#!/bin/bash
# --zero-to-bss: data that is all zeros takes no room in the file; what relocations fill, or the map keeps
# by another name, stays data.
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'X'
__attribute__((section(".data"))) char big[1 << 20];
__attribute__((section(".data.mixed"))) int mixed[2] = {0, 7};
__attribute__((section(".data.rel.ro.zero"))) char kept[64];
extern int mixed[]; __attribute__((section(".data.pointer"))) int *pointer = &mixed[1];
int main(void) { big[5] = 3; return big[5] + big[6] + *pointer + kept[1] - 10; }
X
gcc -fno-pic -c a.c
$CC -no-pie a.o -o plain && ./plain
$CC -no-pie a.o -Wl,--zero-to-bss -o zero && ./zero
[ "$(stat -c %s plain)" -gt 1048576 ]
[ "$(stat -c %s zero)" -lt 100000 ]
[ "$(section zero .bss type)" = NOBITS ]
lacks ' b kept' nm zero
[ "$((0x$(section zero .bss size)))" -ge 1048576 ]
$CC -no-pie a.o -Wl,--zero-to-bss,--gc-sections -o zero && ./zero
$CC -no-pie a.o -Wl,--zero-to-bss,--no-zero-to-bss -o zero && ./zero
cmp zero plain
