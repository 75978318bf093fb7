#!/bin/bash
# -Ur is -r: the constructors that it is to collect are in sections.
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END_OF_C'
int called;
__attribute__((constructor)) static void early(void) { called++; }
END_OF_C
echo 'extern int called; int main(void) { return called == 1 ? 0 : 1; }' >b.c
gcc -c a.c b.c
$SWOLD -r a.o b.o -o r.o
$SWOLD -Ur a.o b.o -o ur.o
cmp r.o ur.o
$CC ur.o -o program
./program
expect_fail $SWOLD -shared -Ur a.o b.o -o neither
says '-Ur'
