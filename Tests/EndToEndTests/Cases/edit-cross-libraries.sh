#!/bin/bash
# Debian's own libraries for other machines, under qemu, after what the newer verbs do to them: a name that is another
# one now is found under that only, a hidden and a local one are not found, code that uses them inside of the library
# still does, data is at the address that was asked for, and stack, run path and flags say what they were told to.
. "$(dirname "$0")/../prelude.sh"
edit=$(realpath "$CASES/../../../.build/release/swold-edit")
[ -x "$edit" ] || skip "no swold-edit"
[ "$MACHINE" = x86_64 ] || skip "the case goes through all machines"

cat >look.c <<'E'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
int main(int count, char **words) {
  struct link_map *map = dlopen(words[1], RTLD_NOW | RTLD_LOCAL);
  if (!map) return puts(dlerror()), 1;
  for (int i = 3; i < count; i++) {
    double (*f)(double) = (double (*)(double))dlsym(map, words[i]);
    if (f) printf("%s %.0f\n", words[i], f(8)); else printf("%s is not there\n", words[i]);
  }
  puts((char *)map->l_addr + strtoul(words[2], 0, 0));
  return 0;
}
E
cat >use.c <<'E'
#include <math.h>
#include <stdio.h>
int main(int count, char **words) { printf("%.0f\n", cbrt(27.0 * count)); return 0; }
E
tried=
for target in mips-linux-gnu:mips mipsel-linux-gnu:mipsel powerpc-linux-gnu:ppc powerpc64le-linux-gnu:ppc64le \
  s390x-linux-gnu:s390x i686-linux-gnu:i386 aarch64-linux-gnu:aarch64 arm-linux-gnueabihf:arm riscv64-linux-gnu:riscv64; do
  triple=${target%:*}
  [ -x /usr/bin/$triple-gcc ] && [ -f /usr/$triple/lib/libm.so.6 ] || continue
  type qemu-${target#*:} >/dev/null 2>&1 || continue
  qemu=(qemu-${target#*:} -L /usr/$triple)
  mkdir -p $triple
  /usr/bin/$triple-gcc look.c -o look -ldl
  cp /usr/$triple/lib/libm.so.6 m
  "$edit" apply -e 'symbol rename cbrt cubic_root dynamic=yes' -e 'symbol unversion sqrt' -i m
  found=(cbrt cubic_root sqrt exp2 log2)
  wanted=$'cbrt is not there\ncubic_root 2\nsqrt 3\n'
  # On MIPS the order of the symbols is that of the GOT.
  case $triple in
  mips*)
    ! "$edit" symbol hide exp2 dynamic=yes -o x m 2>messages
    grep -q 'SE-UNSUPPORTED.*cannot be renumbered' messages
    wanted+=$'exp2 256\nlog2 3'
    ;;
  *)
    "$edit" apply -e 'symbol hide exp2 dynamic=yes' -e 'symbol localize log2 dynamic=yes' -i m
    wanted+=$'exp2 is not there\nlog2 is not there'
    ;;
  esac
  # Two pages of the largest size behind all that there is.
  end=0
  while read -r _ _ address _ _ size _; do end=$((address + size > end ? address + size : end)); done \
    < <(readelf -lW m | grep ' LOAD ')
  place=$(printf 0x%x $(((end + 0x2ffff) & ~0xffff)))
  "$edit" apply -e "insert .inserted strz:\"data at its address\" at=$place" -e 'exec-stack set if-needed' -e 'rpath set /opt/one tag=rpath' \
    -e 'flags add nodelete' -e 'soname libother.so' -e 'needed add libdl.so.2' -i m
  "$edit" lint m
  echo "$wanted" >wanted
  echo 'data at its address' >>wanted
  "${qemu[@]}" look $PWD/m $place "${found[@]}" | diff - wanted
  [ "$("$edit" get exec-stack m)$("$edit" get rpath m)$("$edit" get soname m)" = yes/opt/onelibother.so ]
  "$edit" get flags m | grep -q nodelete
  "$edit" get needed m | grep -qx libdl.so.2
  shows '(RPATH).*/opt/one' readelf -dW m
  "$edit" apply -e 'exec-stack clear if-needed' -e 'rpath convert tag=runpath' -e 'flags remove nodelete' -i m
  [ "$("$edit" get exec-stack m)" = no ]
  shows '(RUNPATH).*/opt/one' readelf -dW m
  "${qemu[@]}" look $PWD/m $place "${found[@]}" | diff - wanted

  # A program finds the library by the one and by the other, and its import without a version, too.
  /usr/bin/$triple-gcc use.c -lm -o use
  mkdir -p $triple/lib
  cp /usr/$triple/lib/libm.so.6 $triple/lib/libm-of-mine.so.6
  "$edit" soname libm-of-mine.so.6 -i $triple/lib/libm-of-mine.so.6
  "$edit" apply -e 'needed replace libm.so.6 libm-of-mine.so.6' -e "rpath set $PWD/$triple/lib tag=rpath" -e 'exec-stack set if-needed' -i use
  shows '^3$' "${qemu[@]}" use
  "$edit" apply -e 'rpath convert tag=runpath' -e 'exec-stack clear if-needed' -i use
  shows '^3$' "${qemu[@]}" use
  "$edit" symbol unversion cbrt -i use
  shows '^3$' "${qemu[@]}" use
  tried=1
done
[ -n "$tried" ] || skip "no compiler for another machine"
