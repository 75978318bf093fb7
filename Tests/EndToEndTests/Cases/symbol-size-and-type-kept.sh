#!/bin/bash
# The dynamic symbol of a variable keeps type, size and alignment.
. "$(dirname "$0")/../prelude.sh"

echo 'char v[77] __attribute__((aligned(32))) = {1}; __thread long t; void f(void) {}' >l.c
$CC -shared -fPIC l.c -o l.so
shows ' 77 OBJECT +GLOBAL .* v$' readelf -W --dyn-syms l.so
shows " $((BITS / 8)) TLS +GLOBAL .* t\$" readelf -W --dyn-syms l.so
shows ' FUNC +GLOBAL .* f$' readelf -W --dyn-syms l.so
[ $((0x$(address l.so v) % 32)) = 0 ]
