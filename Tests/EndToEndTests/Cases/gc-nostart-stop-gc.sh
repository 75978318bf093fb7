#!/bin/bash
# With -z nostart-stop-gc a use of __start_ keeps all sections of the name.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
__attribute__((section("foo"))) int x[3];
extern int __start_foo[], __stop_foo[];
int main(void) { return __stop_foo - __start_foo != 3; }
END
$CC -ffunction-sections -Wl,--gc-sections -Wl,-z,nostart-stop-gc m.c -o m
./m
has_section m foo
