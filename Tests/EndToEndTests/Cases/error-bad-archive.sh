#!/bin/bash
# An archive with a broken member header is an error that names it.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >f.c
echo 'int main(void) { return 0; }' >m.c
gcc -c f.c m.c
ar rcs lib.a f.o
size=$(stat -c %s lib.a)
for position in 60 110 130; do
  cp lib.a bad.a
  printf 'XXXXXXXXXXXXXXXXXXXXXXXX' | dd of=bad.a bs=1 seek=$position conv=notrunc status=none
  code=0; $SWOLD -shared --whole-archive m.o bad.a -o out >log 2>&1 || code=$?
  [ $code = 0 ] || [ $code = 1 ] || { cat log; fail "$position: $code"; }
  [ $code = 0 ] || grep -q 'bad\.a' log
done
python3 - <<'END'
data = bytearray(open("lib.a", "rb").read())
at = data.index(b"f.o/")
data[at + 48:at + 58] = b"99999999  "
open("long.a", "wb").write(data)
data[at + 48:at + 58] = b"notanumber"
open("size.a", "wb").write(data)
END
expect_fail $SWOLD -shared m.o --whole-archive long.a -o out
says 'long\.a'
expect_fail $SWOLD -shared m.o --whole-archive size.a -o out
says 'size\.a'
head -c 40 lib.a >cut.a
code=0; $SWOLD -shared m.o --whole-archive cut.a -o out >log 2>&1 || code=$?
[ $code -le 1 ]
