#!/bin/bash
# What -l finds for another machine or system, a library or a script that stands in for one, is
# passed over; where nothing else is found, the error says so once.
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -c f.c m.c
mkdir good
ar rcs good/libf.a f.o
clang-19 --target=aarch64-linux-gnu -c f.c -o arm.o
clang-19 --target=x86_64-windows-gnu -c f.c -o windows.o
clang-19 --target=x86_64-apple-macos -c f.c -o mac.o
echo 'a member that is no object' >text
check() {
  $CC m.o -Lother -Lgood -lf -o m 2>err
  ./m
  expect_fail $CC m.o -Lother -lf -o m
  says "other/libf.* it is .*$1"
  [ "$(grep -c 'other/libf' "$ERR")" = 1 ]
  lacks warning cat "$ERR"
  rm -r other
}
for object in "arm AArch64" "windows COFF" "mac Mach-O"; do
  set -- $object
  mkdir other && ar rcS other/libf.a text $1.o && check $2
  mkdir other && cp $1.o other/libf.so && check $2
done
mkdir other && ar rcST other/libf.a text arm.o && check AArch64
mkdir other && echo 'OUTPUT_FORMAT(elf32-i386) INPUT(/nowhere.so)' >other/libf.so && check elf32-i386
mkdir other && echo 'INPUT(no.so) OUTPUT_ARCH(aarch64)' >other/libf.so && check aarch64
mkdir -p other/libf.so
$CC m.o -Lother -Lgood -lf -o m
mkdir own && echo "OUTPUT_FORMAT(elf64-x86-64) OUTPUT_ARCH(i386:x86-64) INPUT($PWD/f.o)" >own/libf.so
$CC m.o -Lown -lf -o m
