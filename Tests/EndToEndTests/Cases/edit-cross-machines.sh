#!/bin/bash
# Programs and libraries that GNU ld made for machines of both sizes and byte orders run, under qemu, with the run path, the
# libraries, the names and the interpreter that they were given, and nothing that was beside them in memory changes: on
# MIPS a tag that counts from its own place comes along.
. "$(dirname "$0")/../prelude.sh"
edit=$(realpath "$CASES/../../../.build/release/swold-edit")
[ -x "$edit" ] || skip "no swold-edit"
[ "$MACHINE" = x86_64 ] || skip "the case goes through all machines"

cat >m.c <<'E'
#include <stdio.h>
int f(void);
int a[64] = {[0 ... 63] = 1};
int main(void) { int n = 0; for (int i = 0; i < 64; i++) n += a[i] != 1; printf("%d %d\n", f(), n); return 0; }
E
echo 'int g(void) { return 40; } int *null; int **use = &null; int f(void) { return g() + 2; }' >f.c
tried=
for target in mips-linux-gnu:mips mipsel-linux-gnu:mipsel powerpc-linux-gnu:ppc powerpc64le-linux-gnu:ppc64le \
  s390x-linux-gnu:s390x i686-linux-gnu:i386 aarch64-linux-gnu:aarch64 arm-linux-gnueabihf:arm riscv64-linux-gnu:riscv64; do
  triple=${target%:*}
  [ -x /usr/bin/$triple-gcc ] || continue
  qemu=(qemu-${target#*:} -L /usr/$triple)
  mkdir -p $triple/lib
  /usr/bin/$triple-gcc -shared -fPIC f.c -Wl,-soname,libf.so -o $triple/lib/libf.so
  name=libf-with-a-longer-name-than-before.so
  "$edit" soname $name -o $triple/lib/$name $triple/lib/libf.so
  # On MIPS the order of the symbols is that of the GOT.
  case $triple in mips*) ;; *)
    "$edit" symbol hide g dynamic=yes -i $triple/lib/$name
    shows ' LOCAL .* g$' readelf --dyn-syms -W $triple/lib/$name
  esac
  loader=$PWD/$triple/$(printf 'l%.0s' {1..60})
  for flags in -pie -no-pie '-no-pie -Wl,-rpath,/opt/aaaaaaaaaaaaaaa'; do
    /usr/bin/$triple-gcc $flags -fPIE m.c -L$triple/lib -lf -o m
    ln -sf /usr/$triple"$("$edit" get interp m)" $loader
    "$edit" apply -e "rpath set $PWD/$triple/lib:/opt/$(printf 'a%.0s' {1..200})" -e 'needed add libdl.so.2' \
      -e "needed replace libf.so $name" -e "interp $loader" -o edited m
    "$edit" lint edited
    shows '^42 0$' "${qemu[@]}" edited
    "$edit" rpath set $PWD/$triple/lib -o shorter edited
    "$edit" apply -e 'rpath remove' -e 'needed remove libdl.so.2' -o without shorter
    shows '^42 0$' "${qemu[@]}" -E LD_LIBRARY_PATH=$PWD/$triple/lib without
  done
  tried=1
done
[ -n "$tried" ] || skip "no compiler for another machine"
