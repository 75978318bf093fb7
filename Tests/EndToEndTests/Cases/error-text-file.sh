#!/bin/bash
# A text file that is no script is refused by name.
. "$(dirname "$0")/../prelude.sh"

echo 'This is not an object file.' >notes.txt
expect_fail $SWOLD notes.txt -o m
says 'notes\.txt'
[ ! -e m ]
