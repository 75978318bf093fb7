#!/bin/bash
# Code that is not position independent takes the address of a library's protected function: the
# library would see another one than the program. Calls, and words that the dynamic linker fills, work.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'E'
__attribute__((visibility("protected"))) int f(int x) { return x + 1; }
int (*get(void))(int) { return f; }
E
cat >m.c <<'E'
int f(int);
int (*get(void))(int);
int (*pointer)(int) = f;
int main(void) { return pointer != get() || f(2) != 3; }
E
sed 's/pointer != get/(volatile void *)f != (void *)get/' m.c >direct.c
gcc -shared -fPIC l.c -o l.so
gcc -c -fno-pie m.c direct.c
$CC -no-pie m.o ./l.so -o m
./m
expect_fail $CC -no-pie direct.o ./l.so -o direct
says "relocation $R[A-Z0-9_]+ against f "
gcc -c -fPIE direct.c
$CC -no-pie direct.o ./l.so -o direct
./direct
sane m direct
