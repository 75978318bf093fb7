#!/bin/bash
# --compress-sections: sections that are not loaded and whose names match; the last pattern counts, before
# --compress-debug-sections. As lld.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

{ echo 'int main(void) { return 0; }'; echo 'asm(".section .extra_a\n.fill 9000,1,65\n.section .extra_b\n.fill 9000,1,66\n.section .loaded,\"a\"\n.fill 9000,1,67\n.text");'; } >m.c
gcc -g -c m.c
# kinds COMMAND… : which sections are compressed, and how.
kinds() {
  "$@" -o out
  ./out
  for s in .extra_a .extra_b .loaded .debug_info; do
    echo $s $(readelf -tW out | sed -n "/ $s\$/,/^  \[[ 0-9]*\]/p" | grep -oE 'ZLIB|ZSTD' | head -1)
  done
}
for flags in '--compress-sections=.extra_*=zlib' '--compress-sections=.extra_*=zlib:9 --compress-sections=.extra_b=none' \
  '--compress-debug-sections=zlib --compress-sections=.debug_info=none' '--compress-sections=.ex*a=zlib --compress-debug-sections=zlib'; do
  options=(); set -f
  for flag in $flags; do options+=(-Wl,"$flag"); done
  kinds $CC m.o "${options[@]}" >ours
  kinds gcc -fuse-ld=lld m.o "${options[@]}" >theirs
  set +f
  [ "$flags" = "${flags#*debug_info}" ] || sed -i '/debug_info/d' ours theirs
  diff <(sort ours) <(sort theirs) || fail "$flags"
done
kinds $CC m.o '-Wl,--compress-sections=.extra_*=zstd:9' >ours
grep -qx '.extra_a ZSTD' ours
for bad in '.x' '.x=lzma' '.x=zlib:77' '.x=zlib-gnu'; do expect_fail $CC m.o "-Wl,--compress-sections=$bad" -o no; done
