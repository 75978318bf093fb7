#!/bin/bash
# -s leaves no symbol table and no debug sections.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; } int main(void) { return f(); }' >m.c
$CC -g m.c -Wl,-s -o m
./m
for s in .symtab .strtab .debug_info; do has_no_section m $s; done
sane m
$CC -shared -fPIC m.c -Wl,--strip-all -o m.so
shows ' f$' nm -D m.so
sane m.so
