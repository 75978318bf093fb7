#!/bin/bash
# A program without section headers is edited, too, as far as its program headers say what is free: it runs with the run
# path, the library, and the interpreter that it was given. What needs section headers is refused.
. "$(dirname "$0")/../prelude.sh"
edit=$(realpath "$CASES/../../../.build/release/swold-edit")
[ -x "$edit" ] || skip "no swold-edit"
[ "$MACHINE" = x86_64 ] || skip "the linkers are those of this machine"

printf '#include <stdio.h>\nint f(void);\nint main(void) { printf("%%d\\n", f()); return 0; }\n' >m.c
echo 'int f(void) { return 42; }' >f.c
mkdir lib
links=$PWD/$(printf 'l%.0s' {1..60})
ln -s "$(realpath /lib64/ld-linux-x86-64.so.2)" "$links"
for linker in bfd lld; do
  clang-19 -fuse-ld=$linker -shared -fPIC f.c -Wl,-soname,libf.so -o lib/libf.so
  clang-19 -fuse-ld=$linker m.c -Llib -lf -Wl,-rpath,/x -o m
  llvm-strip-19 --strip-sections m
  llvm-strip-19 --strip-sections lib/libf.so
  if ./m 2>/dev/null; then fail "found without a run path"; fi
  "$edit" apply -e "rpath set $PWD/lib:/opt/$(printf 'a%.0s' {1..200})" -e "interp $links" -i m
  shows "Requesting program interpreter: $links" readelf -lW m
  shows '^42$' ./m
  # More than any page has left: the program header table moves.
  "$edit" rpath set "$PWD/lib:/opt/$(printf 'a%.0s' {1..9000})" -i m
  shows 'GNU_STACK' readelf -lW m
  shows '^42$' ./m
  "$edit" lint m
  "$edit" soname libanother-name-of-this-library.so.1 -i lib/libf.so
  shows '^42$' ./m
  "$edit" insert .blob zero:10 -i m 2>err && fail "a section that could not be found again"
  grep -q 'no section headers' err
done
