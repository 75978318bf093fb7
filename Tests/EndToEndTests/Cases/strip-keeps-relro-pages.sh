#!/bin/bash
# Tools that write program headers anew make a segment as long as its sections. The last page of RELRO
# must not get lost by that: with pages of 64 KiB the program would not start any more.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'E'
#include <stdio.h>
int variable = 3;
int main(void) { return printf("%d runs\n", variable) < 0; }
E
for size in 0x1000 0x10000; do
  for kind in -pie -no-pie -static -static-pie; do
    supports $kind || continue
    $CC m.c $kind -Wl,-z,max-page-size=$size,-z,now -o m
    [ "$(./m)" = "3 runs" ]
    sane m
    for tool in strip eu-strip llvm-strip-19 objcopy llvm-objcopy-19; do
      command -v $tool >/dev/null || continue
      case $tool in *strip*) $tool -o stripped m ;; *) $tool m stripped ;; esac
      [ "$(./stripped)" = "3 runs" ] || fail "$tool broke a program ($kind, $size)"
    done
  done
done
# RELRO lies in one loaded segment still.
strip -o stripped m
sane stripped
