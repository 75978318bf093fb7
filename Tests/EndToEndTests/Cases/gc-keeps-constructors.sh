#!/bin/bash
# Constructors, destructors and what they use are roots.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
#include <stdio.h>
static void say(const char *s) { puts(s); fflush(stdout); }
__attribute__((constructor)) static void begin(void) { say("begin"); }
__attribute__((destructor)) static void end(void) { say("end"); }
int main(void) { return 0; }
END
for kind in -pie -static; do
  $CC $kind -ffunction-sections -fdata-sections -Wl,--gc-sections m.c -o m
  [ "$(./m | tr '\n' ' ')" = "begin end " ]
  sane m
done
