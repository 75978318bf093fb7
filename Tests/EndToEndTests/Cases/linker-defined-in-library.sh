#!/bin/bash
# A library sees its own bounds, not those of the program.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'END'
extern char __ehdr_start[] __attribute__((visibility("hidden")));
void *mine(void) { return __ehdr_start; }
END
cat >m.c <<'END'
extern char __ehdr_start[] __attribute__((visibility("hidden")));
void *mine(void);
int main(void) { return mine() == (void *)__ehdr_start; }
END
$CC -shared -fPIC l.c -o libl.so
$CC -fPIE m.c ./libl.so -o m
./m
