#!/bin/bash
# Scripts and thin archives that contain themselves, or double at every level, end with an error.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
echo 'INPUT ( twice twice )' >twice
expect_fail timeout 10 $SWOLD twice -o out
says 'twice'
for i in $(seq 1 30); do echo "INPUT ( s$((i + 1)) s$((i + 1)) )" >s$i; done
echo 'INPUT ( s1 )' >s31
expect_fail timeout 20 $SWOLD s1 -o out

thin() {  # ARCHIVE MEMBER…: a thin archive with these members, of size 100
  local out=$1 table= headers= member
  shift
  for member; do
    headers+=$(printf '/%-15s%-12s%-6s%-6s%-8s%-10s`' ${#table} 0 0 0 644 100)$'\n'
    table+="$member/"$'\n'
  done
  printf '!<thin>\n%-16s%-32s%-10s`\n%s' // '' ${#table} "$table" >$out
  [ $((${#table} % 2)) = 0 ] || echo >>$out
  printf '%s' "$headers" >>$out
}
thin self.a self.a
expect_fail timeout 10 $SWOLD self.a -o out
says 'self\.a'
thin a.a b.a
thin b.a a.a
expect_fail timeout 10 $SWOLD a.a -o out
says 'a\.a'
