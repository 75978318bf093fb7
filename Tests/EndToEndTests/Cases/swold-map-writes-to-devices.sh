#!/bin/bash
# swold-map -o DEVICE writes to the device or pipe; it does not put a file in its place.
. "$(dirname "$0")/../prelude.sh"
not_linted "no links"

MAP=$CASES/../../../.build/release/swold-map
printf 'smap 1;\nregion r { at 0x1000; size 1 KiB; }\nplace in r { section .text { take @code; } }\n' >m.smap
echo 'SECTIONS { .text 0x1000 : { *(.text) } }' >s.ld
mkfifo pipe.svg
for words in "import s.ld" "draw m.smap" "export m.smap"; do
  cat pipe.svg >got &
  "$MAP" $words -o pipe.svg >log 2>&1 || { cat log; fail "$words"; }
  wait
  test -p pipe.svg
  test -s got
done
ln -s /dev/null device.svg
for words in "import s.ld" "draw m.smap" "export m.smap"; do
  "$MAP" $words -o device.svg
  test -c /dev/null
done
expect_fail "$MAP" import s.ld -o "$PWD"
