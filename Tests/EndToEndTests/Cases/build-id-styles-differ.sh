#!/bin/bash
# The bare option and tree give one id, sha1 another of the same size; each is over the whole file,
# the same for any number of threads, and the editor computes it again from a file of several chunks.
. "$(dirname "$0")/../prelude.sh"
editor=$(dirname "$SWOLD")/swold-edit
[ -x "$editor" ] || { [ -n "${SWOLD_UNDER_TEST:-}" ] && skip "not swold"; fail "no $editor: run make"; }

cat >a.c <<'END'
#include <stdio.h>
const char big[5 << 20] = {1, 2, 3};
int zeros[1 << 20];
int main(void) { return puts("found") < 0 || big[2] != 3; }
END
gcc -g -ffunction-sections -c a.c
cp a.o last.o
head -c 3000000 /dev/zero >note.bin
objcopy --add-section .note.more=note.bin last.o
id() { readelf -nW $1 | sed -n 's/.*Build ID: //p'; }
for object in a last; do
  for threads in 1 2 8; do
    for style in '' =tree =sha1 =fast =sha256; do
      $CC $object.o -Wl,--threads=$threads,--build-id$style -o $object$style
      id $object$style >>ids$object$style
      expect_fail "$editor" build-id recompute ${style:+style$style} -i $object$style
      says SE-NO-EFFECT
    done
  done
  for style in '' =tree =sha1 =fast =sha256; do [ "$(sort -u ids$object$style | wc -l)" = 1 ]; done
  ./$object
  [ "$(id $object)" = "$(id $object=tree)" ]
  [ "$(id $object)" != "$(id $object=sha1)" ]
done
[ "$(id a)" != "$(id last)" ]
