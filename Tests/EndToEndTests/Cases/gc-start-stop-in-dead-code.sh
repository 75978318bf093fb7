#!/bin/bash
# A reference from dead code keeps nothing with -z start-stop-gc.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
__attribute__((section("foo"))) int x[3];
extern int __start_foo[];
int *dead(void) { return __start_foo; }
int main(void) { return 0; }
END
# gcc marks the section neither used nor retained.
$CC -ffunction-sections -Wl,--gc-sections -Wl,-z,start-stop-gc m.c -o m
has_no_section m foo
./m
