#!/bin/bash
# A section with a C name lives while __start_ or __stop_ of it is used.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
__attribute__((section("foo"), used)) static int x[3];
__attribute__((section("bar"), used)) static int y[3];
extern int __start_foo[], __stop_foo[];
int main(void) { return __stop_foo - __start_foo != 3; }
END
$CC -ffunction-sections -fdata-sections -Wl,--gc-sections m.c -o m
./m
has_section m foo
