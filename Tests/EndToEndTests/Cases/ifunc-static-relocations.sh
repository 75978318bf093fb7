#!/bin/bash
# A static program lists its IRELATIVE relocations between two symbols.
. "$(dirname "$0")/../prelude.sh"

cat >i.c <<'END'
static int zero(void) { return 0; }
static void *choose(void) { return (void *)zero; }
int f(void) __attribute__((ifunc("choose")));
int main(void) { return f(); }
END
$CC -fno-pie -static i.c -o m
./m
start=$((0x$(address m "__${RELA#.}_iplt_start")))
end=$((0x$(address m "__${RELA#.}_iplt_end")))
irelative=$(count "${R}IRELATIV" readelf -rW m)
[ $((end - start)) = $(($([ $RELA = .rela ] && echo 24 || echo 8) * irelative)) ]
[ $irelative -ge 1 ]
[ "$(count "$R" readelf -rW m)" = "$irelative" ]
