#!/bin/bash
# A shared object without needs still has a full dynamic section.
. "$(dirname "$0")/../prelude.sh"

echo 'int a = 1; int *p = &a;' >a.c
$CC -shared -nostdlib -fPIC a.c -o a.so
rela=${RELA#.}
rela=${rela^^}
for tag in SYMTAB STRTAB STRSZ SYMENT $rela ${rela}SZ ${rela}ENT; do shows "\($tag\)" readelf -d a.so; done
lacks '\((NEEDED|DEBUG|PLTGOT|JMPREL)\)' readelf -d a.so
sane a.so
