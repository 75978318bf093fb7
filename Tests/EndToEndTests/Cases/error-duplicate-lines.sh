#!/bin/bash
# With debug information a duplicate definition is shown with its lines.
. "$(dirname "$0")/../prelude.sh"

printf '\n\nint twice(void) { return 1; }\nint main(void) { return 0; }\n' >a.c
printf '\n\n\n\nint twice(void) { return 2; }\n' >b.c
gcc -g -c a.c b.c
expect_fail $CC a.o b.o -o m
says 'a\.c:3'
says 'b\.c:5'
