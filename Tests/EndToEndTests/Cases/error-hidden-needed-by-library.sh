#!/bin/bash
# A library needs a function that the program defines and hides: that would fail only at start.
. "$(dirname "$0")/../prelude.sh"

echo 'int wanted(void); int f(void) { return wanted(); }' >f.c
echo '__attribute__((visibility("hidden"))) int wanted(void) { return 0; }' >hidden.c
echo 'int wanted(void) { return 0; }' >shown.c
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -shared -fPIC f.c -o libf.so
gcc -shared -fPIC shown.c -o libshown.so
gcc -c m.c hidden.c shown.c
expect_fail $CC m.o hidden.o ./libf.so -o m
says 'libf.so needs wanted, which hidden.o defines but does not show: its visibility is hidden'
echo '{ local: wanted; };' >local.ver
expect_fail $CC m.o shown.o ./libf.so -Wl,--version-script=local.ver -o m
says 'libf.so needs wanted, which shown.o defines but does not show: the version script'
$CC m.o hidden.o ./libf.so -Wl,--allow-shlib-undefined -o m
# Another library may have it, and then all is well.
$CC m.o hidden.o ./libf.so -Wl,--no-as-needed ./libshown.so -o m
./m
$CC m.o shown.o ./libf.so -o m
./m
sane m
