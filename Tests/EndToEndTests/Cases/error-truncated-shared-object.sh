#!/bin/bash
# Shared objects cut at any length give an error, never a crash.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; } __thread int t;' >l.c
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -shared -fPIC l.c -o libl.so
gcc -c m.c
size=$(stat -c %s libl.so)
for i in $(seq 1 40); do
  head -c $((size * i / 42 + i % 8)) libl.so >cut.so
  code=0
  timeout 20 $SWOLD m.o cut.so -e main -o out >log 2>&1 || code=$?
  [ $code = 1 ] || [ $code = 0 ] || { cat log; fail "at $i: exit code $code"; }
  [ $code = 0 ] || grep -q 'cut\.so' log
done
