#!/bin/bash
# --vs-diagnostics: messages begin with FILE(LINE) where a source line is known, as with lld.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

printf 'int missing(void);\nint main(void) {\n  return missing();\n}\n' >m.c
gcc -g -c m.c
expect_fail $CC m.o -Wl,--vs-diagnostics -o no
says '^.*m\.c\(3\): error: undefined symbol: missing$'
says '^>>> referenced by .*m\.c:3 '
gcc -c m.c
expect_fail $CC m.o -Wl,--vs-diagnostics -o no
says '^swold: error: undefined symbol: missing$'
expect_fail $CC m.o -lnowhere -Wl,--vs-diagnostics -o no
says '^swold: error: cannot find -lnowhere'
