#!/bin/bash
# Hundreds of imported functions, each at its own PLT entry.
. "$(dirname "$0")/../prelude.sh"

for i in $(seq 300); do echo "int f$i(void) { return $i; }"; done >l.c
{
  for i in $(seq 300); do echo "int f$i(void);"; done
  echo 'int main(void) { int s = 0;'
  for i in $(seq 300); do echo "s += f$i();"; done
  echo 'return s != 45150; }'
} >m.c
gcc -shared -fPIC l.c -o libl.so
for how in lazy now; do
  for kind in '-fPIE -pie' '-fno-pic -no-pie'; do
    $CC $kind -Wl,-z,$how m.c ./libl.so -o m
    ./m || fail "$kind $how"
  done
done
sane m
