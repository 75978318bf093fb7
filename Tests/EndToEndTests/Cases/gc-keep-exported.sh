#!/bin/bash
# --gc-keep-exported keeps what is visible in a program, but not what is hidden.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
int visible(void) { return 1; }
__attribute__((visibility("hidden"))) int hidden(void) { return 2; }
int main(void) { return 0; }
END
gcc -ffunction-sections -c m.c
$CC m.o -Wl,--gc-sections -o m1
lacks ' visible$' nm m1
$CC m.o -Wl,--gc-sections,--gc-keep-exported -o m2
shows ' visible$' nm m2
lacks ' hidden$' nm m2
