#!/bin/bash
# A thin archive whose member is gone, no file or no name is named with the member.
. "$(dirname "$0")/../prelude.sh"

mkdir sub
echo 'int f(void) { return 0; }' >f.c
echo 'int main(void) { return 0; }' >m.c
gcc -c f.c -o sub/f.o
gcc -c m.c
ar rcsT libf.a sub/f.o
rm sub/f.o
expect_fail $SWOLD -shared m.o --whole-archive libf.a -o out
says 'sub/f\.o'

mkdir sub/f.o
expect_fail $SWOLD -shared m.o --whole-archive libf.a -o out
says 'libf\.a: member sub/f\.o cannot be opened: is a directory'
sed -i 's,^/0  ,\x00f  ,' libf.a
expect_fail $SWOLD -shared m.o --whole-archive libf.a -o out
says 'libf\.a: the name of a member has a zero byte'
