#!/bin/bash
# Objects that name their libraries (#pragma comment(lib, …) of clang) are linked with these: from the
# library paths, by name or as a file; for members of archives too; --no-dependent-libraries leaves them
# out. As lld.
. "$(dirname "$0")/../prelude.sh"

echo 'double sin(double); int main(int argc, char **argv) { (void)argv; return sin(argc) > 2; }
#pragma comment(lib, "m")' >m.c
clang-19 -c m.c -fno-builtin
readelf -SW m.o | grep -q '\.deplibs'
$CC m.o -o m && ./m
shows 'NEEDED.*libm\.so' readelf -d m
has_no_section m .deplibs
$CC m.o -lm -o m2
[ "$(count 'NEEDED.*libm\.so' readelf -d m2)" = 1 ]
expect_fail $CC m.o -Wl,--no-dependent-libraries -o no
says 'undefined symbol: sin'

# A library that needs another one, which an object of its own names.
echo 'int deep(void) { return 5; }' >deep.c
echo 'int deep(void); int shallow(void) { return deep(); }
#pragma comment(lib, "deep.a")' >shallow.c
echo 'int shallow(void); int main(void) { return shallow() - 5; }
#pragma comment(lib, "shallow")' >main.c
clang-19 -c deep.c shallow.c main.c
mkdir lib && ar rcs lib/deep.a deep.o && ar rcs lib/libshallow.a shallow.o
$CC main.o -Llib -o main && ./main
expect_fail $CC main.o -o no
says "cannot find the library 'shallow', which an object asks for"
# What a member asks for that nobody needs is not missed.
rm lib/deep.a
$CC m.o -Llib -lshallow -o m && ./m
# -r leaves it to the later link.
$SWOLD -r main.o -o r.o
readelf -SW r.o | grep -q '\.deplibs'
