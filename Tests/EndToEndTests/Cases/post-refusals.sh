#!/bin/bash
# A script of --post that fails leaves the old output, and no file of the link or the script.
. "$(dirname "$0")/../prelude.sh"
[ -z "${SWOLD_UNDER_TEST:-}" ] || skip "not swold"

cat >app.s <<'END'
.globl _start
_start: exit 0
.section .slot.ident, "a"
.globl __slot_ident
.type __slot_ident, @object
.size __slot_ident, 8
__slot_ident: .quad 0
END
as app.s -o app.o
echo old >app
touch a.sedit
: >"$ERR" >before
ls -A >before

refuse() {  # CODE PLACE OPTION… with the script on standard input
  local code=$1 place=$2
  shift 2
  cat >a.sedit
  expect_fail $SWOLD -o app app.o --post a.sedit "$@"
  says "$code"
  says "^swold: error: $place"
  [ "$(cat app)" = old ] || fail "the old output is gone"
  ls -A | diff before - || fail "a file was left"
}
refuse SE-SYNTAX 'a.sedit:1:1: ' <<<'put slot:ident hex:00'
refuse SE-SYNTAX 'a.sedit:3:5: ' <<<$'sedit 1\n\nput nowhere hex:00'
refuse SE-SYNTAX 'a.sedit:2:1: ' <<<$'sedit 1\nfrobnicate'
refuse SE-NOT-FOUND 'a.sedit:3:1: ' <<<$'sedit 1\nput slot:ident str:x\nput slot:nobody str:x'
refuse SE-SLOT-OVERFLOW 'a.sedit:2:1: ' <<<$'sedit 1\nput slot:ident zero:9'
refuse SE-ASSERT 'a.sedit:2:1: ' <<<$'sedit 1\nassert (1 == 2) "one is two"'
refuse SE-SYNTAX 'a.sedit:2:' <<<$'sedit 1\nput slot:ident str:%{GIT}'
refuse SE-IO 'a.sedit:2:1: ' <<<$'sedit 1\nput slot:ident file:nowhere.bin'
# What the script would make beside the output is not made either.
refuse SE-ASSERT 'a.sedit:3:1: ' <<<$'sedit 1\nexport bin to=app.bin fill=0\nassert (0) "no"'
refuse SE-IO 'SE-IO: .*is the output itself' <<<$'sedit 1\nsection dump .text to=app'
refuse SE-IO 'SE-IO: .*standard output' <<<$'sedit 1\nsection dump .text to=-'

expect_fail $SWOLD -o app app.o --post nowhere.sedit
says "cannot open 'nowhere.sedit'"
# A mistake in the script is told before the link is tried.
echo 'sedit 2' >a.sedit
expect_fail $SWOLD -o app app.o missing.o --post a.sedit
says 'a.sedit:1:7: SE-SYNTAX: .*version 1'
# An object is edited after the link that uses it.
expect_fail $SWOLD -r -o app.r app.o --post a.sedit
says '-r and --post may not be used together'
[ ! -e app.r ]

# An edit that cannot be wrong: standard input, special outputs, dependency files.
printf 'sedit 1\nput slot:ident str:x pad=zero\n' >a.sedit
$SWOLD -o app app.o --post - --dependency-file=deps <a.sedit
./app
$SWOLD -o copy app.o --post a.sedit --dependency-file=deps
cmp app copy
shows 'a\.sedit' cat deps
$SWOLD -o - app.o --post a.sedit | cmp - copy
$SWOLD -o /dev/null app.o --post a.sedit
printf 'sedit 1\nput slot:ident zero:9\n' >a.sedit
expect_fail $SWOLD -o /dev/null app.o --post a.sedit
says SE-SLOT-OVERFLOW
[ -c /dev/null ]
