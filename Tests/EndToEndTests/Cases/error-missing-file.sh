#!/bin/bash
# A missing input is named with the reason.
. "$(dirname "$0")/../prelude.sh"

expect_fail $SWOLD no-such-file.o -o m
says 'no-such-file\.o'
says 'No such file|cannot (open|find)'
[ ! -e m ]
