#!/bin/bash
# Strings in a writable section are not merged with equal constants.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
#include <string.h>
static char own[] = "same text";
const char *constant = "same text";
int main(void) { own[0] = 'S'; return strcmp(constant, "same text") || strcmp(own, "Same text"); }
END
$CC -O0 m.c -o m
./m
