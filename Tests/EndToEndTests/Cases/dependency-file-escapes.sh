#!/bin/bash
# --dependency-file lists scripts and maps, too, and quotes names as make reads them.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >f.c
gcc -fPIC -c f.c -o 'a $b#c.o'
echo 'V1 { global: f; local: *; };' >f.ver
echo 'INPUT("a $b#c.o")' >f.script
touch -d '-1 hour' a* f.ver f.script
gcc -shared -B"$LD_DIR" f.script -Wl,--version-script=f.ver -Wl,--dependency-file=f.d -o f.so
touch -d '-30 minutes' f.so
grep -qF 'a\ $$b\#c.o' f.d
printf "include f.d\nf.so:\n\t@echo 'made because of %s'\n" '$?' >Makefile
make -s >out
[ ! -s out ]
for file in 'a $b#c.o' f.ver f.script; do
  touch "$file"
  make -s | grep -qF "made because of $file"
  touch -d '-1 hour' "$file"
done
