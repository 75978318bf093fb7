#!/bin/bash
# --use-android-relr-tags: packed relative relocations under the tags that Android had before the gABI.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

echo 'int x[4]; int *p[100] = {&x[1], &x[2]};' >a.c && gcc -fPIC -c a.c
$CC -shared a.o -Wl,--pack-dyn-relocs=relr -o gabi.so
$CC -shared a.o -Wl,--pack-dyn-relocs=relr,--use-android-relr-tags -o android.so
clang-19 -fuse-ld=lld -shared a.o -Wl,--pack-dyn-relocs=relr,--use-android-relr-tags -o peer.so
for file in android.so peer.so; do
  shows 'ANDROID_RELR\)' llvm-readelf-19 -d $file
  shows 'ANDROID_RELRSZ\)' llvm-readelf-19 -d $file
  shows 'ANDROID_RELRENT\)' llvm-readelf-19 -d $file
  shows '\.relr\.dyn +ANDROID_RELR ' llvm-readelf-19 -S $file
done
lacks 'GLIBC_ABI_DT_RELR' readelf -VW android.so
lacks 'ANDROID' llvm-readelf-19 -d gabi.so
$CC -shared a.o -Wl,--pack-dyn-relocs=relr,--use-android-relr-tags,--no-use-android-relr-tags -o no.so
cmp gabi.so no.so
[ "$(contents gabi.so .data)" = "$(contents android.so .data)" ]
