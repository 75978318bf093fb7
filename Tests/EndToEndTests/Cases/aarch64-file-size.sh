#!/bin/bash
# On AArch64 a page has up to 64 KiB. Segments begin pages of memory, but follow one another in the file, as with
# lld; options ask for pages of the file, too.
# machines: aarch64 (other machines have pages of 4 KiB)
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
#include <stdio.h>
static const char *const names[] = {"a", "b"};
int number = 7, zero;
int main(int n, char **v) { zero++; return printf("%s%d\n", names[n], number + zero) != 3; }
END
for kind in -pie -no-pie -static -static-pie; do
  sizes=()
  for option in max-page-size=65536 separate-code separate-loadable-segments; do
    $CC $kind m.c -Wl,-z,$option -o m
    [ "$(./m)" = b8 ]
    sane m
    shows '^ *GNU_RELRO ' readelf -lW m
    # Of a page of memory one segment decides.
    readelf -lW m | awk '$1 == "LOAD" { print $3, $6 }' | {
      last=-1
      while read -r address size; do
        [ $((address / 65536)) -gt $last ] || fail "$kind $option: two segments on a page"
        last=$(((address + size - 1) / 65536))
      done
    }
    sizes+=("$(stat -c %s m)")
  done
  [ $((sizes[0] + 60000)) -lt ${sizes[1]} ] && [ ${sizes[1]} -le ${sizes[2]} ] || fail "$kind: ${sizes[*]}"
done
$CC m.c -o m
[ "$(stat -c %s m)" -lt 10000 ]
# The map that stands for all this says the same.
$CC m.c -Wl,--print-section-map -o printed >printed.smap
$CC m.c -Wl,--section-map=printed.smap -o again
cmp m again
