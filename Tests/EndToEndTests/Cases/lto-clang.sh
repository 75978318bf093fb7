#!/bin/bash
# clang -flto and -flto=thin: functions of other files are inlined, and nobody has to name a plugin.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'E'
#include <stdio.h>
int twice(int);
int main(int argc, char **argv) { (void)argv; printf("%d\n", twice(argc + 20)); return 0; }
E
echo 'int unused(void) { return 1; } int twice(int x) { return x * 2; }' >b.c
for kind in full thin; do
  clang-19 -O2 -flto=$kind -c a.c b.c
  for flags in '' '-no-pie' '-static'; do
    $CLANG -O2 -flto=$kind $flags a.o b.o -o m
    [ "$(./m)" = 42 ] || fail "$kind $flags"
    lacks ' unused$' nm m
    lacks 'call.*<twice>' objdump -d m
    linked_by_swold m
  done
  # As lld is called: no -plugin, options of its own.
  clang-19 -B$LD_DIR -O2 -flto=$kind -fuse-ld=lld a.o b.o -o l \
    -Wl,--lto-O2,--thinlto-jobs=2,--thinlto-cache-dir=cache
  [ "$(./l)" = 42 ]
  linked_by_swold l
done
ls cache | grep -q llvmcache
$CLANG -flto=thin a.o b.o -o m -Wl,--thinlto-jobs=1 && cp m m1
$CLANG -flto=thin a.o b.o -o m -Wl,--thinlto-jobs=2 && cmp m m1
