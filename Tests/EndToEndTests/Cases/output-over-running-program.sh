#!/bin/bash
# A program that runs is replaced and runs on unharmed.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
#include <stdio.h>
#include <unistd.h>
int main(void) { char c; read(0, &c, 1); puts("old"); return 0; }
END
gcc -c m.c
echo 'int main(void) { return 0; }' >new.c
gcc -c new.c
$CC m.o -o m
mkfifo pipe
./m <pipe >said &
exec 9>pipe
$CC new.o -o m
./m </dev/null
echo x >&9
wait
[ "$(cat said)" = old ]
