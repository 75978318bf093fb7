#!/bin/bash
# What the linker is told to keep or to know survives: -u, the entry point, --defsym, dynamic lists,
# --export-dynamic, a symbol that a library refers to.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'E'
int kept(void) { return 1; } int listed(void) { return 2; } int aliased(void) { return 3; }
int gone(void) { return 4; } int lib(void); int called_back(void) { return 5; }
int main(void) { return lib() - 5; }
E
echo 'int called_back(void); int lib(void) { return called_back(); }' >lib.c
echo '{ listed; };' >list
gcc -shared -fPIC lib.c -o lib.so
for compiler in gcc clang-19; do
  [ $compiler = gcc ] && link=$CC || link=$CLANG
  $compiler -O2 -flto -c m.c
  $link -O2 -flto m.o ./lib.so -o m -Wl,-u,kept,--dynamic-list=list,--defsym=other=aliased && ./m
  shows ' T kept$' nm m
  shows ' T listed$' nm -D m
  shows ' T called_back$' nm -D m
  shows ' T aliased$' nm m
  lacks ' gone$' nm m
  $link -O2 -flto m.o ./lib.so -o m -rdynamic && ./m
  shows ' T gone$' nm -D m
  linked_by_swold m
done
echo 'void begin(void) { __asm__ volatile("mov $60,%eax; xor %edi,%edi; syscall"); }' >s.c
gcc -O2 -flto -c s.c && $CC -O2 -flto -nostdlib -static s.o -Wl,-e,begin -o s && ./s
