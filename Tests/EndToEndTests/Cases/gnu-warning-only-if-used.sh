#!/bin/bash
# A .gnu.warning section speaks only if a live section refers to the symbol; once for each file.
. "$(dirname "$0")/../prelude.sh"

cat >l.s <<'END'
.globl risky
.text
.type risky, @function
risky: ret
.section .gnu.warning.risky,"",@progbits
.string "think twice about risky"
.section .note.GNU-stack,"",@progbits
END
echo 'void risky(void); void dead(void) { risky(); } int main(void) { return 0; }' >m.c
echo 'void risky(void); int main(void) { risky(); risky(); return 0; }' >n.c
as l.s -o l.o
gcc -ffunction-sections -g -c m.c n.c
ar rcs libl.a l.o
$CC m.o libl.a -Wl,--gc-sections -o m 2>err
[ ! -s err ]
$CC n.o libl.a -Wl,--gc-sections -o n 2>err
./n
[ "$(count 'think twice about risky' cat err)" = 1 ]
grep -q 'n\.c:1.*n\.o' err
expect_fail $CC n.o libl.a -Wl,--fatal-warnings -o f
has_no_section n .gnu.warning.risky
