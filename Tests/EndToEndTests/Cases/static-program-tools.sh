#!/bin/bash
# strip and objcopy, GNU's, elfutils' and LLVM's, take static programs. Those have IRELATIVE relocations,
# and LLVM's tools refuse a .rela.plt that names .symtab, as GNU ld's does; as from lld, ours names no table.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
#include <stdio.h>
#include <string.h>
int main(int n, char **v) { return printf("%d\n", (int)strlen(v[0]) > 0) != 2; }
END
echo text >extra
for kind in -static -static-pie; do
  supports $kind || continue
  $CC -g m.c $kind -o m
  for tool in strip 'strip -g' eu-strip llvm-strip-19 'llvm-strip-19 -g'; do
    $tool -o s m 2>err
    [ ! -s err ] || fail "$tool says $(cat err)"
    [ "$(./s)" = 1 ] || fail "$tool broke a program ($kind)"
  done
  for tool in objcopy llvm-objcopy-19; do
    $tool --add-section .extra=extra m s 2>err
    [ ! -s err ] || fail "$tool says $(cat err)"
    [ "$(./s)" = 1 ] || fail "$tool broke a program ($kind)"
    shows text readelf -p .extra s
  done
  sane m
done
! supports -static-pie || [ "$(section m $RELA.plt link)" = "$(section m .dynsym index)" ]
