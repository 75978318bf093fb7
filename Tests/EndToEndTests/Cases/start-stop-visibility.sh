#!/bin/bash
# __start_ symbols are not exported unless asked for.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'END'
__attribute__((section("mine"), used)) static int a = 1;
extern int __start_mine[];
int *f(void) { return __start_mine; }
END
$CC -shared -fPIC l.c -Wl,-z,start-stop-visibility=hidden -o l.so
lacks '__start_mine' nm -D l.so
