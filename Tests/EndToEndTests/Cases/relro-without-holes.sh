#!/bin/bash
# A RELRO section may be aligned to more than a page. The dynamic linker protects all pages from the
# first to the last, so the gap must be mapped; PT_GNU_RELRO lies in one PT_LOAD.
. "$(dirname "$0")/../prelude.sh"

for alignment in 8192 65536; do
  cat >a.c <<END
__attribute__((aligned($alignment), section(".data.rel.ro"))) void *p = &p;
__attribute__((aligned($alignment))) _Thread_local int t = 7;
int main(void) { return p != &p || t != 7 || (long)&p % $alignment || (long)&t % $alignment; }
END
  gcc -fPIC -c a.c
  for kind in -pie -no-pie -static -static-pie; do
    supports $kind || continue
    for relro in relro now norelro; do
      $CC $kind a.o -o m -Wl,-z,$relro
      ./m
      sane m
      strip m
      ./m
    done
    $CC $kind a.o -o m -Wl,-z,relro
    readelf -lW m | awk '$1 == "GNU_RELRO" { print $3, $6 }' >relro
    read -r start size <relro
    readelf -lW m | awk '$1 == "LOAD" && $7 == "RW" { print $3, $6 }' |
      while read -r begin length; do
        [ $((begin)) -gt $((start)) ] || [ $((begin + length)) -lt $((start + size)) ] || echo in
      done >held
    [ "$(cat held)" = in ] || fail "RELRO is not in one PT_LOAD ($kind)"
  done
done
