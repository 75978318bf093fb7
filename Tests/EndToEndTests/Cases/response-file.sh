#!/bin/bash
# @file holds options with quotes, backslashes and further files.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >'with space.c'
gcc -c 'with space.c'
cat >outer <<'END'
-o 'm out'  # no comment: the next word is a file
END
printf "'with space.o'\n" >inner
printf -- '-o "m out"\n@inner\n-e main\n' >outer
$SWOLD @outer
has_section 'm out' .text
printf -- '-o m2 with\\ space.o -e main' >escaped
$SWOLD @escaped
has_section m2 .text
: >nothing
$SWOLD @nothing @escaped
