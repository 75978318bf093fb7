#!/bin/bash
# A .gnu.warning.SYMBOL section is printed when the symbol is used.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'END'
static const char text[] __attribute__((section(".gnu.warning.risky"), used)) = "think twice about risky";
int risky(void) { return 0; }
END
echo 'int risky(void); int main(void) { return risky(); }' >m.c
gcc -c l.c m.c
$CC m.o l.o -o m 2>err
./m
grep -q 'think twice about risky' err
has_no_section m .gnu.warning.risky
