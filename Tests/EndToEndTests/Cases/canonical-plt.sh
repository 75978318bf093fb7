#!/bin/bash
# A function of a library has one address in program and library.
. "$(dirname "$0")/../prelude.sh"

echo 'void f(void) {} void *g(void) { return (void *)f; }' >l.c
echo 'void f(void); void *g(void); int main(void) { f(); return (void *)f != g(); }' >m.c
gcc -shared -fPIC l.c -o libl.so
$CC -fno-pic -no-pie m.c ./libl.so -o m
./m
# Its entry is undefined but has the address of the PLT entry.
shows ' 0*[1-9a-f][0-9a-f]* +[0-9]+ FUNC +GLOBAL +DEFAULT +UND f$' readelf -W --dyn-syms m
sane m
