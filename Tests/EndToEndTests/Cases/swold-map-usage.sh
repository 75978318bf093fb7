#!/bin/bash
# swold-map's command line: usage errors exit with 2 and say how to go on, a symbolic link stays one,
# a full disk is an error, and the manual page has every option.
. "$(dirname "$0")/../prelude.sh"

map=$CASES/../../../.build/release/swold-map
"$map" --version | grep -q '^swold-map [0-9]'
for wrong in nonsense 'check --nonsense x' fmt 'fmt -i --check x' 'fmt -i -' 'explain SM999'; do
  status=0
  "$map" $wrong 2>"$ERR" >/dev/null || status=$?
  [ $status = 2 ]
  says '^swold-map: error: '
done
expect_fail "$map" check missing.smap
says "^swold-map: error: cannot read 'missing.smap': No such file or directory"

printf 'smap 1;\nregion  rom { at 0; size 1 KiB; }\n' >real.smap
ln -s real.smap link.smap
"$map" fmt -i link.smap
[ -L link.smap ]
grep -q '^region rom' real.smap
status=0
"$map" fmt real.smap >/dev/full 2>"$ERR" || status=$?
[ $status = 1 ]
says '^swold-map: error: cannot write to standard output: No space left on device'

page=$CASES/../../../docs/swold-map.1
sed 's/\\-/-/g' "$page" >words
for verb in check fmt explain; do
  for option in $("$map" $verb --help | grep -oE '^  (-[a-zA-Z], )?--?[a-zA-Z-]+' | tr -d ,); do
    case $option in -h | --help | --version) continue ;; esac
    grep -qFe "$option" words || fail "the manual page lacks $option"
  done
done
if command -v groff >/dev/null; then
  groff -man -ww -z "$page" 2>err
  [ ! -s err ] || fail "$(cat err)"
fi
