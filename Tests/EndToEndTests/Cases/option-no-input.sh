#!/bin/bash
# Without input files there is an error that says so.
. "$(dirname "$0")/../prelude.sh"

expect_fail $SWOLD
says 'no input files'
expect_fail $SWOLD -o m
says 'no input files'
