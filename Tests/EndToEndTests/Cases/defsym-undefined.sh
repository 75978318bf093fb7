#!/bin/bash
# --defsym of what has no address in this output is an error that names the option, not a silent 0. An
# alias keeps its target under --gc-sections.
. "$(dirname "$0")/../prelude.sh"

echo 'int real(void) { return 6; } int data = 1;' >lib.c
gcc -shared -fPIC lib.c -o lib.so
cat >m.c <<'END'
int alias(void);
extern int absent __attribute__((weak));
int main(void) { return alias() - 6 + (&absent ? absent : 0); }
END
gcc -fPIC -c m.c
for target in real data+4; do
  expect_fail $CC m.o lib.so -Wl,--defsym=alias=$target -o m
  says "--defsym=alias=.*: symbol (real|data) is defined in lib.so only"
done
expect_fail $CC m.o -Wl,--defsym=alias=nowhere -o m
says "--defsym=alias=nowhere: no symbol 'nowhere' is defined"
expect_fail $CC -shared m.o -Wl,--defsym=alias=absent -o m
says "--defsym=alias=absent: no symbol 'absent' is defined"
expect_fail $SWOLD -r m.o --defsym=alias=nowhere -o r.o
says "--defsym=alias=nowhere: no symbol 'nowhere' is defined"

# What the linker itself defines has one, if it is there.
echo '.globl _start; .text; _start: ret; .data; .quad 1' | as -o a.o
$SWOLD a.o --defsym=last=_end --defsym=first=_start -o a
[ "$(address a last)" = "$(address a _end)" ]
expect_fail $SWOLD a.o --defsym=last=_DYNAMIC -o a
says "--defsym=last=_DYNAMIC: no symbol '_DYNAMIC' is defined"

gcc -c -ffunction-sections lib.c
$CC m.o lib.o -Wl,--gc-sections -Wl,--defsym=alias=other -Wl,--defsym=other=real -o m
./m
lacks ' data$' nm m
cat >map.smap <<'END'
smap 1;
extends default;
discard .text.real;
END
expect_fail $CC m.o lib.o -Wl,--section-map,map.smap -Wl,--defsym=alias=real -o m
says 'symbol real is in a section that is not in the output'
