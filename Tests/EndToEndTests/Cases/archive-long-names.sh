#!/bin/bash
# Member names longer than 15 characters, in GNU and in BSD form.
. "$(dirname "$0")/../prelude.sh"

long=a_member_with_a_very_long_file_name_indeed
echo 'int bar(void) { return 3; }' >$long.c
echo 'int bar(void); int main(void) { return bar() - 3; }' >m.c
gcc -c $long.c m.c
ar rcs libgnu.a $long.o
llvm-ar-19 --format=bsd rcs libbsd.a $long.o
grep -aq '#1/' libbsd.a
$CC m.o libgnu.a -o m1
$CC m.o libbsd.a -o m2
./m1
./m2
