#!/bin/bash
# -u makes a symbol undefined, so its member is loaded.
. "$(dirname "$0")/../prelude.sh"

echo 'int opt(void) { return 1; }' >opt.c
echo 'int main(void) { return 0; }' >m.c
gcc -c opt.c m.c
ar rcs libopt.a opt.o
$CC m.o libopt.a -o without
$CC m.o -Wl,-u,opt libopt.a -o with
$CC m.o -Wl,--undefined=opt libopt.a -o with2
lacks ' opt$' nm without
shows ' T opt$' nm with
shows ' T opt$' nm with2
