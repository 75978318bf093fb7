#!/bin/bash
# Objects with and without machine code see each other: each kind defines what the other one uses,
# also weakly, as a common symbol, hidden, or in a shared library that looks for it in the program.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

cat >lto.c <<'E'
int from_object(int); int lib(void);
int common_one; extern int common_two;
__attribute__((weak)) int weak_lost(void) { return 100; }
__attribute__((weak)) int weak_kept(void) { return 1; }
__attribute__((weak)) int weak_missing(void);
__attribute__((visibility("hidden"))) int hidden(int x) { return x + 1; }
int for_library(void) { return 4; }
static int local(int x) { return from_object(x); }
int main(void) {
  common_one++; common_two++;
#ifdef __clang__  // gcc knows what is in its own
  if (weak_lost() != 2) return 2;
#endif
  return !(local(1) == 3 && weak_kept() == 1 && !weak_missing && lib() == 4
           && common_one == 2 && common_two == 3);
}
E
cat >object.c <<'E'
extern int common_one; int common_two;
int hidden(int) __attribute__((visibility("hidden")));
int weak_lost(void) { return 2; }
int from_object(int x) { common_one++; common_two += 2; return hidden(x) + 1; }
E
echo 'int for_library(void); int lib(void) { return for_library(); }' >lib.c
gcc -shared -fPIC lib.c -o libl.so
gcc -fcommon -c object.c
gcc -O2 -fcommon -flto -c lto.c -o gimple.o
clang-19 -O2 -fcommon -flto -c lto.c -o bitcode.o
$CC -O2 -flto gimple.o object.o ./libl.so -o g && ./g
$CLANG -O2 -flto bitcode.o object.o ./libl.so -o b && ./b
$CC -O2 -flto object.o ./libl.so gimple.o -o g && ./g
for m in g b; do
  shows ' for_library$' nm -D $m
  lacks ' (local|weak_kept)$' nm $m
done
linked_by_swold g b
