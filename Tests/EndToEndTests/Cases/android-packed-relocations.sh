#!/bin/bash
# --pack-dyn-relocs=android: all dynamic relocations in Android's packed form. What a reader unpacks is what
# stands in an unpacked table, and what lld has for the same input.
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
extern int out1, out2, out3;
int numbers[64], own = 7;
static int hidden[900];
#define P(i) &hidden[i], &hidden[i + 1], &hidden[i + 2], &hidden[i + 3]
#define Q(i) P(i), P(i + 9), P(i + 4), P(i + 77), P(i + 300), P(i + 20)
int *run[] = {Q(0), Q(100), Q(200), Q(300), Q(400), Q(500), Q(1), Q(2), Q(3)};
struct { int *p; long n; } sparse[] = {{hidden + 5}, {hidden + 3}, {&out1}, {&out2 + 1}, {hidden + 899}, {&out1}, {&own}};
int *others[] = {&out1, &out1 + 2, &out3, &out1, numbers + 1, numbers + 2};
int sum(void) { return out1 + own + *run[3] + *sparse[1].p + *others[0]; }
END
gcc -O1 -fPIC -c a.c
# Data stands where it stands whatever is in front of it; there is one dynamic tag less.
link() { $CC -shared -nostdlib a.o -Wl,-Trodata-segment=0x900000 "$@"; }
link -o plain.so -Wl,--spare-dynamic-tags=4
link -o packed.so -Wl,--spare-dynamic-tags=5,--pack-dyn-relocs=android
link -o both.so -Wl,--pack-dyn-relocs=android+relr,--use-android-relr-tags
# Offset, type, symbol and addend of what is in .rela.dyn. (For a table without addends the reader prints none, for
# a packed one 0.)
list() {
  llvm-readelf-19 -r "$1" | awk '/^Relocation section/ { on = /\.rela?\.dyn/ } on && $3 ~ /^R_/' |
    sed -E 's/  */ /g; s/( \+)? 0$//; s/ *$//' | sort
}
diff <(list plain.so) <(list packed.so)
[ "$(list packed.so | wc -l)" -gt 220 ]
[ "$(contents plain.so .data)" = "$(contents packed.so .data)" ]
# lld's: the same types for the same symbols as often.
ld.lld-19 -shared a.o --pack-dyn-relocs=android -o peer.so
ld.lld-19 -shared a.o --pack-dyn-relocs=android+relr -o peer-both.so
kinds() { list "$1" | awk '{ print $3, $5 ~ /^[a-z]/ ? $5 : "" }' | sort | uniq -c; }
crt() { gcc -fPIC -shared -nostdlib a.o -B"$LD_DIR" -o bare.so "$@"; }  # no start files, as in lld's
crt -Wl,--pack-dyn-relocs=android && diff <(kinds bare.so) <(kinds peer.so)
[ "$((0x$(section bare.so "$(section peer.so .rela.dyn type >/dev/null 2>&1 && echo .rela.dyn || echo .rel.dyn)" size)))" -le \
  $((0x$(section peer.so "$(section peer.so .rela.dyn type >/dev/null 2>&1 && echo .rela.dyn || echo .rel.dyn)" size) + 16)) ]
crt -Wl,--pack-dyn-relocs=android+relr && diff <(kinds bare.so) <(kinds peer-both.so)
has_section bare.so .relr.dyn
tags() { llvm-readelf-19 -d "$1" | grep -oE '\((ANDROID_RELA?|ANDROID_RELA?SZ|RELA?|RELA?SZ|RELA?ENT|RELA?COUNT|RELR|RELRSZ|RELRENT)\)' | sort; }
diff <(tags bare.so) <(tags peer-both.so)
shows 'ANDROID_RELA?\)' llvm-readelf-19 -d packed.so
shows '\.rela?\.dyn +ANDROID_RELA? .* 01 ' llvm-readelf-19 -S packed.so
shows 'ANDROID_RELR\)' llvm-readelf-19 -d both.so
lacks 'RELA?COUNT' llvm-readelf-19 -d packed.so
# The same bytes with any number of threads; and the last of several words counts.
for threads in 1 8; do
  link -o threads.so -Wl,--spare-dynamic-tags=5,--pack-dyn-relocs=android,--threads=$threads
  cmp packed.so threads.so
done
link -o off.so -Wl,--spare-dynamic-tags=4,--pack-dyn-relocs=android,--pack-dyn-relocs=none && cmp plain.so off.so
expect_fail link -o n.so -Wl,--pack-dyn-relocs=android+none
says 'pack-dyn-relocs=android\+none'
