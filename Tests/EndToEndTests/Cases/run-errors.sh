#!/bin/bash
# Wrong uses of `swold -run` and `--linked-by`: one message, which says what to do.
. "$(dirname "$0")/../prelude.sh"

expect_fail "$SWOLD" -run
grep 'error: -run needs a command: swold -run ' "$ERR"
expect_fail "$SWOLD" -run --run-log
expect_fail "$SWOLD" -run --loud make
grep 'error: --loud is no option of -run' "$ERR"
expect_fail "$SWOLD" -run --run-log=/no/such/log true
grep 'error: cannot write /no/such/log: No such file' "$ERR"
code=0; "$SWOLD" -run ./missing 2>"$ERR" || code=$?
test $code = 127
grep 'error: cannot run ./missing: No such file' "$ERR"
code=0; "$SWOLD" -run . 2>"$ERR" || code=$?
test $code = 126

# Elsewhere on a command line they are no options of a link.
echo 'int main(void) { return 0; }' >main.c
gcc -c main.c
for option in -run=make --run-log=x --run-in-namespace --linked-by=x; do
  expect_fail "$SWOLD" main.o "$option"
  grep -- "${option%=*} must be the first word" "$ERR"
done

expect_fail "$SWOLD" --linked-by
grep -- '--linked-by needs files' "$ERR"
for file in main.o main.c /dev/null . missing; do
  code=0; "$SWOLD" --linked-by "$file" >out || code=$?
  test $code = 2
  grep "^$file: " out
done
