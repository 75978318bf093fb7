#!/bin/bash
# A folder is no input.
. "$(dirname "$0")/../prelude.sh"

mkdir folder
expect_fail $SWOLD folder -o m
says 'folder'
