#!/bin/bash
# docs/Options.md is what scripts/option-table prints, so it has every option with what it does now; and
# those that it lists as refused are errors, each by its name.
# machines: x86_64 (about the command line)
. "$(dirname "$0")/../prelude.sh"

repository=$CASES/../../..
"$repository/scripts/option-table" "$SWOLD" >now
diff "$repository/docs/Options.md" now || fail "it is not: scripts/option-table >docs/Options.md"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
# Of a row, the first option, with a value behind `=` if it takes one.
sed -n '/^## Refused/,/^## [^R]/s/^| `\([^`,]*\).*/\1/p' now | sed -E 's/^(-[^z].*) [A-Z|]+$/\1=1/' >refused
[ "$(wc -l <refused)" -ge 10 ]
while read -r option; do
  # shellcheck disable=SC2086  # -z KEYWORD is two words
  expect_fail $SWOLD m.o $option -o m
  says "$(sed 's/=1$//' <<<"$option").* is not built"
  [ ! -e m ]
done <refused
