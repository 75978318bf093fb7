#!/bin/bash
# --reproduce and --repro collect what a link reads; what is linked from that elsewhere is the same file.
# machines: x86_64 (libraries of the host)
. "$(dirname "$0")/../prelude.sh"

mkdir -p src lib 'odd dir' out
echo 'int f(void); int main(void) { return f(); }' >src/m.c
echo 'int f(void) { return g(); } ' | sed '1i int g(void);' >src/f.c
echo 'int g(void) { return 0; }' >src/g.c
(cd src && gcc -c m.c f.c g.c && ar rcs ../lib/libf.a f.o && ar rcsT ../lib/libthin.a g.o 2>/dev/null)
(cd lib && rm -f libthin.a && ar rcsT libthin.a ../src/g.o)
cp src/m.o 'odd dir/m "x".o'
echo '{ global: *; };' >script.ver
cat >args <<X
-Llib "odd dir/m \\"x\\".o" -lf -lthin -Wl,--version-script=script.ver -Wl,--build-id=sha1
X
$CC @args -o out/main -Wl,--reproduce="$PWD/all.tar"
./out/main
mkdir away && tar xf all.tar -C away
(cd away/all && $SWOLD @response.txt)
cmp out/main "away/all$PWD/out/main"
shows swold- cat away/all/version.txt
# Nothing is read but what is in there: without a file it fails.
rm "away/all$PWD/lib/libf.a"
(cd away/all && expect_fail $SWOLD @response.txt)

# An absolute output is not overwritten; --repro stands beside the output.
$CC @args -o "$PWD/main" -Wl,--repro
mkdir again && tar xf main.repro.tar -C again
before=$(stat -c %i main)
(cd again/main.repro && $SWOLD @response.txt)
[ "$before" = "$(stat -c %i main)" ]
cmp main "again/main.repro$PWD/main"

# From the folder of -C as well, and a link that fails can be reproduced.
mkdir -p deep/er && rm -rf away
(cd deep/er && expect_fail $SWOLD -C ../.. src/m.o -o bad --reproduce=bad.tar)
mkdir away && tar xf bad.tar -C away
(cd away/bad && expect_fail $SWOLD @response.txt && says 'undefined symbol: f')

# Paths of more than 100 bytes.
long=$(printf 'x%.0s' {1..90})
mkdir -p $long/$long && cp src/m.o $long/$long/m.o
$CC $long/$long/m.o lib/libf.a src/g.o -o main -Wl,--reproduce=long.tar
rm -rf away && mkdir away && tar xf long.tar -C away
(cd away/long && $SWOLD @response.txt)
cmp main "away/long$PWD/main"
expect_fail $CC src/m.o src/f.o src/g.o -o main -Wl,--reproduce=/nowhere/x.tar
says 'cannot write /nowhere/x.tar'
