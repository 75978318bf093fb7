#!/bin/bash
# --sort-section orders the sections that one rule takes.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
int c = 3; int a = 1; _Alignas(64) int b = 2;
int main(void) { return a + b + c - 6; }
END
gcc -fdata-sections -c m.c
below() { [ $((0x$(address "$1" "$2"))) -lt $((0x$(address "$1" "$3"))) ]; }
$CC m.o -o plain
below plain c a
$CC m.o -Wl,--sort-section=name -o name
./name
below name a b && below name b c
$CC m.o -Wl,--sort-section=alignment -o alignment
./alignment
below alignment b a && below alignment b c
