#!/bin/bash
# Which segments share pages of the file: by default none, of AArch64 all; with -z separate-code none with code; with
# -z noseparate-code all do. In memory they never do.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'E'
#include <stdio.h>
int initialised[10] = {1};
int main(void) { return puts("runs") < 0; }
E
# pages FILE COLUMN: each 4 KiB page that a loaded segment touches, by offset (2) or address (3), with
# the segment's rights.
pages() {
  readelf -lW "$1" | awk '$1 == "LOAD" { print $'"$2"', $5, ($8 == "E" ? "code" : "data") }' |
    while read -r start size what; do
      for page in $(seq $((start / 4096)) $(((start + size - 1) / 4096))); do echo "$page $what"; done
    done
}
shared() { cut -d' ' -f1 "$1" | uniq -d; }

for how in separate-loadable-segments separate-code noseparate-code; do
  for kind in -static -no-pie -pie; do
    $CC m.c $kind -Wl,-z,$how -o $how
    [ "$(./$how)" = runs ]
    sane $how
    pages $how 3 >memory
    [ -z "$(shared memory)" ] || fail "$how $kind: memory pages shared"
  done
  pages $how 2 >$how.pages
done
$CC m.c -o default
usual=separate-loadable-segments
[ $MACHINE != aarch64 ] || usual=noseparate-code
cmp default $usual
[ -z "$(shared separate-loadable-segments.pages)" ]
# RELRO and data share a page of the file, code shares none.
page=$(shared separate-code.pages)
[ -n "$page" ]
[ -z "$(grep -E "^($page) code" separate-code.pages)" ]
[ "$(cut -d' ' -f1 noseparate-code.pages | sort -u)" = 0 ]
[ "$(stat -c %s noseparate-code)" -lt 8192 ]
